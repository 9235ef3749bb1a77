"""What the public catalogue shows: which products are free for somebody's days, where, and the nearest days of the others."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from refurb.directory.agenda.queries import days_of
from refurb.directory.models import Organisation
from refurb.directory.sites.queries import SiteCard
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.folding import fold
from refurb.lending.catalogue.road import stops
from refurb.lending.catalogue.stays import Stay, lending_places, next_stay, stay_at, stays_at_stop
from refurb.lending.catalogue.words import Facet
from refurb.lending.claims.availability import free_of, how_many, load_by_day, nearest_start
from refurb.lending.claims.settling import GONE
from refurb.lending.claims.words import PoolKey
from refurb.lending.handing import Handing
from refurb.lending.models import Borrower, Component, Item, Product
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.online import OnlineRequest
from refurb.lending.reservations.rules import (
    NoPassageThatDay,
    TooLong,
    VanHasLeft,
    back_after,
    days_are_possible,
    is_not_loaded,
    passages_ahead,
    spans_near,
)
from refurb.lending.reservations.words import UNANSWERED
from refurb.lending.terms import Terms, loan_policy, travels

MOST_SEARCHED = 12
"""Of how many products that are not free the nearest days are looked for; the others show their calendar."""
FEED_DAYS = 180
"""How far ahead the feed of a product looks."""


@dataclass(frozen=True)
class Spot:
    """A product at one place for somebody's days: how many there are, and exactly how many are free; `why` nothing is, by the rules."""

    stay: Stay
    count: int
    free: int
    why: Refusal | None = None


@dataclass(frozen=True)
class PublicOffer:
    """A product with its terms and where it is; `near` is the nearest stay on which one is free, where none is for the days told."""

    product: Product
    terms: Terms
    spots: tuple[Spot, ...]
    near: Stay | None = None

    @property
    def best(self) -> Spot:
        """Where it is fetched: the first place at which one is free, else the first."""
        return next((each for each in self.spots if each.free), self.spots[0])

    @property
    def is_free(self) -> bool:
        """Whether one is free somewhere for the days told."""
        return self.best.free > 0

    @property
    def count(self) -> int:
        """How many there are at the place where it is fetched."""
        return self.best.count


@dataclass(frozen=True)
class Board:
    """The catalogue for some days: what is free, what is by shifting, the rest; and how many each narrowing would leave."""

    stays: tuple[Stay, ...]
    free: tuple[PublicOffer, ...]
    near: tuple[PublicOffer, ...]
    none: tuple[PublicOffer, ...]
    categories: tuple[tuple[str, str, int], ...]
    facets: tuple[tuple[Facet, int], ...]
    hidden: int
    """How many products the narrowing hides."""

    @property
    def places(self) -> list[Stay]:
        """The stay at each place: what travels to a stop is fetched there on the same days, whoever keeps it."""
        return list({each.place.id: each for each in reversed(self.stays)}.values())[::-1]


def board(needed: date, until: date, *, place_id: int | None = None, typed: str = "", narrowed: Collection[str] = ()) -> Board:
    """The catalogue for the days on which somebody needs a thing, the place or the stop that was chosen first.

    `narrowed` are keys of categories and words of `Facet`: of categories any, of facets all. What they hide is counted, never kept quiet.
    """
    stop = next((each for each in stops() if each.id == place_id), None)
    stays = stays_at_stop(stop, needed, until) if stop else []
    stays += [stay for place in lending_places(place_id) if (stay := stay_at(place, needed, until))]
    everything = [each for each in _offers(stays) if _meant(each.product, typed)]
    shown = [each for each in everything if _fits(each, narrowed)]
    free = [each for each in shown if each.is_free]
    others = [each for each in shown if not each.is_free]
    searched = [_with_nearest(each) for each in others[:MOST_SEARCHED]] + others[MOST_SEARCHED:]
    return Board(
        stays=tuple(stays),
        free=tuple(sorted(free, key=lambda each: stays.index(each.best.stay))),
        near=tuple(each for each in searched if each.near),
        none=tuple(each for each in searched if not each.near),
        categories=_count_categories(everything, narrowed),
        facets=tuple((facet, sum(_FACETS[facet](each) for each in everything)) for facet in Facet),
        hidden=len(everything) - len(shown),
    )


