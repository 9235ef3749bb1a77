"""How many of each product are free for some days: at least, at most, and exactly where the two differ and somebody wants to know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.claims.placing import Want, place
from refurb.lending.claims.settling import CLAIMS, GONE, is_flexible, live_claims, placing_of, things
from refurb.lending.claims.words import FOR_EVER, LONGEST, ClaimKind, PoolKey
from refurb.lending.models import Item

_NEWEST = 2**62
"""Above the number of any claim: whoever only asks comes after all who stand."""


@dataclass(frozen=True)
class Free:
    """Of a product, for some days: how many things there are, at least and at most so many of them free."""

    count: int
    at_least: int
    at_most: int

    @property
    def is_exact(self) -> bool:
        """Whether both bounds are the same."""
        return self.at_least == self.at_most


NOTHING = Free(0, 0, 0)


def free_of(products: Iterable[int], site_id: int, starts: date, until: date) -> dict[int, Free]:
    """What is free of each product at a place, for days half-open; a product without things there is not in it.

    An open claim past its day reaches to the end; a reservation that is short counts once, as something asked for.
    """
    wanted = list(products)
    stock = _stock(wanted, site_id)
    busy = _busy(wanted, site_id, starts, until)
    planned = _with_fixed_plans(wanted, site_id)
    found = {product: _bounds(stock[product], busy.get(product, ()), starts, until) for product in wanted if product in stock}
    return {product: free if product in planned else replace(free, at_least=free.at_most) for product, free in found.items()}


def _with_fixed_plans(products: Sequence[int], site_id: int) -> frozenset[int]:
    """The products of which something is planned that cannot move.

    Of all others counting is exact: what is fixed there has begun, so it lies at the beginning of the days of its thing, and what may move
    can be dealt out as intervals are coloured.
    """
    fixed = (CLAIMS.c.kind != ClaimKind.RESERVATION) | CLAIMS.c.pinned
    query = select(CLAIMS.c.product_id).where(CLAIMS.c.site_id == site_id, CLAIMS.c.product_id.in_(products), fixed).distinct()
    return frozenset(db.session.scalars(query.where(CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))))


def _stock(products: Sequence[int], site_id: int) -> dict[int, int]:
    query = select(Item.product_id, func.count()).where(Item.site_id == site_id, Item.state.not_in(GONE), Item.product_id.in_(products))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Item.product_id))}


def _busy(products: Sequence[int], site_id: int, starts: date, until: date) -> Mapping[int, list[Any]]:
    """The live claims that touch some days, by product. What is planned is never longer than `LONGEST`, which keeps this flat."""
    columns = (CLAIMS.c.product_id, CLAIMS.c.item_id, CLAIMS.c.starts_on, CLAIMS.c.until_on, CLAIMS.c.due_on, CLAIMS.c.began_at)
    live = select(*columns).where(CLAIMS.c.site_id == site_id, CLAIMS.c.product_id.in_(products), CLAIMS.c.starts_on < until)
    furthest = min(until, FOR_EVER - timedelta(days=LONGEST)) + timedelta(days=LONGEST)
    planned = live.where(CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None), CLAIMS.c.until_on > starts, CLAIMS.c.until_on < furthest)
    begun = live.where(CLAIMS.c.began_at.is_not(None), CLAIMS.c.ended_at.is_(None))
    late = CLAIMS.c.due_on < today()
    found: dict[int, list[Any]] = defaultdict(list)
    for query in (planned, begun.where((CLAIMS.c.until_on > starts) | late)):
        for row in db.session.execute(query).all():
            found[row.product_id].append(row)
    return found


def end_of(claim: Any) -> date:
    """Until when a claim takes its thing: what is late, for ever."""
    is_late = claim.began_at is not None and claim.due_on is not None and claim.due_on < today()
    until: date = claim.until_on
    return FOR_EVER if is_late else until


def _bounds(count: int, busy: Sequence[Any], starts: date, until: date) -> Free:
    touched = {each.item_id for each in busy if each.item_id is not None}
    steps = [step for each in busy for step in ((max(each.starts_on, starts), 1), (min(end_of(each), until), -1))]
    most = load = 0
    for _day, step in sorted(steps):  # An end comes before a start on the same day.
        load += step
        most = max(most, load)
    at_most = max(0, count - most)
    return Free(count, min(max(0, count - len(touched)), at_most), at_most)


def how_many(pool: PoolKey, starts: date, until: date, free: Free) -> int:
    """Exactly how many are free, by trying: what is promised may be moved to make room. At least and at most say where to look."""
    if free.is_exact:
        return free.at_most
    asked = [Want(_NEWEST + number, starts, until) for number in range(free.at_most)]
    placed = placing_of(pool, *asked)
    return sum(placed[each.id] is not None for each in asked)


def nearest_start(pool: PoolKey, quantity: int, spans: Iterable[tuple[date, date, date]]) -> date | None:
    """Of some days that could be asked (day, start, end) the first on which so many are free; None if none is."""
    claims = live_claims(pool)
    fixed = [(each.item_id, each.starts_on, each.until_on) for each in claims if not is_flexible(each) and each.item_id is not None]
    wants = [Want(each.id, each.starts_on, each.until_on, each.item_id) for each in claims if is_flexible(each)]
    there = things(pool)
    if quantity > len(there):
        return None
    for day, starts, until in spans:
        asked = [Want(_NEWEST + number, starts, until) for number in range(quantity)]
        placed = place(there, fixed, [*wants, *asked])
        if all(placed[each.id] is not None for each in asked):
            return day
    return None


def load_by_day(site_id: int, starts: date, until: date) -> dict[int, list[int]]:
    """How many things of each product of a place are taken on each day of some, half-open: the sums of a month."""
    days = (until - starts).days
    columns = (CLAIMS.c.product_id, CLAIMS.c.starts_on, CLAIMS.c.until_on, CLAIMS.c.due_on, CLAIMS.c.began_at)
    live = select(*columns).where(CLAIMS.c.site_id == site_id, CLAIMS.c.starts_on < until, CLAIMS.c.ended_at.is_(None))
    late = CLAIMS.c.due_on < today()
    steps: dict[int, list[int]] = defaultdict(lambda: [0] * (days + 1))
    planned = live.where(CLAIMS.c.began_at.is_(None), CLAIMS.c.until_on > starts)
    for query in (planned, live.where(CLAIMS.c.began_at.is_not(None), (CLAIMS.c.until_on > starts) | late)):
        for row in db.session.execute(query).all():
            steps[row.product_id][(max(row.starts_on, starts) - starts).days] += 1
            steps[row.product_id][(min(end_of(row), until) - starts).days] -= 1
    return {product: _running(each[:days]) for product, each in steps.items()}


def _running(steps: Sequence[int]) -> list[int]:
    sums, load = [], 0
    for step in steps:
        load += step
        sums.append(load)
    return sums
