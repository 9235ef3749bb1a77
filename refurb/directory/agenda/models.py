"""Closures: the days on which a place, or every place, is closed, as somebody entered them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.directory.sites.hours import Span
from refurb.kernel.deeds.database import Base


class ClosedDays(Base):
    """From one day to another, both closed, once or every year; at one place, or everywhere. Withdrawn, it stays on record.

    With hours, only these minutes of each of its days are closed.
    """

    __tablename__ = "closed_days"
    KIND = "closed_days"
    __table_args__ = (
        CheckConstraint("last >= first", name="ends_after_it_begins"),
        CheckConstraint(
            "(from_minute IS NULL AND until_minute IS NULL) OR (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440)",
            name="hours_of_a_day",
        ),
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
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]

    @property
    def hours(self) -> Span | None:
        """The minutes of each of its days that are closed; None: the whole day."""
        return None if self.from_minute is None or self.until_minute is None else (self.from_minute, self.until_minute)
