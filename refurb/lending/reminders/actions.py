"""Tell borrowers what is due, once a day at most; take down that one says a thing is back, and whether it was found."""

from datetime import date, timedelta

from sqlalchemy import select

from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import plan_text
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import midnight, now, today
from refurb.lending.items.rules import NotOut
from refurb.lending.models import Borrower, LoanLine
from refurb.lending.reminders.models import REMIND, Reminder, ReminderLine
from refurb.lending.reminders.queries import reminder_on, steps_due
from refurb.lending.reminders.rules import NotSaidBack
from refurb.lending.reminders.suspending import suspend_all_in_vain
from refurb.lending.suspensions.actions import hold_beside_loans
from refurb.lending.terms import loan_policy

LEAVES_AT = timedelta(hours=8)
"""When the letters of a day leave, on the wall clock: nobody is written to at night."""


def plan_loan_reminders() -> int:
    """Promise today's letters to those whose things have come to a step: how many; suspend whom enough of them have reached in vain.

    Runs within a unit of work, every hour. It waits for no counter: whose things are in a deed just now is told an hour later.
    """
    day, planned = today(), 0
    for borrower_id, due in steps_due(day, loan_policy().reminders).items():
        borrower = db.session.get_one(Borrower, borrower_id)
        if not _hold_lines(due):
            continue
        hold_beside_loans(borrower)
        if reminder_on(borrower_id, day) is None:
            _plan(borrower, day, due)
            planned += 1
    suspend_all_in_vain()
    return planned


def _hold_lines(due: list[tuple[LoanLine, int]]) -> bool:
    """Keep lines as they are, as what points to them does; False where somebody holds one, or it came back."""
    lines = select(LoanLine.id).where(LoanLine.id.in_([line.id for line, _step in due]), LoanLine.back_at.is_(None))
    held = db.session.scalars(lines.with_for_update(read=True, key_share=True, skip_locked=True)).all()
    return len(held) == len(due)


def _plan(borrower: Borrower, day: date, due: list[tuple[LoanLine, int]]) -> None:
    made = Reminder(borrower_id=borrower.id, on_day=day, reached=bool(borrower.email), planned_at=now())
    made.lines = [ReminderLine(line_id=line.id, due_on=line.due_on, step=step) for line, step in due]
    db.session.add(made)
    db.session.flush()
    leaves = max(now(), midnight(day) + LEAVES_AT)
    plan(REMIND, due_at=leaves, reminder_id=made.id)
    plan_text(REMIND, SmsKind.LOANS, due_at=leaves, reminder_id=made.id)


def say_back(actor: Actor, line: LoanLine, *, by_borrower: bool = False) -> LoanLine:
    """Whoever has a thing says that it was brought back: it is looked for, without reminders meanwhile. A second time changes nothing."""
    check(actor, Permission.LOAN_WRITE)
    lock(line.loan)
    lock(line)
    if line.back_at is not None:
        raise NotOut(name=line.item.name)
    if line.said_back_at is None:
        line.said_back_at = now()
        record(line.loan, "said_back", actor, line=line.id, **({"by_borrower": True} if by_borrower else {}))
    return line


def note_not_found(actor: Actor, line: LoanLine) -> LoanLine:
    """What somebody says is back was looked for, and is not here: its reminders go on."""
    check(actor, Permission.LOAN_WRITE)
    lock(line.loan)
    lock(line)
    if line.back_at is not None or line.said_back_at is None:
        raise NotSaidBack(name=line.item.name)
    line.said_back_at = None
    record(line.loan, "not_found", actor, line=line.id)
    return line
