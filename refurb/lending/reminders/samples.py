"""On whose loans the letters to borrowers are looked at before their text is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.lending.models import Loan, LoanLine
from refurb.lending.queries import is_late
from refurb.lending.recalls.models import Recall
from refurb.lending.reminders.effects import agreement_letter, recall_letter, reminder_letter, to_sign_letter
from refurb.lending.reminders.texts import LOAN_RECALLED, LOAN_SIGNED, LOAN_TO_SIGN, LOANS_DUE

MOST = 20


def _late() -> list[tuple[int, str]]:
    query = select(Loan.id, Loan.reference).join(LoanLine, LoanLine.loan_id == Loan.id)
    query = query.where(is_late(), LoanLine.said_back_at.is_(None)).distinct().order_by(Loan.id.desc())
    return [(number, reference) for number, reference in db.session.execute(query.limit(MOST))]


def _out() -> list[tuple[int, str]]:
    query = select(Loan.id, Loan.reference).join(LoanLine, LoanLine.loan_id == Loan.id).where(LoanLine.back_at.is_(None))
    return [(number, reference) for number, reference in db.session.execute(query.distinct().order_by(Loan.id.desc()).limit(MOST))]


def _reminder(record: int) -> list[Letter]:
    return [reminder_letter(db.session.get_one(Loan, record).borrower, "sample", sender_address(), sample_link())]


def _agreement(record: int) -> list[Letter]:
    return [agreement_letter(db.session.get_one(Loan, record), "sample", sender_address(), sample_link())]


def _recalled() -> list[tuple[int, str]]:
    query = select(Recall.id, Loan.reference).join(LoanLine, LoanLine.id == Recall.line_id).join(Loan, Loan.id == LoanLine.loan_id)
    query = query.where(LoanLine.back_at.is_(None), LoanLine.said_back_at.is_(None)).order_by(Recall.id.desc())
    return [(number, reference) for number, reference in db.session.execute(query.limit(MOST))]


def _recall(record: int) -> list[Letter]:
    return [recall_letter(db.session.get_one(Recall, record), "sample", sender_address(), sample_link())]


def _to_sign(record: int) -> list[Letter]:
    return [to_sign_letter(db.session.get_one(Loan, record), "sample", sender_address(), sample_link())]


REMINDER_SAMPLES = {
    LOANS_DUE.name: TextSample(needs=Permission.LOAN_READ, records=_late, shown=letters_on(_reminder)),
    LOAN_RECALLED.name: TextSample(needs=Permission.LOAN_READ, records=_recalled, shown=letters_on(_recall)),
    LOAN_TO_SIGN.name: TextSample(needs=Permission.LOAN_READ, records=_out, shown=letters_on(_to_sign)),
    LOAN_SIGNED.name: TextSample(needs=Permission.LOAN_READ, records=_out, shown=letters_on(_agreement)),
}
