"""Looking up what somebody showed and left."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.guarantees.models import Certificate, Deposit
from refurb.lending.guarantees.words import INSURING, CertificateKind
from refurb.lending.models import Borrower


def _of(borrower: Borrower) -> ColumnElement[bool]:
    """Whether a certificate counts for somebody: her own, or that of the organisation for which she borrows."""
    own = Certificate.borrower_id == borrower.id
    return own if borrower.organisation_id is None else or_(own, Certificate.organisation_id == borrower.organisation_id)


def certificates_of(borrower: Borrower) -> Sequence[Certificate]:
    """All that somebody showed and that was not withdrawn, what lasts longest first."""
    query = select(Certificate).options(joinedload(Certificate.organisation)).where(_of(borrower), Certificate.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(Certificate.until_on.is_(None).desc(), Certificate.until_on.desc(), Certificate.id)).all()


def insurance_of(borrower: Borrower) -> Certificate | None:
    """What says that somebody is insured and lasts longest, if anything does; from when and until when it counts is to be looked at."""
    return next((each for each in certificates_of(borrower) if each.kind in INSURING), None)


def trained_for(borrower: Borrower, category: str) -> Certificate | None:
    """The training for a category that lasts longest, if there is one."""
    found = certificates_of(borrower)
    return next((each for each in found if each.kind is CertificateKind.TRAINING and each.category == category), None)


def counts_on(found: Certificate | None, day: date) -> bool:
    """Whether a certificate counts on a day."""
    return found is not None and found.valid_on <= day and (found.until_on is None or day <= found.until_on)


def certificate_of(actor: Actor, code: str, number: int) -> Certificate:
    """One of them, of somebody; `NotFound` for a stranger."""
    borrower = borrower_by_code(actor, code)
    found = db.session.scalar(select(Certificate).where(_of(borrower), Certificate.id == number, Certificate.withdrawn_at.is_(None)))
    if found is None:
        raise NotFound
    return found


def deposits_of(borrower: Borrower) -> Sequence[Deposit]:
    """What somebody left and is still with us, the oldest first."""
    query = select(Deposit).where(Deposit.borrower_id == borrower.id, Deposit.given_back_on.is_(None))
    return db.session.scalars(query.order_by(Deposit.id)).all()


def deposit_of(actor: Actor, code: str, number: int) -> Deposit:
    """One deposit of somebody; `NotFound` for a stranger."""
    borrower = borrower_by_code(actor, code)
    found = db.session.scalar(select(Deposit).where(Deposit.borrower_id == borrower.id, Deposit.id == number))
    if found is None:
        raise NotFound
    return found
