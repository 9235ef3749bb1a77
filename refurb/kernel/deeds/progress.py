"""Long work and how far it is: one row per work, done in short units by the worker."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import Base, String, db
from refurb.kernel.deeds.effects import effect, plan
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _l

# The worker has mails to send too: after so long a work lets others pass, and goes on in its next turn.
TURN_SECONDS = 20.0
# How often a work that met a fault of ours is begun again before it is stopped in the open.
MOST_TRIES = 3


class WorkState(StrEnum):
    """Where a work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"

    @property
    def is_stopped(self) -> bool:
        """Whether it broke off before its end."""
        return self is WorkState.STOPPED


WORK_LOOKS = {
    WorkState.WAITING: Look(_l("En attente"), "hourglass", "todo"),
    WorkState.RUNNING: Look(_l("Travail en cours"), "loader", "work"),
    WorkState.DONE: Look(_l("Terminé"), "circle-check", "ok"),
    WorkState.STOPPED: Look(_l("Arrêté"), "octagon-x", "stop"),
}


class Work(Base):
    """One long work: how much there is, how much is done and will stay done whatever happens, and where its result is seen."""

    __tablename__ = "works"
    KIND = "work"
    __table_args__ = (CheckConstraint("done >= 0 AND done <= total", name="done_within_total"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(48))
    owner_id: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    # What became of it so far, in numbers; how they are said is the affair of the work's kind.
    outcome: Mapped[dict[str, Any]]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(String(80))
    fault_facts: Mapped[dict[str, Any] | None]
    result_url: Mapped[str] = mapped_column(String(300))
    planned_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def state(self) -> WorkState:
        """Where it stands."""
        if self.finished_at is not None:
            return WorkState.STOPPED if self.fault else WorkState.DONE
        return WorkState.RUNNING if self.started_at else WorkState.WAITING


Step = Callable[[Work], int]


@dataclass(frozen=True)
class _Kind:
    label: Any
    step: Step
    outcome: Callable[[Work], str]


_KINDS: dict[str, _Kind] = {}


def long_work(kind: str, label: Any, *, outcome: Callable[[Work], str]) -> Callable[[Step], Step]:
    """Declare how a kind of work is done, step by step, and how its outcome is said.

    A step runs in a unit of work of its own and begins where `work.done` says; it returns how many more are done (nothing more: finished).
    What it writes and that number become true together, so that work that was interrupted goes on without doing anything twice. It may
    put numbers into `work.outcome` (a new dictionary each time). A `Refusal` stops the work for good, with what was done kept.
    """

    def declare(step: Step) -> Step:
        _KINDS[kind] = _Kind(label, step, outcome)
        return step

    return declare


def begin(kind: str, owner: Actor, total: int, result_url: str, **facts: Any) -> Work:
    """Promise a long work within the running unit of work; the worker takes it up after the commit. Facts are ids and plain words."""
    work = Work(kind=kind, owner_id=owner.id, facts=facts, total=total, outcome={}, result_url=result_url, planned_at=now())
    db.session.add(work)
    db.session.flush()
    plan("long_work", work_id=work.id)
    return work


@effect("long_work", _l("Travail long"))
def go_on(*, work_id: int) -> None:
    """Do as many steps as fit in one turn; a work that is not over asks for another turn."""
    until = time.monotonic() + TURN_SECONDS
    try:
        while _step(work_id):
            if time.monotonic() >= until:
                with unit_of_work():
                    plan("long_work", work_id=work_id)
                return
    except Refusal as refusal:
        _stop(work_id, refusal.code, {name: value for name, value in refusal.facts.items() if isinstance(value, str | int | list)})
    except Exception:
        db.session.rollback()
        if not _try_again(work_id):
            return
        raise


def _step(work_id: int) -> bool:
    """One step in its unit of work; whether there is more to do."""
    with unit_of_work() as session:
        work = session.get_one(Work, work_id)
        lock(work)
        return _advance(work)


def _advance(work: Work) -> bool:
    if work.finished_at is not None:
        return False
    work.started_at = work.started_at or now()
    more = _KINDS[work.kind].step(work)
    work.done = min(work.total, work.done + more)
    if not more or work.done >= work.total:
        work.finished_at = now()
    return work.finished_at is None


def finish_within(work: Work) -> None:
    """Do all of a short work within the running unit of work: it becomes true with everything else, or not at all."""
    while _advance(work):
        db.session.flush()


def _stop(work_id: int, code: str, facts: dict[str, Any]) -> None:
    with unit_of_work() as session:
        work = session.get_one(Work, work_id)
        work.finished_at, work.fault, work.fault_facts = now(), code, facts


def _try_again(work_id: int) -> bool:
    """Count a try that failed by a fault of ours; False when it was the last."""
    with unit_of_work() as session:
        work = session.get_one(Work, work_id)
        work.tries += 1
        if work.tries < MOST_TRIES:
            return True
    _stop(work_id, "work.fault", {})
    return False


def work_of(actor: Actor, number: int) -> Work:
    """A work for whoever began it, and for those who watch over the effects; `NotFound` for others."""
    work = db.session.get(Work, number)
    if work is None or not (work.owner_id == actor.id or actor.may(Permission.EFFECT_READ)):
        raise NotFound
    return work


def label_of(work: Work) -> Any:
    """How a kind of work is called on screen."""
    return _KINDS[work.kind].label


def outcome_sentence(work: Work) -> str:
    """What became of it so far, in a sentence."""
    if work.fault:
        return sentence(Fault(work.fault, **(work.fault_facts or {})))
    return _KINDS[work.kind].outcome(work)
