"""Take the name and the addresses off a card, at its term; the card stays, and its loans."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import erase_notes
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.speech.clock import now
from refurb.lending.models import Borrower


def erase_borrowers(numbers: Sequence[int]) -> None:
    """Erase who some borrowers are, and what was written beside the history of their cards."""
    for each in db.session.scalars(select(Borrower).where(Borrower.id.in_(numbers))):
        each.name, each.phone, each.email, each.search, each.forgotten_at = ERASED, None, None, each.code, now()
        each.sms_refused_at = None
    erase_notes(Borrower.KIND, numbers)
