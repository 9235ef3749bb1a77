"""The tables that were sent, and how their columns were understood."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.exchange.words import ExchangeKind
from refurb.kernel.deeds.database import Base, word_column


class ExchangeFile(Base):
    """One table that waits to be brought in, or was. Its rows are kept until then: they may name people.

    `left` keeps why rows were left out (number, column, code and facts of each fault), until the table's term (`actions.KEPT_FOR`).
    """

    __tablename__ = "exchange_files"
    KIND = "exchange_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ExchangeKind] = word_column(ExchangeKind)
    filename: Mapped[str] = mapped_column(String(200))
    signature: Mapped[str] = mapped_column(String(64))
    table: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    columns: Mapped[dict[str, Any]]
    rows: Mapped[int]
    received_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id"))
    confirmed_at: Mapped[datetime | None]
    left: Mapped[list[Any]] = mapped_column(default=list)


class ExchangeMapping(Base):
    """How a table with these headings was understood: the next one needs no mapping."""

    __tablename__ = "exchange_mappings"
    __table_args__ = (UniqueConstraint("kind", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ExchangeKind] = word_column(ExchangeKind)
    signature: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, Any]]


class ExchangeMark(Base):
    """By what a thing that was brought in is known again: the number on its former label, its serial, in their normal forms."""

    __tablename__ = "exchange_marks"
    __table_args__ = (UniqueConstraint("subject_kind", "mark"), Index("ix_exchange_marks_subject", "subject_kind", "subject_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    mark: Mapped[str] = mapped_column(String(140))
