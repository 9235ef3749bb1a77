"""What each date of a workshop would get: what is free, what is taken, and the ways out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.queries import open_sites
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.lending.handing import Handing
from refurb.lending.models import Borrower, Item, Product
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.queries import blocked_days, free_for
from refurb.lending.reservations.rules import days_are_possible
from refurb.lending.series.models import WorkshopDraft
from refurb.lending.series.words import Repeat, WayOut
from refurb.lending.terms import loan_policy
from refurb.lending.waits.queries import waits_on

SEARCHED = 21
"""Days after and before a date on which another is looked for."""


@dataclass(frozen=True)
class Dates:
    """From which day to which something is needed."""

    from_on: date
    to_on: date

    def moved(self, days: int) -> "Dates":
        """The same days later, or earlier."""
        return Dates(self.from_on + timedelta(days=days), self.to_on + timedelta(days=days))


def dates_of(from_on: date, to_on: date, repeat: Repeat, count: int) -> list[Dates]:
    """The dates of a workshop, the first first."""
    times = 1 if repeat is Repeat.ONCE else count
    return [Dates(from_on, to_on).moved(repeat.days * each) for each in range(times)]


@dataclass(frozen=True)
class WorkshopWay:
    """One way out: other dates, other numbers, a rank on the waiting list."""

    kind: WayOut
    dates: Dates
    wanted: Mapping[int, int]
    waits: Mapping[int, int] = field(default_factory=dict)
    rank: int = 0


@dataclass(frozen=True)
class Outlook:
    """One date of a workshop: what is free of each product on it, why it is not possible, the ways out; none where all is well."""

    asked: Dates
    free: Mapping[int, int]
    refusal: Refusal | None
    ways: Sequence[WorkshopWay]

    @property
    def is_free(self) -> bool:
        """Whether all that is asked is free on it."""
        return not self.ways

    def lacks(self, product: Product, quantity: int) -> bool:
        """Whether not so many of a product are free on it."""
        return self.free.get(product.id, 0) < quantity

    def way(self, chosen: str) -> WorkshopWay | None:
        """The way out that was chosen, else the first; None where none is needed."""
        return next((each for each in self.ways if each.kind == chosen), self.ways[0] if self.ways else None)


def outlook_of(products: Sequence[Product], wanted: Mapping[int, int], dates: Sequence[Dates], site: int) -> list[Outlook]:
    """What each date would get. Other dates that are proposed share no day with any of the workshop's own, nor with each other."""
    found: list[Outlook] = []
    for each in dates:
        proposed = [way.dates for look in found for way in look.ways if way.dates != look.asked]
        others = [other for other in (*dates, *proposed) if other != each]
        found.append(_outlook(products, wanted, each, site, others))
    return found


def _refused(products: Sequence[Product], dates: Dates, site: int) -> Refusal | None:
    try:
        days_are_possible(loan_policy(), products, dates.from_on, dates.to_on, days_of(site))
    except Refusal as refusal:
        return refusal
    return None


def _free(products: Sequence[Product], dates: Dates, site: int) -> dict[int, int]:
    return {each.id: free_for(each, Handing(site), dates.from_on, dates.to_on) for each in products}


def _outlook(products: Sequence[Product], wanted: Mapping[int, int], dates: Dates, site: int, others: Sequence[Dates]) -> Outlook:
    refusal = _refused(products, dates, site)
    free = {} if refusal else _free(products, dates, site)
    if refusal is None and all(free[product] >= quantity for product, quantity in wanted.items()):
        return Outlook(dates, free, None, ())
    return Outlook(dates, free, refusal, tuple(_ways(products, wanted, dates, site, free, others)))


def _ways(
    products: Sequence[Product], wanted: Mapping[int, int], dates: Dates, site: int, free: Mapping[int, int], others: Sequence[Dates]
) -> list[WorkshopWay]:
    found = []
    for kind, step in ((WayOut.LATER, 1), (WayOut.EARLIER, -1)):
        other = _nearest(products, wanted, dates, site, step, others)
        if other is not None:
            found.append(WorkshopWay(kind, other, wanted))
    if free:
        fewer = {product: min(quantity, free[product]) for product, quantity in wanted.items() if min(quantity, free[product])}
        without = {product: quantity for product, quantity in wanted.items() if free[product] >= quantity}
        if fewer != without:
            found.append(WorkshopWay(WayOut.FEWER, dates, fewer))
        lacking = {product: quantity for product, quantity in wanted.items() if free[product] < quantity}
        rank = 1 + max(len(waits_on(product, site, dates.from_on, dates.to_on)) for product in lacking)
        found.append(WorkshopWay(WayOut.WAIT, dates, without, lacking, rank))
        if without:
            found.append(WorkshopWay(WayOut.WITHOUT, dates, without))
    return [*found, WorkshopWay(WayOut.DROP, dates, {})]


def _nearest(
    products: Sequence[Product], wanted: Mapping[int, int], dates: Dates, site: int, step: int, others: Sequence[Dates]
) -> Dates | None:
    for far in range(1, SEARCHED + 1):
        other = dates.moved(step * far)
        if other.from_on < today():
            return None
        if _refused(products, other, site) is None and not any(_meet(products, other, each, site) for each in others):
            free = _free(products, other, site)
            if all(free[product] >= quantity for product, quantity in wanted.items()):
                return other
    return None


def _meet(products: Sequence[Product], one: Dates, other: Dates, site: int) -> bool:
    """Whether something taken for some dates would be taken for others too."""
    for product in products:
        starts, until = blocked_days(product, Handing(site), one.from_on, one.to_on)
        first, last = blocked_days(product, Handing(site), other.from_on, other.to_on)
        if starts < last and until > first:
            return True
    return False


def structures_of(actor: Actor) -> frozenset[int]:
    """The ids of the structures for which somebody reserves."""
    return actor.organisations_for(Permission.RESERVATION_WRITE)


def _theirs(actor: Actor) -> Any:
    query = select(Reservation).join(Borrower, Borrower.id == Reservation.borrower_id)
    return query.where(Borrower.organisation_id.in_(structures_of(actor))).options(
        joinedload(Reservation.borrower).joinedload(Borrower.organisation),
        selectinload(Reservation.lines).joinedload(ReservationLine.product),
    )


def workshops_of(actor: Actor, most: int = 60) -> Sequence[Reservation]:
    """What is reserved for somebody's own structures: what is to come first, the nearest day first."""
    query = _theirs(actor).order_by(Reservation.to_on < today(), Reservation.from_on, Reservation.id)
    return db.session.scalars(query.limit(most)).unique().all()


def workshop_by_reference(actor: Actor, reference: str) -> Reservation:
    """A reservation of somebody's own structures; `NotFound` for any other."""
    found: Reservation | None = db.session.scalars(_theirs(actor).where(Reservation.reference == reference.upper())).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def count_workshops(actor: Actor) -> int:
    """How many are to come; for the navigation."""
    return sum(each.state.is_to_come for each in workshops_of(actor))


def lending_sites() -> list[tuple[int, str]]:
    """The places that have things to lend, by id and name."""
    having = set(db.session.scalars(select(Item.site_id).distinct()))
    return [(each.id, each.name) for each in open_sites() if each.id in having]


def draft_of(actor: Actor) -> WorkshopDraft | None:
    """What somebody has typed so far."""
    return db.session.get(WorkshopDraft, actor.id) if actor.id is not None else None
