"""Looking up who borrows nothing for now."""

from sqlalchemy import Select, select

from refurb.kernel.deeds.database import db
from refurb.lending.models import Borrower
from refurb.lending.suspensions.models import Suspension


def suspension_of(borrower: Borrower) -> Suspension | None:
    """The suspension that holds of somebody today, if one does."""
    return db.session.scalar(select(Suspension).where(Suspension.borrower_id == borrower.id, Suspension.ended_at.is_(None)))


def suspended_now() -> Select[int]:
    """The numbers of all who borrow nothing for now, to be asked within another question."""
    return select(Suspension.borrower_id).where(Suspension.ended_at.is_(None))
