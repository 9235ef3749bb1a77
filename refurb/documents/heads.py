"""The signed heads of the history: where an administrator takes them home, and the mail that brings one a day to who keeps them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, send_file
from flask_babel import force_locale
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from refurb.directory.letters import letter_file, letters_on, write_letter
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.heads import Head, register_of_instance
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, Repeated, letter
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.signed_notes import SignedNote
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page

blueprint = Blueprint("heads", __name__)
HISTORY_HEAD = letter_file(
    "letter_history_head",
    _l("Sceau de l'historique à qui le garde"),
    (TextField("date", "date", _l("le jour du sceau")), TextField("signed_by", "cle", _l("la clé publique"))),
    (TextField("note", "sceau", _l("le sceau signé")),),
)
MAIL_HEAD = "mail_head"


def plan_mails() -> int:
    """Promise today's head to each keeper, once a day: how many. Runs within a unit of work."""
    keepers: tuple[str, ...] = current_app.config["HISTORY_KEEPERS"]
    if not keepers or register_of_instance().last_note() is None:
        return 0
    last = _last_planned()
    if last is not None and local(last).date() >= local(now()).date():
        return 0
    for number in range(len(keepers)):
        plan(MAIL_HEAD, keeper=number, day=local(now()).date().isoformat())
    return len(keepers)


def letter_to_keeper(number: int, note: SignedNote) -> Letter:
    """The newest head to one of the keepers, and what it is good for."""
    address: str = current_app.config["HISTORY_KEEPERS"][number]
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        return _letter(note, address, number)


def _letter(note: SignedNote, to: str, number: int) -> Letter:
    head = Head.read(note)
    if head is None:
        raise NotFound
    key = f"{MAIL_HEAD}-{head.size}-{number}"
    return write_letter(HISTORY_HEAD, key=key, to=to, date=head.at[:10], note=note, signed_by=register_of_instance().key())


def _newest_head() -> list[tuple[int, str]]:
    note = register_of_instance().last_note()
    head = Head.read(note) if note else None
    return [(head.size, _("Sceau du %(day)s", day=head.at[:10]))] if head else []


def _about_newest(_record: int) -> list[Letter]:
    note = register_of_instance().last_note()
    return [_letter(note, sender_address(), 0)] if note else []


HEAD_SAMPLES = {HISTORY_HEAD.name: TextSample(needs=Permission.ACCOUNT_ADMIN, records=_newest_head, shown=letters_on(_about_newest))}


def _about(facts: Mapping[str, Any]) -> About | None:
    keepers: tuple[str, ...] = current_app.config["HISTORY_KEEPERS"]
    number = facts["keeper"]
    return About("", "/historique", keepers[number] if number < len(keepers) else None, Permission.ACCOUNT_ADMIN)


@letter(MAIL_HEAD, _l("Sceau de l'historique à qui le garde"), _about)
def mail_head(*, keeper: int, day: str = "") -> Letter:
    """The newest head to one keeper, once after an outage; nobody is told who is no longer named in the settings."""
    keepers: tuple[str, ...] = current_app.config["HISTORY_KEEPERS"]
    note = register_of_instance().last_note()
    if keeper >= len(keepers) or note is None:
        raise NobodyToWriteTo
    if day and day < local(_last_planned() or now()).date().isoformat():
        raise Repeated
    return letter_to_keeper(keeper, note)


def _last_planned() -> datetime | None:
    return db.session.scalar(select(func.max(Effect.planned_at)).where(Effect.kind == MAIL_HEAD))


@blueprint.get("/historique")
@requires(Permission.ACCOUNT_ADMIN)
def history(actor: Actor) -> Response:
    """The newest head, the key that signed it, and what to do with them."""
    del actor
    register = register_of_instance()
    note = register.last_note()
    head = Head.read(note) if note else None
    at = datetime.fromisoformat(head.at) if head else None
    return page("documents/heads.html", head=head, note=note, at=at, key=register.key(), keepers=current_app.config["HISTORY_KEEPERS"])


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
