"""What is stored of money: what each funder grants for a year, and what a year costs, in cents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.funding.words import Activity, CostKind
from refurb.kernel.deeds.database import Base, word_column

FIRST_YEAR, LAST_YEAR = 2000, 2100
_STANDS = text("withdrawn_at IS NULL")


class FundingGrant(Base):
    """What a funder pays for a purpose in a year, and which share of it that is, where the funder says so; withdrawn, it counts no more."""

    __tablename__ = "grants"
    KIND = "grant"
    __table_args__ = (
        CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="of_a_year"),
        CheckConstraint("rate BETWEEN 0 AND 100", name="no_more_than_the_whole"),
        CheckConstraint("amount_cents >= 0", name="not_negative"),
        # Not unique: two records of one funder may be joined, and both sums stand until somebody looks.
        Index("ix_grants_year", "year", "funder_id", sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    year: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(80))
    rate: Mapped[int | None]
    amount_cents: Mapped[int]
    withdrawn_at: Mapped[datetime | None]

    funder: Mapped[Organisation] = relationship()


class Cost(Base):
    """What was spent in a year, on what and for which of our jobs; withdrawn, it counts no more."""

    __tablename__ = "costs"
    KIND = "cost"
    __table_args__ = (
        CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="of_a_year"),
        CheckConstraint("amount_cents >= 0", name="not_negative"),
        Index("ix_costs_year", "year", sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    kind: Mapped[CostKind] = word_column(CostKind)
    activity: Mapped[Activity] = word_column(Activity)
    label: Mapped[str] = mapped_column(String(80))
    amount_cents: Mapped[int]
    withdrawn_at: Mapped[datetime | None]
