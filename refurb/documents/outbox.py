"""What was promised and is on its way: the list of effects for whoever administers, and another try for one that failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import BACK_OFF, Effect, label_of, try_again
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.letters import About, about_letter
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.mail import NoMailServer, OnlyWritten
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.addresses import masked
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, NotFound
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import Page, page_number, paged

blueprint = Blueprint("outbox", __name__)

# i18n: of a message; it has left for its reader
DONE = Look(_l("Parti"), "mail-check", "ok")
NEEDLESS = Look(_l("Rien à envoyer"), "minus", "todo")
NOT_SENT = Look(_l("Non envoyé"), "mail", "wait")
GIVEN_UP = Look(_l("Abandonné"), "octagon-x", "stop")
RETRIED = Look(_l("Nouvel essai prévu"), "clock", "wait")
WAITING = Look(_l("À envoyer"), "hourglass", "todo")
RUNNING = Look(_l("Envoi en cours"), "loader", "work")


@dataclass(frozen=True)
class Promise:
    """An effect as the page shows it: what, about which record and to whom, where it stands, and why it has not left."""

    id: int
    label: Any
    reference: str
    url: str
    recipient: str
    look: Look
    planned_at: datetime
    done_at: datetime | None
    due_at: datetime | None
    attempts: int
    fault: str
    reply: str
    can_retry: bool
    is_readable: bool


def look_of(planned: Effect) -> Look:
    """Where an effect stands."""
    if planned.done_at:
        return DONE if not planned.fault else NOT_SENT if planned.fault == OnlyWritten.code else NEEDLESS
    if planned.given_up_at:
        return GIVEN_UP
    if planned.claimed_until and planned.claimed_until > now():
        return RUNNING
    if planned.fault == NoMailServer.code:
        return NOT_SENT
    return RETRIED if planned.fault else WAITING


def fault_of(planned: Effect) -> tuple[str, str]:
    """Why it has not left, in words, and the number that a mail server answered; an error that has no words is named by its class."""
    code, _, reply = (planned.fault or "").partition(" ")
    if not code:
        return "", ""
    return sentence(Fault(code if "." in code else "effect.fault", kind=code)), reply


def promise(planned: Effect, actor: Actor | None = None) -> Promise:
    """The effect as the page shows it, to whom included as far as the actor may know."""
    look, about = look_of(planned), about_letter(planned.kind, planned.facts)
    fault, reply = fault_of(planned)
    open_still = planned.done_at is None
    return Promise(
        id=planned.id,
        label=label_of(planned.kind),
        reference=about.reference if about else str(planned.facts.get("reference", "")),
        url=about.url if about and actor is not None and actor.may(about.see_whom) else "",
        recipient=_recipient(about, actor),
        look=look,
        planned_at=planned.planned_at,
        done_at=planned.done_at,
        due_at=planned.due_at if open_still and look in (RETRIED, WAITING, NOT_SENT) else None,
        attempts=planned.attempts,
        fault=fault,
        reply=reply,
        can_retry=open_still and look in (GIVEN_UP, RETRIED, NOT_SENT),
        is_readable=planned.written is not None,
    )


def _recipient(about: About | None, actor: Actor | None) -> str:
    if about is None or not about.recipient:
        return ""
    return about.recipient if actor is not None and actor.may(about.see_whom) else masked(about.recipient)


def _urgency() -> Any:
    return case((Effect.given_up_at.is_not(None), 0), (Effect.done_at.is_(None), 1), else_=2)


def promises(actor: Actor, number: int) -> Page:
    """One page of effects: what was given up first, then what waits, then what is done, newest first in each."""
    found = paged(select(Effect).order_by(_urgency(), Effect.id.desc()), number)
    return Page([promise(each, actor) for each in found.rows], found.number, found.total)


def stuck_count(actor: Actor) -> int:
    """How many effects were given up: somebody has to look."""
    del actor
    return db.session.scalar(select(func.count()).select_from(Effect).where(Effect.given_up_at.is_not(None))) or 0


def retry(actor: Actor, planned: Effect) -> None:
    """Try an effect again now; what was given up begins anew, with all its tries."""
    check(actor, Permission.EFFECT_READ)
    try_again(planned)
    record(planned, "retry", actor, kind=planned.kind)


@blueprint.get("/envois")
@requires(Permission.EFFECT_READ)
def outbox(actor: Actor) -> Response:
    """The effects and where they stand."""
    is_silent = current_app.config["DEMO"] and not current_app.config["SMTP_URL"]
    found = promises(actor, page_number())
    return page("documents/outbox.html", found=found, stuck=stuck_count(actor), tries=len(BACK_OFF) + 1, is_silent=is_silent)


@blueprint.get("/envois/<int:effect_id>")
@requires(Permission.EFFECT_READ)
def letter(actor: Actor, effect_id: int) -> Response:
    """A letter of the demonstration, as it would have left."""
    planned = db.session.get(Effect, effect_id)
    if planned is None or planned.written is None:
        raise NotFound
    return page("documents/letter.html", each=promise(planned, actor), letter=planned.written)


@blueprint.post("/envois/<int:effect_id>/reessayer")
@requires(Permission.EFFECT_READ)
def retry_now(actor: Actor, effect_id: int) -> Response:
    """Try one again."""
    with unit_of_work():
        planned = db.session.get(Effect, effect_id)
        if planned is None:
            raise NotFound
        retry(actor, planned)
        return go("outbox.outbox", done=_("L'envoi est remis en route : il part dans un instant."))
