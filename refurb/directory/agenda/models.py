"""Closures: the days on which a place, or every place, is closed, as somebody entered them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class ClosedDays(Base):
    """From one day to another, both closed, once or every year; at one place, or everywhere. Withdrawn, it stays on record."""

    __tablename__ = "closed_days"
    KIND = "closed_days"
    __table_args__ = (
        CheckConstraint("last >= first", name="ends_after_it_begins"),
        Index(
            "ix_closed_days_in_force",
            "first",
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    reason: Mapped[str] = mapped_column(String(120))
    first: Mapped[date]
    last: Mapped[date]
    yearly: Mapped[bool] = mapped_column(default=False)
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
