"""Looking up what gifts are worth, the register of tax receipts, and what is to be declared of which year, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import extract, func, or_, select
from sqlalchemy.orm import joinedload

from refurb.directory.agenda.calendar import agenda
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.receipts.models import GiftValuation, ReceiptDeclaration, TaxReceipt
from refurb.inventory.papers.receipts.words import ARTICLES, Article
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import Months, day_ago
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound

YEARS = range(2021, 2201)
"""The calendar years of which something may be declared: article 222 bis of the CGI began with the gifts of 2021."""
LASTS = Months(72)
"""LPF, article L. 102 E: six years. They run from the end of the year in which a receipt was given, so that a year is forgotten whole."""
_SUNDAY, _SATURDAY, _MAY = 6, 5, 5


def valuation_of(donation: Donation) -> GiftValuation | None:
    """What a gift is said to be worth today."""
    live = (GiftValuation.donation_id == donation.id, GiftValuation.withdrawn_at.is_(None))
    return db.session.scalar(select(GiftValuation).where(*live))


def live_receipt(donation: Donation) -> TaxReceipt | None:
    """The receipt of a gift that stands."""
    return db.session.scalar(select(TaxReceipt).where(TaxReceipt.donation_id == donation.id, TaxReceipt.ended_at.is_(None)))


def was_forgotten(donation: Donation) -> bool:
    """Whether a receipt of a gift stood at its term, and is forgotten."""
    about = (Paper.kind == PaperKind.TAX, Paper.subject_kind == Donation.KIND, Paper.subject_id == donation.id)
    gone = (Paper.status == PaperStatus.ISSUED, Paper.forgotten_at.is_not(None))
    return db.session.scalar(select(Paper.id).where(*about, *gone).limit(1)) is not None


def kept_since() -> date:
    """The first day of the years of which every receipt is kept: those given before are forgotten, a year at once."""
    return date(day_ago(LASTS).year, 1, 1)


def is_forgotten(year: int) -> bool:
    """Whether the receipts of a year are past their term."""
    return year < kept_since().year


@dataclass(frozen=True)
class ReceiptLine:
    """A line of the register."""

    reference: str
    donor: str
    donation: str
    given_on: date
    issued_on: date
    article: str
    cents: int
    is_live: bool


def register_of(year: int) -> list[ReceiptLine]:
    """The receipts that were given in a year or of a gift of that year, by number; the replaced ones too, which count for nothing."""
    if year not in YEARS:
        raise NotFound
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = (
        select(TaxReceipt, Paper.reference, Donation.reference.label("donation"))
        .join(Paper, Paper.id == TaxReceipt.paper_id)
        .join(Donation, Donation.id == TaxReceipt.donation_id)
        .where(or_(TaxReceipt.issued_on.between(first, last), TaxReceipt.given_on.between(first, last)))
        .order_by(Paper.year, Paper.number)
    )
    return [
        ReceiptLine(
            row.reference, row.TaxReceipt.donor, row.donation, row.TaxReceipt.given_on, row.TaxReceipt.issued_on,
            ARTICLES[Article(row.TaxReceipt.article)], row.TaxReceipt.cents, row.TaxReceipt.ended_at is None,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class YearTotal:
    """What article 222 bis of the CGI asks of a calendar year: how many receipts were given in it, and what its gifts add up to on them."""

    year: int
    receipts: int
    cents: int


def total_of(year: int) -> YearTotal:
    """Both numbers, of the receipts that stand."""
    if year not in YEARS:
        raise NotFound
    first, last = date(year, 1, 1), date(year, 12, 31)
    live = TaxReceipt.ended_at.is_(None)
    given = select(func.count()).select_from(TaxReceipt).where(live, TaxReceipt.issued_on.between(first, last))
    worth = select(func.coalesce(func.sum(TaxReceipt.cents), 0)).where(live, TaxReceipt.given_on.between(first, last))
    return YearTotal(year, db.session.scalar(given) or 0, int(db.session.scalar(worth) or 0))


def receipt_years() -> list[int]:
    """The years of the register, newest first; this one always. Of a gift of before there was any, its receipt is in its own year."""
    years = {today().year}
    for column in (TaxReceipt.issued_on, TaxReceipt.given_on):
        years.update(int(each) for each in db.session.scalars(select(extract("year", column)).distinct()))
    return sorted(years.intersection(YEARS), reverse=True)


def declaration_of(year: int) -> ReceiptDeclaration | None:
    """What was declared of a year, if anybody has said."""
    return db.session.scalar(select(ReceiptDeclaration).where(ReceiptDeclaration.year == year))


def due_on(year: int) -> date:
    """Until when a calendar year is declared: the second working day after 1 May of the next one (CGI, articles 222 bis and 223, 1).

    Saturdays, Sundays and public holidays are no working days.
    """
    day, left = date(year + 1, _MAY, 1), 2
    while left:
        day += timedelta(days=1)
        left -= day.weekday() not in (_SATURDAY, _SUNDAY) and not agenda().is_holiday(day)
    return day


@dataclass(frozen=True)
class ToDeclare:
    """A year that is over, of which something is still to be declared."""

    year: int
    due_on: date

    @property
    def is_late(self) -> bool:
        """Whether the day is past."""
        return self.due_on < today()


def years_to_declare() -> list[ToDeclare]:
    """The years that are over and of which nobody has said that they are declared, the oldest first; or not what stands by now.

    None of which receipts are past their term: what is left of it adds up to something else than was given.
    """
    found = []
    for year in sorted(each for each in receipt_years() if each < today().year and not is_forgotten(each)):
        told, total = declaration_of(year), total_of(year)
        if (told.receipts, told.cents) != (total.receipts, total.cents) if told else total.receipts or total.cents:
            found.append(ToDeclare(year, due_on(year)))
    return found


def receipts_of(donation: Donation) -> Sequence[TaxReceipt]:
    """All receipts of a gift, the newest first."""
    query = select(TaxReceipt).options(joinedload(TaxReceipt.paper)).where(TaxReceipt.donation_id == donation.id)
    return db.session.scalars(query.order_by(TaxReceipt.paper_id.desc())).all()
