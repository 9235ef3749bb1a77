"""Looking up borrowers; only who may read them finds any."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import Page, matches, paged
from refurb.lending.models import Borrower, Loan, LoanLine


def borrower_by_code(actor: Actor, code: str) -> Borrower:
    """A borrower by the code on the card; `NotFound` for whoever may not read borrowers."""
    found = find_code(code) if actor.may(Permission.BORROWER_READ) else None
    borrower = (
        db.session.scalar(select(Borrower).where(Borrower.code == found).options(joinedload(Borrower.organisation))) if found else None
    )
    if borrower is None:
        raise NotFound
    return borrower


def borrowers(actor: Actor, typed: str, number: int) -> Page:
    """One page of borrowers as rows: code, name, organisation, how many things are out, how many of these are late."""
    if not actor.may(Permission.BORROWER_READ):
        raise NotFound
    out = (
        select(
            Loan.borrower_id,
            func.count().label("out"),
            func.count().filter(LoanLine.due_on < today()).label("late"),
        )
        .join(LoanLine, LoanLine.loan_id == Loan.id)
        .where(LoanLine.back_at.is_(None))
        .group_by(Loan.borrower_id)
        .subquery()
    )
    query = (
        select(
            Borrower.code,
            Borrower.name,
            Organisation.name.label("organisation"),
            func.coalesce(out.c.out, 0).label("out"),
            func.coalesce(out.c.late, 0).label("late"),
        )
        .outerjoin(Organisation, Organisation.id == Borrower.organisation_id)
        .outerjoin(out, out.c.borrower_id == Borrower.id)
        .order_by(Borrower.search, Borrower.id)
    )
    if typed:
        query = query.where(matches(Borrower.search, typed))
    return paged(query, number, scalars=False)