def _meant(product: Product, typed: str) -> bool:
    told = fold(product.name, product.about, loan_policy().terms(product.category).name)
    return all(word in told for word in fold(typed).split())


_FACETS: dict[Facet, Callable[[PublicOffer], bool]] = {
    Facet.AT_ONCE: lambda offer: not offer.terms.approval,
    Facet.RENEWABLE: lambda offer: offer.terms.renewals > 0,
}


def _fits(offer: PublicOffer, narrowed: Collection[str]) -> bool:
    categories = set(narrowed) - set(Facet)
    return (not categories or offer.product.category in categories) and all(_FACETS[facet](offer) for facet in Facet if facet in narrowed)


def _count_categories(everything: Iterable[PublicOffer], narrowed: Collection[str]) -> tuple[tuple[str, str, int], ...]:
    """Each category of the policy that has products, or was chosen: its key, its name, how many."""
    counts = Counter(each.product.category for each in everything)
    return tuple((key, terms.name, counts[key]) for key, terms in loan_policy().categories.items() if counts[key] or key in narrowed)


def _offers(stays: Sequence[Stay]) -> list[PublicOffer]:
    """Every product that is at one of the places, by name, with what is free at each."""
    there = select(Item.product_id).where(Item.state.not_in(GONE), Item.site_id.in_([each.keeper.id for each in stays]))
    products = db.session.scalars(select(Product).where(Product.id.in_(there)).order_by(Product.id)).all()
    spots: dict[int, list[Spot]] = {each.id: [] for each in products}
    for stay in stays:
        for number, spot in _spots(products, stay).items():
            spots[number].append(spot)
    made = [PublicOffer(each, loan_policy().terms(each.category), tuple(spots[each.id])) for each in products if spots[each.id]]
    return sorted(made, key=lambda each: fold(each.product.name))


def _spots(products: Sequence[Product], stay: Stay) -> dict[int, Spot]:
    """What is free of some products at one place, or at a stop from the place that keeps them: those that are there."""
    loans, found = loan_policy(), {}
    for category in sorted({each.category for each in products}):
        of_it = [each for each in products if each.category == category]
        terms = loans.terms(category)
        why = _refused(of_it[0], stay)
        starts = max(today(), loans.taken_from(terms, stay.from_on, stay.handing))
        until = loans.taken_until(terms, stay.to_on, stay.handing)
        for number, free in free_of([each.id for each in of_it], stay.keeper.id, starts, until).items():
            exactly = 0 if why else how_many(PoolKey(number, stay.keeper.id), starts, until, free)
            found[number] = Spot(stay, free.count, exactly, why)
    return found


def _refused(product: Product, stay: Stay) -> Refusal | None:
    """Why the rules do not lend a product for these days, if they do not."""
    loans = loan_policy()
    try:
        travels(loans, loans.terms(product.category), stay.handing)
        days_are_possible(loans, [product], stay.from_on, stay.to_on, stay.handing.days)
        is_not_loaded(loans, stay.from_on, stay.handing)
    except Refusal as refusal:
        return refusal
    return None


def _with_nearest(offer: PublicOffer) -> PublicOffer:
    near = next((stay for spot in offer.spots if (stay := _nearest(offer.product, spot))), None)
    return PublicOffer(offer.product, offer.terms, offer.spots, near)


def _nearest(product: Product, spot: Spot) -> Stay | None:
    """The nearest days at a place on which one is free: shorter where the rules ask it, else later and as long; at a stop, its passages."""
    loans, stay = loan_policy(), spot.stay
    terms, from_on, to_on, handing = loans.terms(product.category), stay.from_on, stay.to_on, stay.handing
    spans = []
    if isinstance(spot.why, TooLong):
        to_on = min(to_on, loans.latest(terms, from_on, handing.days))
        spans = [(from_on, max(today(), loans.taken_from(terms, from_on, handing)), loans.taken_until(terms, to_on, handing))]
    elif spot.why is not None and not (isinstance(spot.why, _OTHER_PASSAGE) and to_on > from_on):
        return None
    length = to_on - from_on
    spans += spans_near(loans, terms, from_on, to_on, handing)
    day = nearest_start(PoolKey(product.id, stay.keeper.id), 1, spans)
    back = to_on if day == from_on else back_after(loans, terms, day, length, handing) if day else None
    return Stay(stay.place, day, back, stay.kept) if day and back else None


