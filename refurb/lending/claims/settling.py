"""Move the hidden bindings of a pool so that as many reservations as can be served are; whoever is not, is short."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from refurb.kernel.deeds.database import db
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.placing import Want, place
from refurb.lending.claims.words import ClaimKind, PoolKey
from refurb.lending.models import Item
from refurb.lending.words import ItemState

GONE = (ItemState.LOST, ItemState.RETIRED)
"""Where a thing is when nothing can be promised of it."""
CLAIMS: Any = ItemClaim.__table__
_FREE = update(CLAIMS).where(CLAIMS.c.id == bindparam("claim")).values(item_id=None)
_BIND = update(CLAIMS).where(CLAIMS.c.id == bindparam("claim")).values(item_id=bindparam("thing"))


def of_pool(pool: PoolKey) -> Any:
    """The condition that a claim is one of a pool."""
    return (CLAIMS.c.product_id == pool.product_id) & (CLAIMS.c.site_id == pool.site_id)


def live_claims(pool: PoolKey) -> list[Row[Any]]:
    """The claims of a pool that have not ended, the oldest first: id, item_id, starts_on, until_on, began_at, pinned, kind."""
    columns = ("id", "item_id", "starts_on", "until_on", "began_at", "pinned", "kind")
    query = select(*(CLAIMS.c[name] for name in columns)).where(of_pool(pool), CLAIMS.c.ended_at.is_(None))
    # Each half as the condition of its own index is written.
    halves = (query.where(CLAIMS.c.began_at.is_(None)), query.where(CLAIMS.c.began_at.is_not(None)))
    return sorted((row for half in halves for row in db.session.execute(half)), key=lambda row: row.id)


def is_flexible(claim: Row[Any]) -> bool:
    """Whether a claim may stand on another thing of its pool."""
    return claim.kind is ClaimKind.RESERVATION and claim.began_at is None and not claim.pinned


def things(pool: PoolKey) -> list[int]:
    """The things of a pool of which something can be promised."""
    query = select(Item.id).where(Item.product_id == pool.product_id, Item.site_id == pool.site_id, Item.state.not_in(GONE))
    return list(db.session.scalars(query.order_by(Item.id)))


def placing_of(pool: PoolKey, *more: Want) -> dict[int, int | None]:
    """Where each reservation of a pool would stand, were there some more; writes nothing."""
    claims = live_claims(pool)
    fixed = [(each.item_id, each.starts_on, each.until_on) for each in claims if not is_flexible(each) and each.item_id is not None]
    wants = [Want(each.id, each.starts_on, each.until_on, each.item_id) for each in claims if is_flexible(each)]
    return place(things(pool), fixed, [*wants, *more])


def settle(pool: PoolKey) -> frozenset[int]:
    """Bind every reservation of a pool that can be bound, moving others where need be; returns the claims that are short.

    The caller holds the pool (`pools.hold`) and has written its facts. Moves go through « none », so that no wall is touched between.
    """
    claims = {each.id: each for each in live_claims(pool)}
    wanted = placing_of(pool)
    moves = {claim: item for claim, item in wanted.items() if claims[claim].item_id != item}
    _write(_FREE, [{"claim": claim} for claim in moves if claims[claim].item_id is not None])
    _write(_BIND, [{"claim": claim, "thing": item} for claim, item in moves.items() if item is not None])
    lost = [each.id for each in claims.values() if each.item_id is None and each.id not in wanted]
    return frozenset([claim for claim, item in wanted.items() if item is None] + lost)


def _write(statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(statement, rows)


def short_claims(pool: PoolKey) -> frozenset[int]:
    """The claims of a pool that nothing is left for, as they stand."""
    query = select(CLAIMS.c.id).where(of_pool(pool), CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None), CLAIMS.c.item_id.is_(None))
    return frozenset(db.session.scalars(query))


def set_free(claims: Iterable[int]) -> None:
    """Take claims off their things; `settle` finds them others."""
    _write(_FREE, [{"claim": claim} for claim in claims])
