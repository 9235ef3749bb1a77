"""The page where a mail server is tried, and saved when the letter left."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from refurb.directory.mailing.actions import save_mail_server
from refurb.directory.mailing.models import MailSetting
from refurb.directory.mailing.queries import kept_password, mail_settings, waiting_letters
from refurb.directory.mailing.schemas import SECURITIES, MailServerFacts
from refurb.directory.mailing.texts import trial_letter
from refurb.directory.mailing.trial import Trial, try_server
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.mail import PORTS, MailSecurity, MailServer, mail_server
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("mailing", __name__)
P = Permission
_NEAR = frozenset({"localhost", "127.0.0.1"})
_TYPED = ("host", "port", "security", "username", "sender", "sender_name")


class SetElsewhere(Refusal):
    """The mail server of the installation's settings wins: none is entered on screen."""

    code = "mail.set_elsewhere"


class DemonstrationSendsNothing(Refusal):
    """A demonstration writes to invented people, and sends nothing."""

    code = "mail.demonstration_sends_nothing"


@blueprint.route("/courriel", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def server(actor: Actor) -> Response:
    """Try a mail server with a real letter; what worked is saved."""
    versions = mail_settings()
    form = Form(MailServerFacts, start=_start(actor, versions))
    if request.method == "POST":
        trial: list[Trial] = []
        with form.catching():
            return _tried(actor, form, versions, trial)
        return _page_of(form, versions, trial[0] if trial else None)
    return _page_of(form, versions, None)


def _tried(actor: Actor, form: Form, versions: list[MailSetting], trial: list[Trial]) -> Response:
    _may_be_entered()
    facts = form.load()
    to = facts.pop("to")
    entered = MailServer(**facts | {"password": _password(facts, versions[0] if versions else None)})
    trial.append(try_server(entered, trial_letter(f"mail_trial-{uuid4().hex}", to)))
    refusal = trial[0].refusal
    if refusal is not None:
        raise Invalid({refusal.field: [Fault(refusal.code, **refusal.facts)]})
    with unit_of_work():
        save_mail_server(actor, entered, tried_to=to, dialogue=trial[0].dialogue)
        return go("mailing.server", done=_("La lettre est partie vers %(to)s : le réglage est enregistré.", to=to))


def _may_be_entered() -> None:
    if current_app.config["SMTP_URL"]:
        raise SetElsewhere
    if current_app.config["DEMO"]:
        raise DemonstrationSendsNothing


def _password(facts: dict[str, Any], current: MailSetting | None) -> str | None:
    """The password that was typed, or the kept one where it goes to the same server under the same name."""
    if not facts["username"]:
        return None
    typed: str | None = facts["password"]
    if typed is None and current is not None and (current.host, current.username) == (facts["host"], facts["username"]):
        typed = kept_password(current.sealed_password)
    if not typed:
        raise Invalid({"password": [Fault("mail.password_needed")]})
    if facts["security"] is MailSecurity.NONE and facts["host"] not in _NEAR:
        raise Invalid({"security": [Fault("mail.password_in_clear")]})
    return typed


def _start(actor: Actor, versions: list[MailSetting]) -> dict[str, Any]:
    """What the form begins with: the version asked for or in force, else what is usual."""
    asked = number_asked("version")
    known = next((each for each in versions if each.number == asked), versions[0] if versions else None)
    to = wired().address_of(actor.id)
    if known is not None:
        return {name: getattr(known, name) for name in _TYPED} | {"to": to}
    usual = MailSecurity.STARTTLS
    return {"port": PORTS[usual], "security": usual, "sender": home().email, "to": to}


def _page_of(form: Form, versions: list[MailSetting], trial: Trial | None) -> Response:
    count, since = waiting_letters()
    fixed = mail_server() if current_app.config["SMTP_URL"] else None
    return page(
        "directory/mailing/server.html",
        form=form,
        versions=versions,
        name_of=wired().name_of,
        trial=trial,
        fault=trial.refusal if trial else None,
        tried_at=now(),
        tried_to=request.form.get("to", ""),
        waiting=count,
        since=since,
        fixed=asdict(fixed) | {"password": None} if fixed else None,
        securities=SECURITIES,
        is_silent=current_app.config["DEMO"] and not current_app.config["SMTP_URL"],
    )
