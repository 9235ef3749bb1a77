"""The runs: each backup and each rehearsal, asked for by whom, begun, ended, and how."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.keeping.words import KeepingKind, KeepingOutcome
from refurb.kernel.deeds.database import Base, String, size_column, word_column

_OPEN = text("ended_at IS NULL")


class KeepingRun(Base):
    """One backup or rehearsal. Of each kind one is open at a time; what stands in it of an archive is its name, never its folder."""

    __tablename__ = "keeping_runs"
    KIND = "keeping_run"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_has_its_outcome"),
        CheckConstraint("outcome <> 'done' OR archive IS NOT NULL", name="done_names_its_archive"),
        Index("uq_keeping_runs_open", "kind", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_keeping_runs_kind_ended_at", "kind", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[KeepingKind] = word_column(KeepingKind)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None]
    """An account; None when the worker asked."""
    begun_at: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[KeepingOutcome | None] = word_column(KeepingOutcome)
    archive: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int | None] = size_column()
    fault: Mapped[str | None] = mapped_column(String(80))
    """A refusal's code, or an error's class."""
    facts: Mapped[dict[str, Any]]
    """What the fault's sentence needs, and what verification found: `findings`, lines that name references, no person."""
