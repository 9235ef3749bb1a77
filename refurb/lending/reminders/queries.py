"""Looking up what somebody has of ours, for themselves, and of what they are to be told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.reminders.models import Reminder, ReminderLine


def lines_with(borrower: Borrower) -> Sequence[LoanLine]:
    """What somebody has, with loans and things: what is due first comes first."""
    query = (
        select(LoanLine)
        .join(LoanLine.loan)
        .options(contains_eager(LoanLine.loan).joinedload(Loan.borrower), joinedload(LoanLine.item).joinedload(Item.product))
        .where(Loan.borrower_id == borrower.id, LoanLine.back_at.is_(None))
        .order_by(LoanLine.due_on, LoanLine.id)
    )
    return db.session.scalars(query).all()


def line_with(borrower: Borrower, number: int) -> LoanLine:
    """One line of somebody's, out or back. Raises `NotFound` for whoever has nothing to do with it."""
    query = select(LoanLine).join(LoanLine.loan).options(contains_eager(LoanLine.loan), joinedload(LoanLine.item))
    found = db.session.scalar(query.where(Loan.borrower_id == borrower.id, LoanLine.id == number))
    if found is None:
        raise NotFound
    return found


def steps_due(day: date, steps: Sequence[int]) -> dict[int, list[tuple[LoanLine, int]]]:
    """By borrower, the lines that have come to a step of which nobody was told, with that step; the last one where several have passed.

    What left on that day is not spoken of yet; what somebody says is back, not while it is looked for.
    """
    told = func.max(ReminderLine.step)
    query = (
        select(LoanLine, told)
        .join(LoanLine.loan)
        .outerjoin(ReminderLine, (ReminderLine.line_id == LoanLine.id) & (ReminderLine.due_on == LoanLine.due_on))
        .options(contains_eager(LoanLine.loan))
        .where(LoanLine.back_at.is_(None), LoanLine.said_back_at.is_(None), LoanLine.due_on <= day - timedelta(days=min(steps, default=0)))
        .group_by(LoanLine.id, Loan.id)
        .order_by(LoanLine.id)
    )
    found: dict[int, list[tuple[LoanLine, int]]] = {}
    rows: Sequence[Any] = db.session.execute(query).all()
    for line, last in rows:
        step = max((each for each in steps if (day - line.due_on).days >= each), default=None)
        if step is not None and (last is None or step > last) and local(line.out_at).date() < day and step_holds(step, line.due_on, day):
            found.setdefault(line.loan.borrower_id, []).append((line, step))
    return found


def step_holds(step: int, due_on: date, day: date) -> bool:
    """Whether a step still says something: that a thing is due soon, only until it is due."""
    return step >= 0 or day <= due_on


def reminder_on(borrower_id: int, day: date) -> Reminder | None:
    """The letter of a day to somebody, if there is one."""
    return db.session.scalar(select(Reminder).where(Reminder.borrower_id == borrower_id, Reminder.on_day == day))


def is_last_reminder(reminder: Reminder) -> bool:
    """Whether no later letter says the same anew."""
    later = select(Reminder.id).where(Reminder.borrower_id == reminder.borrower_id, Reminder.id > reminder.id)
    return db.session.scalar(later.limit(1)) is None


def reminders_of(line: LoanLine) -> Sequence[Reminder]:
    """The letters that spoke of a line at a step after its day of return, the first first."""
    query = select(Reminder).join(ReminderLine).where(ReminderLine.line_id == line.id, ReminderLine.step >= 0).order_by(Reminder.id)
    return db.session.scalars(query).all()
