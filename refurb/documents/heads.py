"""The signed heads of the history: where an administrator takes them home, and the mail that brings one a day to who keeps them."""

from datetime import datetime
from pathlib import Path

from flask import Blueprint, current_app, send_file
from flask_babel import force_locale
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, effect, plan
from refurb.kernel.deeds.heads import Head, register_of_instance
from refurb.kernel.deeds.mail import Letter, send
from refurb.kernel.deeds.signed_notes import SignedNote
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page

blueprint = Blueprint("heads", __name__)
MAIL_HEAD = "mail_head"


def plan_mails() -> int:
    """Promise today's head to each keeper, once a day: how many. Runs within a unit of work."""
    keepers: tuple[str, ...] = current_app.config["HISTORY_KEEPERS"]
    if not keepers or register_of_instance().last_note() is None:
        return 0
    last = db.session.scalar(select(func.max(Effect.planned_at)).where(Effect.kind == MAIL_HEAD))
    if last is not None and local(last).date() >= local(now()).date():
        return 0
    for number in range(len(keepers)):
        plan(MAIL_HEAD, keeper=number)
    return len(keepers)


def letter_to_keeper(address: str, note: SignedNote) -> Letter:
    """The newest head, and what it is good for."""
    card, language = home(), current_app.config["BABEL_DEFAULT_LOCALE"]
    head = Head.read(note)
    if head is None:
        raise NotFound
    key = str(register_of_instance().signer().key)
    with force_locale(language):
        text = current_app.jinja_env.get_template("documents/head_mail.txt").render(head=head, note=note, key=key, home=card)
        subject = _("Sceau de l'historique au %(day)s", day=head.at[:10])
    return Letter(
        key=f"{MAIL_HEAD}-{head.size}-{address.partition('@')[2]}", to=address, subject=subject, text=text, sender_name=card.name,
        reply_to=card.email, language=language,
    )  # fmt: skip


@effect(MAIL_HEAD, _l("Sceau de l'historique à qui le garde"))
def mail_head(*, keeper: int) -> None:
    """Send the newest head to one keeper; nobody is told who is no longer named in the settings."""
    keepers: tuple[str, ...] = current_app.config["HISTORY_KEEPERS"]
    note = register_of_instance().last_note()
    if keeper >= len(keepers) or note is None:
        return
    letter = letter_to_keeper(keepers[keeper], note)
    db.session.rollback()  # A slow mail server holds no transaction open.
    send(letter)


@blueprint.get("/historique")
@requires(Permission.ACCOUNT_ADMIN)
def history(actor: Actor) -> Response:
    """The newest head, the key that signed it, and what to do with them."""
    del actor
    register = register_of_instance()
    note = register.last_note()
    head = Head.read(note) if note else None
    at = datetime.fromisoformat(head.at) if head else None
    key = str(register.signer().key)
    return page("documents/heads.html", head=head, note=note, at=at, key=key, keepers=current_app.config["HISTORY_KEEPERS"])


def _taken(place: Path, name: str) -> Response:
    if not place.exists():
        raise NotFound
    return send_file(place.resolve(), mimetype="text/plain", as_attachment=True, download_name=name, max_age=0)


@blueprint.get("/historique/sceaux")
@requires(Permission.ACCOUNT_ADMIN)
def history_heads(actor: Actor) -> Response:
    """Every head that was signed, as a text file."""
    del actor
    return _taken(register_of_instance().heads, "sceaux.txt")


@blueprint.get("/historique/registre")
@requires(Permission.ACCOUNT_ADMIN)
def history_register(actor: Actor) -> Response:
    """The register: one line for each event, sums and numbers, no names."""
    del actor
    return _taken(register_of_instance().lines, "registre.txt")
