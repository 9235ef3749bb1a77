"""Looking up what somebody has of ours, for themselves."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Borrower, Item, Loan, LoanLine


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
