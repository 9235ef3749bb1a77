"""What is promised of the pool: reservations of products, and what the claims say, asked by plain SQL."""

from datetime import date

from sqlalchemy import text

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import hold, pool_of
from refurb.lending.claims.settling import settle
from refurb.lending.claims.words import ClaimKind, PoolKey
from refurb.lending.models import Item


def promised(item: Item, starts: date, until: date) -> ItemClaim:
    """One more thing of an item's pool is promised for some days; on which thing is the pool's affair."""
    pool = pool_of(item)
    with unit_of_work() as session:
        hold([pool])
        claim = ItemClaim(**pool._asdict(), starts_on=starts, until_on=until, kind=ClaimKind.RESERVATION, pinned=False)
        session.add(claim)
        session.flush()
        settle(pool)
    return claim


def day_has_come(pool: PoolKey) -> None:
    """The worker looked after a pool."""
    with unit_of_work():
        hold([pool])


def taken_twice() -> list[int]:
    """The things that two live claims hold on one day, asked of the database and not of the product."""
    query = """
        SELECT one.item_id FROM claims AS one JOIN claims AS other ON other.item_id = one.item_id AND other.id > one.id
            AND other.ended_at IS NULL AND other.starts_on < one.until_on AND other.until_on > one.starts_on WHERE one.ended_at IS NULL
    """
    return list(db.session.scalars(text(query)))
