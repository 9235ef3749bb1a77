"""Move the hidden bindings of a pool so that as many reservations as can be served are; whoever is not, is short."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select, union_all, update

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.placing import Want, place
from refurb.lending.claims.words import ClaimKind, PoolKey
from refurb.lending.models import Item
from refurb.lending.words import ItemState

GONE = (ItemState.LOST, ItemState.RETIRED)
"""Where a thing is when nothing can be promised of it."""
CLAIMS: Any = ItemClaim.__table__
_FREE = update(CLAIMS).where(CLAIMS.c.id.in_(bindparam("claims", expanding=True))).values(item_id=None, pinned=False)
_BIND = update(CLAIMS).where(CLAIMS.c.id == bindparam("claim")).values(item_id=bindparam("thing"))


def of_pool(pool: PoolKey) -> Any:
    """The condition that a claim is one of a pool."""
    return (CLAIMS.c.product_id == pool.product_id) & (CLAIMS.c.site_id == pool.site_id)


# Each half as the condition of its own index is written. Asked at every deed: prepared.
_COLUMNS = tuple(CLAIMS.c[name] for name in ("id", "item_id", "starts_on", "until_on", "began_at", "pinned", "kind"))
_OF_POOL = (CLAIMS.c.product_id == bindparam("product_id"), CLAIMS.c.site_id == bindparam("site_id"), CLAIMS.c.ended_at.is_(None))
_HALVES = tuple(select(*_COLUMNS).where(*_OF_POOL, begun) for begun in (CLAIMS.c.began_at.is_(None), CLAIMS.c.began_at.is_not(None)))
_LIVE = Read(union_all(*_HALVES))
_TOUCHING = (CLAIMS.c.until_on > bindparam("starts"), CLAIMS.c.starts_on < bindparam("until"), CLAIMS.c.item_id.is_not(None))
_NEAR = Read(union_all(*(half.where(*_TOUCHING) for half in _HALVES)))
_THINGS = Read(
    select(Item.id)
    .where(Item.product_id == bindparam("product_id"), Item.site_id == bindparam("site_id"), Item.state.not_in(GONE))
    .order_by(Item.id)
)
_SHORT = Read(select(CLAIMS.c.id).where(*_OF_POOL, CLAIMS.c.began_at.is_(None), CLAIMS.c.item_id.is_(None)))
_NEIGHBOURS = timedelta(days=30)
"""How far around some days is looked for what lies beside them on a thing, so that small gaps are filled first."""


def live_claims(pool: PoolKey) -> list[Any]:
    """The claims of a pool that have not ended, the oldest first: id, item_id, starts_on, until_on, began_at, pinned, kind."""
    return sorted(_LIVE.all(**pool._asdict()), key=lambda row: row.id)


def is_flexible(claim: Any) -> bool:
    """Whether a claim may stand on another thing of its pool."""
    return claim.kind is ClaimKind.RESERVATION and claim.began_at is None and not claim.pinned


def things(pool: PoolKey) -> list[int]:
    """The things of a pool of which something can be promised."""
    return [row[0] for row in _THINGS.all(**pool._asdict())]


def idle_things(pool: PoolKey, quantity: int, starts: date, until: date) -> list[int]:
    """So many things on which nothing stands on some days, those with the smallest gaps around first; fewer where there are not so many.

    Nothing is moved to make room: where it finds too few, `settle` may find more.
    """
    near = _NEAR.all(**pool._asdict(), starts=starts - _NEIGHBOURS, until=min(until, date.max - _NEIGHBOURS) + _NEIGHBOURS)
    stand = [(each.item_id, each.starts_on, each.until_on) for each in near]
    placed = place(things(pool), stand, [Want(number, starts, until) for number in range(quantity)])
    return [item for item in placed.values() if item is not None]


def placing_of(pool: PoolKey, *more: Want) -> dict[int, int | None]:
    """Where each reservation of a pool would stand, were there some more; writes nothing."""
    return _placed(pool, live_claims(pool), *more)


def _placed(pool: PoolKey, claims: Sequence[Any], *more: Want) -> dict[int, int | None]:
    fixed = [(each.item_id, each.starts_on, each.until_on) for each in claims if not is_flexible(each) and each.item_id is not None]
    wants = [Want(each.id, each.starts_on, each.until_on, each.item_id) for each in claims if is_flexible(each)]
    return place(things(pool), fixed, [*wants, *more])


def settle(pool: PoolKey) -> frozenset[int]:
    """Bind every reservation of a pool that can be bound, moving others where need be; returns the claims that are short.

    The caller holds the pool (`pools.hold`) and has written its facts. Moves go through « none », so that no wall is touched between.
    Where nobody is without a thing everybody stands where they stood: what is taken away from a claim is written on it first.
    """
    if not short_claims(pool):
        return frozenset()
    claims = {each.id: each for each in live_claims(pool)}
    wanted = _placed(pool, [*claims.values()])
    moves = {claim: item for claim, item in wanted.items() if claims[claim].item_id != item}
    set_free(claim for claim in moves if claims[claim].item_id is not None)
    bound = [{"claim": claim, "thing": item} for claim, item in moves.items() if item is not None]
    if bound:
        db.session.execute(_BIND, bound)
    lost = [each.id for each in claims.values() if each.item_id is None and each.id not in wanted]
    return frozenset([claim for claim, item in wanted.items() if item is None] + lost)


def short_claims(pool: PoolKey) -> frozenset[int]:
    """The claims of a pool that nothing is left for, as they stand."""
    return frozenset(row[0] for row in _SHORT.all(**pool._asdict()))


def set_free(claims: Iterable[int]) -> None:
    """Take claims off their things; `settle` finds them others."""
    if free := list(claims):
        db.session.execute(_FREE, {"claims": free})
