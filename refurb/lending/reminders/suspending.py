"""What reminders that came to nothing lead to: a suspension, which ends by itself once what they were about is back."""

from typing import Any

from sqlalchemy import func, select

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.machine import Move
from refurb.lending.items.states import item_machine
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.queries import last_line
from refurb.lending.reminders.models import Reminder, ReminderLine
from refurb.lending.suspensions.actions import end_on_return, suspend_for_reminders
from refurb.lending.terms import loan_policy

_BACK = frozenset({"take_back", "take_back_incomplete", "take_back_damaged"})


def reminders_in_vain(borrower: Borrower) -> int:
    """How many reminders somebody got about the thing that was asked for most often, once late, and is out still."""
    counted = (
        select(func.count().label("count"))
        .select_from(ReminderLine)
        .join(Reminder, Reminder.id == ReminderLine.reminder_id)
        .join(LoanLine, LoanLine.id == ReminderLine.line_id)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .where(Loan.borrower_id == borrower.id, LoanLine.back_at.is_(None), LoanLine.due_on == ReminderLine.due_on)
        .where(ReminderLine.step > 0, Reminder.reached)
        .group_by(ReminderLine.line_id)
        .subquery()
    )
    return db.session.scalar(select(func.max(counted.c.count))) or 0


def suspend_when_in_vain(borrower: Borrower) -> bool:
    """Suspend somebody who got as many reminders as the policy says; whether that was done now."""
    most, count = loan_policy().suspend_after, reminders_in_vain(borrower)
    return bool(most) and count >= most and suspend_for_reminders(borrower, count)


def _follow(item: Item, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """A return ends what late things led to; a return that never was begins it anew."""
    if row.name in _BACK:
        borrower = last_line(item).loan.borrower
        db.session.flush()
        if not 0 < loan_policy().suspend_after <= reminders_in_vain(borrower):
            end_on_return(actor, borrower)
    elif row.name == "undo_return":
        db.session.flush()
        suspend_when_in_vain(last_line(item).loan.borrower)


item_machine.followers.append(_follow)