_OTHER_PASSAGE = (NoPassageThatDay, VanHasLeft)


def public_product(number: int) -> Product:
    """A product that can be borrowed from us; `NotFound` for one of which nothing is left."""
    there = select(Item.product_id).where(Item.state.not_in(GONE), Item.product_id == number)
    found = db.session.scalar(select(Product).where(Product.id.in_(there)))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class ListedProduct:
    """A product with its terms and the places at which it is."""

    product: Product
    terms: Terms
    places: list[SiteCard]


def listed_products() -> list[ListedProduct]:
    """Everything that can be borrowed, by name."""
    there = select(Item.product_id, Item.site_id).where(Item.state.not_in(GONE)).distinct()
    where: dict[int, set[int]] = defaultdict(set)
    for product, site in db.session.execute(there):
        where[product].add(site)
    places, loans = lending_places(), loan_policy()
    products = db.session.scalars(select(Product).where(Product.id.in_(where)))
    made = [ListedProduct(each, loans.terms(each.category), [one for one in places if one.id in where[each.id]]) for each in products]
    return sorted((each for each in made if each.places), key=lambda each: fold(each.product.name))


def places_of(product: Product, first: int | None = None) -> list[SiteCard]:
    """The places at which a product is, the one that was chosen first."""
    there = set(db.session.scalars(select(Item.site_id).where(Item.product_id == product.id, Item.state.not_in(GONE)).distinct()))
    return [each for each in lending_places(first) if each.id in there]


def stay_at_stop(product: Product, stop: SiteCard, from_on: date | None, to_on: date | None) -> Stay | None:
    """A stay at a stop with things of the place that can send one, else of the first that has some; the next passage where none is told.

    None where nothing of it travels there, or the vehicle does not come twice.
    """
    terms = loan_policy().terms(product.category)
    first: Stay | None = None
    for kept in places_of(product):
        proposed = next_stay(stop, kept, terms, from_on)
        stay = Stay(stop, from_on, to_on, kept) if from_on and to_on else proposed
        stay = Stay(stop, from_on, stay.to_on, kept) if stay and from_on else stay
        if stay is not None and spot_of(product, stay).free:
            return stay
        first = first or stay
    return first


def keeper_at(product: Product, stop: SiteCard) -> SiteCard | None:
    """The place whose things of a product are told at a stop, as its page does; None where there is nothing of it."""
    stay = stay_at_stop(product, stop, None, None)
    return stay.keeper if stay else next(iter(places_of(product)), None)


def spot_of(product: Product, stay: Stay) -> Spot:
    """A product for one stay. `NotFound` where nothing of it is at that place."""
    found = _spots([product], stay).get(product.id)
    if found is None:
        raise NotFound
    return found


def nearest_of(product: Product, spot: Spot) -> list[Stay]:
    """The nearest stays on which one is free, the place or the stop that was asked for first, then one at each other place."""
    others = [each for each in places_of(product) if each.id != spot.stay.place.id]
    elsewhere = [spot_of(product, stay) for place in others if (stay := stay_at(place, spot.stay.from_on, spot.stay.to_on))]
    found = [_nearest(product, spot), *(each.stay if each.free else _nearest(product, each) for each in elsewhere)]
    return [each for each in found if each is not None]


@dataclass(frozen=True)
class DayCell:
    """One day of a product's calendar: how many are free on it, whether somebody is there, whether it lies behind us.

    Of a stop, `is_kept_open` is whether it can be fetched on that day at the place that keeps it instead.
    """

    day: date
    free: int
    is_open: bool
    is_past: bool
    is_kept_open: bool = False


def month_of(product: Product, place: SiteCard, month: date, stop: SiteCard | None = None) -> list[list[DayCell | None]]:
    """The weeks of a month, Monday first, each of seven cells; counts only."""
    first = month.replace(day=1)
    until = (first + timedelta(days=32)).replace(day=1)
    cells = days_free(product, place, first, until, stop)
    padded: list[DayCell | None] = [None] * first.weekday() + list(cells)
    padded += [None] * (-len(padded) % 7)
    return [padded[at : at + 7] for at in range(0, len(padded), 7)]


