"""What is stored of reminders: which letter went to whom on which day, and which step of each line it was."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base
from refurb.lending.models import Borrower, LoanLine

REMIND = "remind_borrower"
"""What is planned for each reminder: the letter, with the number of the reminder."""


class Reminder(Base):
    """One letter to one borrower on one day, with all that is late and what is due soon. Not `reached`: there was no address.

    Whether it left stands with what was planned.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("borrower_id", "on_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"))
    on_day: Mapped[date]
    reached: Mapped[bool]
    planned_at: Mapped[datetime]

    borrower: Mapped[Borrower] = relationship()
    lines: Mapped[list["ReminderLine"]] = relationship(back_populates="reminder", order_by="ReminderLine.id")


class ReminderLine(Base):
    """That a line came to a step, so many days after its day of return (before it, where negative): each once for each day of return."""

    __tablename__ = "reminder_lines"
    __table_args__ = (UniqueConstraint("line_id", "due_on", "step"), Index("ix_reminder_lines_reminder_id", "reminder_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminders.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"))
    due_on: Mapped[date]
    step: Mapped[int]

    reminder: Mapped[Reminder] = relationship(back_populates="lines")
    line: Mapped[LoanLine] = relationship()
