"""What reminders that came to nothing lead to: a suspension, which ends by itself once what they were about is back."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import letters_left
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.reads import Read
from refurb.lending.items.states import item_machine
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.reminders.models import REMIND, Reminder, ReminderLine
from refurb.lending.suspensions.actions import end_on_return, suspend_for_reminders
from refurb.lending.suspensions.models import Suspension
from refurb.lending.suspensions.queries import suspended_now, suspension_of
from refurb.lending.suspensions.words import SuspensionEnd
from refurb.lending.terms import loan_policy
from refurb.lending.words import ItemState

_BACK = frozenset({"take_back", "take_back_incomplete", "take_back_damaged", "find"})

# What suspends is out, and nobody says that it is back; what ends it is neither out nor lost.
_ASKED_FOR = and_(LoanLine.back_at.is_(None), LoanLine.said_back_at.is_(None))
_NOT_BACK = or_(LoanLine.back_at.is_(None), and_(LoanLine.lost, Item.state == ItemState.LOST))


def _told(*which: ColumnElement[bool]) -> Any:
    """Borrower, line and reminder of each time that something late was asked for, since the desk last lifted a suspension."""
    lifted = exists().where(
        Suspension.borrower_id == Loan.borrower_id,
        Suspension.ended_how == SuspensionEnd.LIFTED,
        Suspension.ended_at >= Reminder.planned_at,
    )
    return (
        select(Loan.borrower_id, ReminderLine.line_id, Reminder.id)
        .select_from(ReminderLine)
        .join(Reminder, Reminder.id == ReminderLine.reminder_id)
        .join(LoanLine, LoanLine.id == ReminderLine.line_id)
        .join(Item, Item.id == LoanLine.item_id)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .where(LoanLine.due_on == ReminderLine.due_on, ReminderLine.step > 0, Reminder.reached, ~lifted, *which)
    )


def _highest(told: Iterable[Any], leaving: int | None = None) -> dict[int, int]:
    """By borrower, how many reminders left about the thing that was asked for most often; the one that is leaving counts."""
    rows = list(told)
    left = letters_left(REMIND, "reminder_id", {reminder for _borrower, _line, reminder in rows}) | {leaving}
    counted = Counter((borrower, line) for borrower, line, reminder in rows if reminder in left)
    found: dict[int, int] = {}
    for (borrower, _line), count in counted.items():
        found[borrower] = max(count, found.get(borrower, 0))
    return found


def reminders_in_vain(borrower: Borrower, *, leaving: int | None = None) -> int:
    """How many reminders reached somebody about the thing that was asked for most often, once late, and is out still.

    Counted is what left: not what waits for a mail server, was carried by a later one, or was refused where it was sent.
    """
    told = db.session.execute(_told(Loan.borrower_id == borrower.id, _ASKED_FOR))
    return _highest(told, leaving).get(borrower.id, 0)


def is_in_vain(count: int) -> bool:
    """Whether so many reminders suspend."""
    return 0 < loan_policy().suspend_after <= count


def suspend_when_in_vain(borrower: Borrower) -> bool:
    """Suspend somebody whom as many reminders reached as the policy says; whether that was done now."""
    count = reminders_in_vain(borrower)
    return is_in_vain(count) and suspend_for_reminders(borrower, count)


def suspend_all_in_vain() -> int:
    """The same for everybody who is not suspended; how many. The last letter may have left since the hour before."""
    most = loan_policy().suspend_after
    if not most:
        return 0
    often = select(ReminderLine.line_id).where(ReminderLine.step > 0).group_by(ReminderLine.line_id).having(func.count() >= most)
    told = db.session.execute(_told(_ASKED_FOR, ReminderLine.line_id.in_(often), Loan.borrower_id.not_in(suspended_now())))
    counts = sorted((number, count) for number, count in _highest(told).items() if count >= most)
    return sum(suspend_for_reminders(db.session.get_one(Borrower, number), count) for number, count in counts)


def _end_when_back(actor: Actor, borrower: Borrower) -> None:
    """What is lost is not back: the desk lifts, once it is settled, or it is found."""
    if suspension_of(borrower) is None:
        return
    told = db.session.execute(_told(Loan.borrower_id == borrower.id, _NOT_BACK))
    if not is_in_vain(_highest(told).get(borrower.id, 0)):
        end_on_return(actor, borrower)


_OF_LOANS, _LOANS, _SUSPENSIONS = cast("tuple[Any, ...]", (LoanLine.__table__, Loan.__table__, Suspension.__table__))
_SUSPENDED = Read(
    select(_SUSPENSIONS.c.id)
    .join(_LOANS, _LOANS.c.borrower_id == _SUSPENSIONS.c.borrower_id)
    .join(_OF_LOANS, _OF_LOANS.c.loan_id == _LOANS.c.id)
    .where(_OF_LOANS.c.id == select(func.max(_OF_LOANS.c.id)).where(_OF_LOANS.c.item_id == bindparam("item")).scalar_subquery())
    .where(_SUSPENSIONS.c.ended_at.is_(None))
)
"""The suspension that holds of whoever had a thing last; asked at every return, and mostly none."""


def _whose(item: Item) -> Borrower | None:
    """Who had a thing last; nobody where it never left."""
    last = select(LoanLine).where(LoanLine.item_id == item.id).order_by(LoanLine.id.desc()).limit(1)
    line = db.session.scalar(last.options(joinedload(LoanLine.loan).joinedload(Loan.borrower)))
    return line.loan.borrower if line else None


def _follow(item: Item, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """A return, or a find, ends what late things led to; a return that never was begins it anew."""
    if row.name not in _BACK and row.name != "undo_return":
        return
    if row.name in _BACK and _SUSPENDED.scalar(item=item.id) is None:
        return
    db.session.flush()
    borrower = _whose(item)
    if borrower is None:
        return
    if row.name in _BACK:
        _end_when_back(actor, borrower)
    else:
        suspend_when_in_vain(borrower)


item_machine.followers.append(_follow)
