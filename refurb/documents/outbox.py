"""What was promised and is on its way: the list of effects for whoever administers, and another try for one that failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import BACK_OFF, Effect, label_of, try_again
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.unit_of_work import unit_of_work
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
GIVEN_UP = Look(_l("Abandonné"), "octagon-x", "stop")
RETRIED = Look(_l("Nouvel essai prévu"), "clock", "wait")
WAITING = Look(_l("À envoyer"), "hourglass", "todo")
RUNNING = Look(_l("Envoi en cours"), "loader", "work")


@dataclass(frozen=True)
class Promise:
    """An effect as the page shows it: what, about which reference, where it stands, and why it has not left."""

    id: int
    label: Any
    reference: str
    look: Look
    planned_at: datetime
    done_at: datetime | None
    due_at: datetime | None
    attempts: int
    fault: str
    can_retry: bool


def look_of(planned: Effect) -> Look:
    """Where an effect stands."""
    if planned.done_at:
        return DONE
    if planned.given_up_at:
        return GIVEN_UP
    if planned.claimed_until and planned.claimed_until > now():
        return RUNNING
    return RETRIED if planned.fault else WAITING


def fault_of(planned: Effect) -> str:
    """Why it has not left, in words; an error that has none is named by its class."""
    if not planned.fault or planned.done_at:
        return ""
    return sentence(Fault(planned.fault if "." in planned.fault else "effect.fault", kind=planned.fault))


def promise(planned: Effect) -> Promise:
    """The effect as the page shows it."""
    look = look_of(planned)
    waits = look in (RETRIED, WAITING)
    return Promise(
        planned.id, label_of(planned.kind), str(planned.facts.get("reference", "")), look, planned.planned_at, planned.done_at,
        planned.due_at if waits else None, planned.attempts, fault_of(planned), look in (GIVEN_UP, RETRIED),
    )  # fmt: skip


def _urgency() -> Any:
    return case((Effect.given_up_at.is_not(None), 0), (Effect.done_at.is_(None), 1), else_=2)


def promises(number: int) -> Page:
    """One page of effects: what was given up first, then what waits, then what is done, newest first in each."""
    found = paged(select(Effect).order_by(_urgency(), Effect.id.desc()), number)
    return Page([promise(each) for each in found.rows], found.number, found.total)


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
    return page("documents/outbox.html", found=promises(page_number()), stuck=stuck_count(actor), tries=len(BACK_OFF) + 1)


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
