"""Reading a donor's year: what came, what became of it as it may be told, what décret 2023-266 counts; and who gave in a year."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from refurb.directory.models import Organisation
from refurb.directory.organisations.models import Merger
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.documents.queries import papers_about
from refurb.inventory.donations.counts import Arrival, LineCount
from refurb.inventory.donations.queries.arrivals import arrivals_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.papers.fates import Fates, fates_of
from refurb.inventory.papers.models import APART, FEWEST
from refurb.inventory.papers.queries import DonationRecord, donation_record
from refurb.inventory.papers.years.models import YEARS, DonorYear
from refurb.inventory.papers.years.reuse import told_reuses
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound

SCREENS = frozenset({DeviceKind.MONITOR, DeviceKind.LAPTOP, DeviceKind.TABLET})
"""Category 2° of C. env. R.543-172 II: screens, and what has one of more than 100 cm²; the other kinds are of 6°."""

_NOT_REUSED = (DeviceState.PARTS, DeviceState.WASTE, DeviceState.LOST)
TARGETS = {2023: 25, 2024: 35}
"""Per cent that décret 2023-266 sets for a year; 50 from 2025 on."""

YEARLY = (PaperKind.BILAN, PaperKind.REUSE, PaperKind.REEN)


def target(year: int) -> int:
    """The share that is to be reused, in per cent."""
    return TARGETS.get(year, 50)


@dataclass(frozen=True)
class Reen:
    """A and B of one category: goods oriented towards reuse in the year, at least; goods written off and held on 1 January, as told."""

    a: int
    b: int

    @property
    def share(self) -> float | None:
        """A ÷ B × 100; None where nothing was held."""
        return 100 * self.a / self.b if self.b else None


@dataclass(frozen=True)
class YearRecord:
    """All that is on record about a donor's year; `is_kept` once anything was noted or issued about it."""

    year: DonorYear
    donations: tuple[Donation, ...]
    arrivals: dict[int, Arrival]
    is_kept: bool = True

    @cached_property
    def kinds(self) -> tuple[tuple[DeviceKind, LineCount], ...]:
        """What was announced, received and refused, kind by kind, over all donations."""
        found: dict[DeviceKind, list[LineCount]] = {}
        for arrival in self.arrivals.values():
            for kind, counted in arrival.kinds:
                found.setdefault(kind, []).append(counted)
        return tuple(
            (kind, LineCount(sum(e.announced for e in all_), sum(e.received or 0 for e in all_), sum(e.refused for e in all_)))
            for kind, all_ in found.items()
        )

    @property
    def arrival(self) -> Arrival:
        """The same as one count."""
        return Arrival(self.kinds)

    @cached_property
    def records(self) -> tuple[DonationRecord, ...]:
        """The whole record of each donation."""
        return tuple(donation_record(each) for each in self.donations)

    @cached_property
    def fates(self) -> tuple[Fates, ...]:
        """What the donor is told of each donation that is large enough."""
        told = (fates_of(each, self.arrivals[each.id].received) for each in self.donations if each.id in self.arrivals)
        return tuple(each for each in told if not each.are_few)

    @property
    def told(self) -> dict[str, int]:
        """What became of the machines, at least: the sum of what is told of each donation, which tells no more than they do."""
        return {name: count for name in APART if (count := sum(dict(each.told).get(name, 0) for each in self.fates))}

    @property
    def laptops(self) -> int:
        """How many laptops were handed over, at least."""
        return sum(each.laptops for each in self.fates)

    @property
    def months(self) -> tuple[tuple[date, int], ...]:
        """How many more were handed over by the end of each month, at least."""
        grown: Counter[date] = Counter()
        for each in self.fates:
            for month, count in each.months:
                grown[month] += count
        return tuple(sorted(grown.items()))

    @cached_property
    def reused(self) -> Sequence[Any]:
        """The machines that are told to be in use again, with their serials and months."""
        return told_reuses(each.id for each in self.donations)

    @property
    def is_over(self) -> bool:
        """Whether the year has ended."""
        return self.year.year < today().year

    @cached_property
    def reen(self) -> tuple[Reen, Reen] | None:
        """Categories 2° and 6°; None where the donor has not told B.

        A is what was received, less what was taken apart, scrapped or lost. That count is rounded up to the next five in each category, so
        that A is never too high, and tells of no single machine.
        """
        if self.year.screens is None or self.year.small is None:
            return None
        received, gone = Counter[bool](), Counter[bool]()
        for kind, counted in self.kinds:
            received[kind in SCREENS] += counted.received or 0
        query = select(Device.kind, func.count()).where(
            Device.donation_id.in_([each.id for each in self.donations]), Device.merged_into_id.is_(None), Device.state.in_(_NOT_REUSED)
        )
        for kind, count in db.session.execute(query.group_by(Device.kind)):
            gone[kind in SCREENS] += count
        a = {which: max(0, received[which] - -(-gone[which] // FEWEST) * FEWEST) for which in (True, False)}
        return Reen(a[True], self.year.screens), Reen(a[False], self.year.small)


def year_of(donor_id: int, year: int) -> DonorYear | None:
    """A donor's year, if anything was noted or issued about it."""
    return db.session.scalar(select(DonorYear).where(DonorYear.donor_id == donor_id, DonorYear.year == year))


def received_in(year: int) -> ColumnElement[bool]:
    """That a donation came in a year; raises `NotFound` for one that no donor's year may bear."""
    if year not in YEARS:
        raise NotFound
    return Donation.received_on.between(date(year, 1, 1), date(year, 12, 31))


def record_of(donor: Organisation, year: int) -> YearRecord:
    """What is on record about a donor's year; raises `NotFound` where nothing came from the donor then."""
    query = select(Donation).where(Donation.donor_id == donor.id, received_in(year)).order_by(Donation.received_on, Donation.id)
    donations = tuple(db.session.scalars(query))
    if not donations:
        raise NotFound
    found = year_of(donor.id, year)
    shown = found or DonorYear(donor_id=donor.id, year=year, donor=donor, too_old=0, is_protected=0)
    return YearRecord(shown, donations, arrivals_of([each.id for each in donations]), is_kept=found is not None)


def years_within(donations: Sequence[Donation]) -> list[DonorYear]:
    """The donors' years of which nothing came but these donations: whoever may read them all may read the papers of the year."""
    donors = {each.donor_id for each in donations}
    shown = {each.id for each in donations}
    came = select(Donation.id, Donation.donor_id, Donation.received_on).where(
        Donation.donor_id.in_(donors), Donation.received_on.is_not(None)
    )
    whole: dict[tuple[int, int], bool] = {}
    for row in db.session.execute(came):
        key = row.donor_id, row.received_on.year
        whole[key] = whole.get(key, True) and row.id in shown
    found = db.session.scalars(select(DonorYear).where(DonorYear.donor_id.in_(donors)).order_by(DonorYear.year)).all()
    return [each for each in found if whole.get((each.donor_id, each.year))]


_SEARCHED = 600
"""Letters of what a paper is found by: one that fills them may name more donations than it can be read of."""
_NAMED = re.compile(r"\bdn-\d{4}-\d+")


def year_papers_within(donations: Sequence[Donation]) -> list[Paper]:
    """The yearly papers that whoever may read these donations may read, newest first.

    Of a year of which nothing else came, all of them; where the donor was ever merged with another, those alone that speak of these alone:
    one that was issued about both names what the other gave, also once they are two again.
    """
    donors, ours = {each.donor_id for each in donations}, {each.reference.casefold() for each in donations}
    years = list(db.session.scalars(select(DonorYear).where(DonorYear.donor_id.in_(donors))))
    whole = {each.id for each in years_within(donations)}
    mergers = db.session.scalars(select(Merger).where(or_(Merger.gone_id.in_(donors), Merger.into_id.in_(donors)))).all()
    merged = {each.into_id for each in mergers if each.parted_at is None}
    mixed = {number for each in mergers for number in (each.gone_id, each.into_id)}
    apart = {each.id for each in years if each.donor_id in merged}
    mingled = {each.id for each in years if each.donor_id in mixed}
    found = papers_about(*years) if years else []
    open_ = whole | apart
    return [each for each in found if each.subject_id in open_ and (each.subject_id not in mingled or _speaks_of(each, ours))]


def _speaks_of(paper: Paper, ours: set[str]) -> bool:
    named = set(_NAMED.findall(paper.search.casefold()))
    return bool(named) and named <= ours and len(paper.search) < _SEARCHED


@dataclass(frozen=True)
class GivingDonor:
    """A donor of a year in the list: who, how much came, and the numbers of the yearly papers in force."""

    id: int
    name: str
    is_public_body: bool
    donations: int
    received: int
    papers: dict[PaperKind, str]


def donors_of(year: int) -> list[GivingDonor]:
    """Who gave something that arrived in a year, by name; raises `NotFound` for one that no donor's year may bear."""
    counted = (
        select(Organisation.id, Organisation.name, Organisation.is_public_body)
        .add_columns(
            func.count(Donation.id.distinct()).label("donations"), func.coalesce(func.sum(DonationLine.received), 0).label("received")
        )
        .join(Donation, Donation.donor_id == Organisation.id)
        .outerjoin(DonationLine, DonationLine.donation_id == Donation.id)
        .where(received_in(year))
        .group_by(Organisation.id)
        .order_by(Organisation.name, Organisation.id)
    )
    issued: dict[int, dict[PaperKind, str]] = {}
    papers = select(DonorYear.donor_id, Paper.kind, Paper.reference).join(Paper, Paper.subject_id == DonorYear.id)
    papers = papers.where(DonorYear.year == year, Paper.subject_kind == DonorYear.KIND, Paper.status == PaperStatus.ISSUED)
    for row in db.session.execute(papers):
        issued.setdefault(row.donor_id, {})[row.kind] = row.reference
    return [
        GivingDonor(row.id, row.name, row.is_public_body, int(row.donations), int(row.received), issued.get(row.id, {}))
        for row in db.session.execute(counted)
    ]


def giving_years() -> list[int]:
    """The years in which something arrived, the newest first."""
    first, last = db.session.execute(select(func.min(Donation.received_on), func.max(Donation.received_on))).one()
    return list(range(last.year, first.year - 1, -1)) if first and last else []
