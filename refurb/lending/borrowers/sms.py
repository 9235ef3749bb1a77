"""Whether somebody who borrows wants short messages."""

from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.lending.models import Borrower


def choose_sms(actor: Actor, borrower: Borrower, *, wanted: bool) -> None:
    """Note that somebody wants no short messages, or some again. A second time changes nothing."""
    check(actor, Permission.BORROWER_WRITE)
    lock(borrower)
    if wanted is (borrower.sms_refused_at is None):
        return
    borrower.sms_refused_at = None if wanted else now()
    record(borrower, "sms_wanted" if wanted else "sms_refused", actor)


def refuse_sms(number: int) -> None:
    """The same by the link in a message, for whoever holds it."""
    choose_sms(SERVICE, db.session.get_one(Borrower, number), wanted=False)
