"""On which loans the agreement is looked at before its text is adopted."""

from sqlalchemy import select

from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import TextSample
from refurb.lending.loans.pdf import agreement
from refurb.lending.loans.texts import LOAN_TEXT
from refurb.lending.models import Loan


def _loans() -> list[tuple[int, str]]:
    found = db.session.execute(select(Loan.id, Loan.reference).order_by(Loan.id.desc()).limit(20))
    return [(number, reference) for number, reference in found]


def _agreement(record: int) -> Draft:
    return agreement(db.session.get_one(Loan, record))


def _borrows(record: int) -> list[str]:
    return [db.session.get_one(Loan, record).borrower.name]


LOAN_SAMPLES = {
    LOAN_TEXT.name: TextSample(needs=Permission.LOAN_READ, records=_loans, shown=papers_on(PaperKind.LOAN, _agreement, _borrows)),
}