def days_free(product: Product, place: SiteCard, first: date, until: date, stop: SiteCard | None = None) -> list[DayCell]:
    """How many of a product are free at a place on each day from one to another, half-open; with a stop, its passages are open."""
    loans, days = loan_policy(), days_of(place.id)
    ahead = frozenset(passages_ahead(loans, Handing(place.id, stop.id))) if stop else frozenset()
    there = select(func.count()).select_from(Item).where(Item.product_id == product.id, Item.site_id == place.id, Item.state.not_in(GONE))
    count = db.session.scalar(there) or 0
    load = load_by_day(place.id, first, until).get(product.id) or [0] * (until - first).days
    return [
        DayCell(day, max(0, count - taken), day in ahead, day < today(), loans.is_open(day, days))
        if stop
        else DayCell(day, max(0, count - taken), loans.is_open(day, days), day < today())
        for taken, day in zip(load, (first + timedelta(days=number) for number in range((until - first).days)), strict=True)
    ]


def taken_spans(product: Product, place: SiteCard) -> list[tuple[date, date]]:
    """From when until when, half-open, none of a product is free at a place, over the days to come."""
    spans: list[tuple[date, date]] = []
    for cell in days_free(product, place, today(), today() + timedelta(days=FEED_DAYS)):
        if cell.free:
            continue
        if spans and spans[-1][1] == cell.day:
            spans[-1] = (spans[-1][0], cell.day + timedelta(days=1))
        else:
            spans.append((cell.day, cell.day + timedelta(days=1)))
    return spans


def contents_of(product: Product) -> list[Component]:
    """What is counted with a product: the components of its thing that has the most of them, the first of those."""
    query = (
        select(Item.id)
        .outerjoin(Component, Component.item_id == Item.id)
        .where(Item.product_id == product.id, Item.state.not_in(GONE))
        .group_by(Item.id)
        .order_by(func.count(Component.id).desc(), Item.id)
        .limit(1)
    )
    number = db.session.scalar(query)
    return list(db.session.scalars(select(Component).where(Component.item_id == number).order_by(Component.id))) if number else []


def named_with(product: Product) -> tuple[list[str], list[str]]:
    """Whose the things of a product are, where they are not ours, and who funded them: to be named wherever it is shown."""
    there = (Item.product_id == product.id) & Item.state.not_in(GONE)
    owners = select(Organisation.name).join(Item, Item.owner_id == Organisation.id).where(there).distinct().order_by(Organisation.name)
    funders = select(Item.funder).where(there, Item.funder.is_not(None), Item.funder != "").distinct().order_by(Item.funder)
    return list(db.session.scalars(owners)), [each for each in db.session.scalars(funders) if each]


def requests_since(hours: int, *, source: str | None = None, reached: ColumnElement[bool] | None = None) -> int:
    """How many asked online in the last hours, from one network address, reached in one way, or anybody."""
    query = select(func.count()).select_from(OnlineRequest).where(OnlineRequest.asked_at > now() - timedelta(hours=hours))
    if source is not None:
        query = query.where(OnlineRequest.source == source)
    if reached is not None:
        query = query.join(Reservation, Reservation.id == OnlineRequest.reservation_id)
        query = query.join(Borrower, Borrower.id == Reservation.borrower_id).where(reached)
    return db.session.scalar(query) or 0


def units_unconfirmed(source: str) -> int:
    """How many units are held for what was asked online from one network address, and which nobody has confirmed."""
    query = select(func.sum(ReservationLine.quantity)).join(Reservation, Reservation.id == ReservationLine.reservation_id)
    query = query.join(OnlineRequest, OnlineRequest.reservation_id == Reservation.id)
    query = query.where(OnlineRequest.source == source, OnlineRequest.confirmed_at.is_(None), Reservation.state.in_(UNANSWERED))
    return db.session.scalar(query) or 0


def reservation_asked(number: int) -> Reservation:
    """The reservation that a signed link opens: asked for online, or told by letter that its passage is off."""
    found = db.session.get(Reservation, number)
    if found is None:
        raise NotFound
    return found
