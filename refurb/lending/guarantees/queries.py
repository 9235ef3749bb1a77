"""Looking up what somebody showed and left."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.guarantees.models import IS_HERE, Certificate, Deposit
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


def insurances_of(borrower: Borrower, from_on: date, due_on: date) -> list[Certificate]:
    """What says that somebody is insured from a day on, one after the other without a day between: until another day, or as far as it goes.

    As few as can be; none where nothing counts on the first day. Whether the last one reaches the other day is to be looked at.
    """
    insuring = [each for each in certificates_of(borrower) if each.kind in INSURING]
    found: list[Certificate] = []
    day = from_on
    # What lasts longest comes first.
    while (following := next((each for each in insuring if counts_on(each, day)), None)) is not None:
        found.append(following)
        if following.until_on is None or following.until_on >= due_on:
            break
        day = following.until_on + timedelta(days=1)
    return found


def trained_for(borrower: Borrower, category: str, day: date) -> Certificate | None:
    """The training for a category that counts on a day and lasts longest, if there is one."""
    trainings = [each for each in certificates_of(borrower) if each.kind is CertificateKind.TRAINING and each.category == category]
    return next((each for each in trainings if counts_on(each, day)), None)


def counts_on(found: Certificate, day: date) -> bool:
    """Whether a certificate counts on a day."""
    return found.valid_on <= day and (found.until_on is None or day <= found.until_on)


def certificate_of(actor: Actor, code: str, number: int) -> Certificate:
    """One of them, of somebody; `NotFound` for a stranger."""
    borrower = borrower_by_code(actor, code)
    found = db.session.scalar(select(Certificate).where(_of(borrower), Certificate.id == number, Certificate.withdrawn_at.is_(None)))
    if found is None:
        raise NotFound
    return found


def deposits_of(*borrowers: Borrower) -> Sequence[Deposit]:
    """What some people left and is still with us, the oldest first."""
    if not borrowers:
        return ()
    query = select(Deposit).options(joinedload(Deposit.borrower)).where(Deposit.borrower_id.in_({each.id for each in borrowers}), IS_HERE)
    return db.session.scalars(query.order_by(Deposit.id)).all()


def deposit_of(actor: Actor, code: str, number: int) -> Deposit:
    """One deposit of somebody, given back or not; `NotFound` for a stranger, and for what was noted by mistake."""
    borrower = borrower_by_code(actor, code)
    noted = (Deposit.borrower_id == borrower.id, Deposit.id == number, Deposit.withdrawn_at.is_(None))
    found = db.session.scalar(select(Deposit).where(*noted))
    if found is None:
        raise NotFound
    return found


DEPOSIT_ORDERS = ListOrders(
    "depuis",
    Deposit.id,
    (
        ListOrder("depuis", _l("Depuis le"), (Deposit.left_on,), Compared.DATE),
        ListOrder("emprunteur", _l("Emprunteur"), (Borrower.search,)),
    ),
)


def deposits_here() -> Listing:
    """What anybody left and is still with us: each keeps its borrower's file from being forgotten."""
    query = select(Deposit).join(Deposit.borrower).options(contains_eager(Deposit.borrower)).where(IS_HERE)
    return Listing(query, DEPOSIT_ORDERS, scalars=True)
