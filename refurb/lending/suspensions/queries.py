"""Looking up who borrows nothing for now."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.lending.models import Borrower
from refurb.lending.suspensions.models import Suspension

_ROWS: Any = Suspension.__table__
_OPEN = Read(select(_ROWS.c.id).where(_ROWS.c.borrower_id == bindparam("borrower"), _ROWS.c.ended_at.is_(None)))
"""Asked of whoever takes or reserves anything, and mostly none."""


def suspension_of(borrower: Borrower) -> Suspension | None:
    """The suspension that holds of somebody today, if one does."""
    number = _OPEN.scalar(borrower=borrower.id)
    return db.session.get(Suspension, number) if number is not None else None


def suspended_now() -> Select[int]:
    """The numbers of all who borrow nothing for now, to be asked within another question."""
    return select(Suspension.borrower_id).where(Suspension.ended_at.is_(None))
