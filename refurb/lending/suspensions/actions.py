"""Suspend somebody's loans, after reminders without an answer or by the desk, and lift that; each with its name and its reason."""

from sqlalchemy import update

from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.lending.models import Borrower
from refurb.lending.suspensions.models import Suspension
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.rules import AlreadySuspended, NotSuspended
from refurb.lending.suspensions.words import SuspendedWhy, SuspensionEnd


def suspend(actor: Actor, borrower: Borrower, *, reason: str) -> Suspension:
    """The desk lends somebody nothing for now; why is written beside the history."""
    check(actor, Permission.LOAN_WRITE)
    lock(borrower)
    if suspension_of(borrower) is not None:
        raise AlreadySuspended
    made = _suspend(borrower, SuspendedWhy.DESK, actor)
    write_beside(record(borrower, "suspended", actor, why=made.why), {"reason": reason})
    return made


def suspend_for_reminders(borrower: Borrower, reminders: int) -> bool:
    """So many reminders came to nothing: nothing is lent until what they are about is back. Whether it was not so already."""
    hold_beside_loans(borrower)
    if suspension_of(borrower) is not None:
        return False
    made = _suspend(borrower, SuspendedWhy.REMINDERS, SERVICE)
    record(borrower, "suspended", SERVICE, why=made.why, reminders=reminders)
    return True


def hold_beside_loans(borrower: Borrower) -> None:
    """Hold somebody's row against other deeds about them, not against a loan to them that begins: no counter waits for letters."""
    db.session.flush()
    db.session.refresh(borrower, with_for_update={"of": Borrower, "key_share": True})


def _suspend(borrower: Borrower, why: SuspendedWhy, actor: Actor) -> Suspension:
    made = Suspension(borrower_id=borrower.id, why=why, since=now(), suspended_by=actor.id)
    db.session.add(made)
    db.session.flush()
    return made


def lift_suspension(actor: Actor, borrower: Borrower, *, reason: str) -> None:
    """Somebody decides that it is over, and says why."""
    check(actor, Permission.LOAN_WRITE)
    lock(borrower)
    found = suspension_of(borrower)
    if found is None:
        raise NotSuspended
    _end(found, actor, SuspensionEnd.LIFTED)
    write_beside(record(borrower, "suspension_lifted", actor, how=SuspensionEnd.LIFTED), {"reason": reason})


def end_on_return(actor: Actor, borrower: Borrower) -> None:
    """What the reminders were about is back: the suspension that they caused is over.

    Every return asks, within a pile that holds things: nobody's own row is held for it, and of two that end it at once one does.
    """
    found = suspension_of(borrower)
    if found is None or found.why is not SuspendedWhy.REMINDERS:
        return
    ended = update(Suspension).where(Suspension.id == found.id, Suspension.ended_at.is_(None))
    ended = ended.values(ended_at=now(), ended_by=actor.id, ended_how=SuspensionEnd.RETURNED)
    if db.session.scalar(ended.returning(Suspension.id)) is not None:
        record(borrower, "suspension_lifted", actor, how=SuspensionEnd.RETURNED)


def _end(found: Suspension, actor: Actor, how: SuspensionEnd) -> None:
    found.ended_at, found.ended_by, found.ended_how = now(), actor.id, how
    db.session.flush()
