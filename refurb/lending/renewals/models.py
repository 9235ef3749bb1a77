"""What is stored of days of return that change while a thing is out: each time, from when to when, and why."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.renewals.words import DueWhy


class DueChange(Base):
    """That a line is due on another day, from `at` on; `actor_id` is None where its borrower did it by the link. Never rewritten."""

    __tablename__ = "due_changes"
    __table_args__ = (CheckConstraint("why <> 'renewal' OR due_on > before", name="a_renewal_is_later"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"), index=True)
    why: Mapped[DueWhy] = word_column(DueWhy, constraint="due_why")
    before: Mapped[date]
    due_on: Mapped[date]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
