"""A file that is frozen: what it says of somebody outlives its term, for a reason, until somebody lifts that."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Select, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid

_OPEN = text("lifted_at IS NULL")


class FrozenAlready(Conflict):
    """This file is frozen; `since` says since when."""

    code = "retention.frozen_already"


class NotFrozen(Conflict):
    """This file is frozen no longer."""

    code = "retention.not_frozen"


class Hold(Base):
    """That one file is not forgotten at its term. `reference` is what the file is known by; `review_on` the day to look again."""

    __tablename__ = "holds"
    KIND = "hold"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) OR (lifted_at >= held_at)", name="lifted_after_it_was_held"),
        Index("uq_holds_open", "subject_kind", "subject_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    reference: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(300))
    held_at: Mapped[datetime]
    held_by: Mapped[int | None]
    review_on: Mapped[date]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None]

    @property
    def is_to_review(self) -> bool:
        """Whether the day to look again has come."""
        return self.lifted_at is None and self.review_on <= today()


def frozen(kind: str) -> Select[Any]:
    """The ids of the subjects of a kind that are frozen."""
    return select(Hold.subject_id).where(Hold.subject_kind == kind, Hold.lifted_at.is_(None))


def hold_of(kind: str, subject_id: int) -> Hold | None:
    """The hold that freezes a subject, if one does."""
    return db.session.scalar(select(Hold).where(Hold.subject_kind == kind, Hold.subject_id == subject_id, Hold.lifted_at.is_(None)))


def freeze(actor: Actor, kind: str, subject_id: int, reference: str, *, reason: str, review_on: date) -> Hold:
    """Freeze a file until a day to look again. Raises `FrozenAlready`, and `Invalid` for a day that has passed."""
    check(actor, Permission.PRIVACY_WRITE)
    if review_on <= today():
        raise Invalid({"review_on": [Fault("retention.review_in_the_past")]})
    there = hold_of(kind, subject_id)
    if there is not None:
        raise FrozenAlready(since=there.held_at.date())
    hold = Hold(subject_kind=kind, subject_id=subject_id, reference=reference, reason=reason, held_by=actor.id, review_on=review_on)
    hold.held_at = now()
    db.session.add(hold)
    record(hold, "frozen", actor, subject_kind=kind, subject=subject_id, review_on=review_on)
    return hold


def lift(actor: Actor, hold: Hold) -> None:
    """Have a file forgotten at its term again: tonight, where that has passed. Raises `NotFrozen`."""
    check(actor, Permission.PRIVACY_WRITE)
    lock(hold)
    if hold.lifted_at is not None:
        raise NotFrozen
    hold.lifted_at, hold.lifted_by = now(), actor.id
    record(hold, "lifted", actor)
