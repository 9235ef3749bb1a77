"""What is stored of suspensions: one open at a time for each borrower; its reason stands beside the history, where it can be erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.suspensions.words import SuspendedWhy, SuspensionEnd

OPEN = text("ended_at IS NULL")


class Suspension(Base):
    """That somebody borrows, reserves and renews nothing, from `since` on; whoever has things brings them back all the same."""

    __tablename__ = "suspensions"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        CheckConstraint("why = 'reminders' OR suspended_by IS NOT NULL", name="somebody_decided"),
        CheckConstraint("ended_how <> 'lifted' OR ended_by IS NOT NULL", name="somebody_lifted"),
        Index("uq_suspensions_open", "borrower_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    why: Mapped[SuspendedWhy] = word_column(SuspendedWhy, constraint="suspended_why")
    since: Mapped[datetime]
    suspended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    ended_how: Mapped[SuspensionEnd | None] = word_column(SuspensionEnd, constraint="suspension_end", nullable=True)
