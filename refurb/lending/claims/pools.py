"""Hold the pools that a deed touches, before any other row, and bring what they say of today up to date."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select, union_all, update

from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.unit_of_work import held_here
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict
from refurb.lending.claims.models import ItemClaim, Pool
from refurb.lending.claims.settling import CLAIMS, GONE, of_pool, set_free, settle
from refurb.lending.claims.words import FOR_EVER, ClaimKind, PoolKey
from refurb.lending.models import Item

on_holding: Final[list[Callable[[PoolKey], bool]]] = []
"""What is brought up to date with a pool besides: rooms above end there what has lapsed, and say whether anything had."""


class PoolChanged(Conflict):
    """The thing went to another place or product while this was asked."""

    code = "claim.pool_changed"


def hold(keys: Iterable[PoolKey]) -> list[PoolKey]:
    """Hold some pools until the end of the unit, always in the same order; called before the row of any thing, loan or reservation is held.

    What has passed meanwhile is written first: what is late is taken until it is back, what nobody fetched is let go.
    """
    held = sorted(set(keys))
    db.session.info.setdefault("pools_held", set()).update(held)
    ours = held_here()
    for key in held:
        if key not in ours:
            _raise_version(key)
            ours.add(key)
    minute = now().replace(second=0, microsecond=0)
    for key in held:
        # Who is held is changed by this unit alone, whose facts are true of today: once is enough, until the clock goes on.
        if (key, minute) in ours:
            continue
        ours.add((key, minute))
        lapsed = [bring(key) for bring in on_holding]
        if _bring_up_to_date(key, today()) or any(lapsed):
            settle(key)
    return held


_RAISE = (
    update(Pool.__table__)  # type: ignore[arg-type]  # a table, though a class may map a view
    .where(Pool.product_id == bindparam("product"), Pool.site_id == bindparam("site"))
    .values(version=Pool.version + 1)
    .returning(Pool.version)
)
"""An UPDATE, not a look that locks: it holds above READ COMMITTED too, and lets rows that point to the pool be written."""


def _raise_version(key: PoolKey) -> None:
    asked = {"product": key.product_id, "site": key.site_id}
    if db.session.execute(_RAISE, asked).first() is None:
        made = insert_into(Pool).values(product_id=key.product_id, site_id=key.site_id, version=0).on_conflict_do_nothing()
        db.session.execute(made)
        db.session.execute(_RAISE, asked)


def pools_held() -> set[PoolKey]:
    """The pools that this unit has held since this was asked last: of them something may be free that was not."""
    held: set[PoolKey] = db.session.info.pop("pools_held", set())
    return held


def pool_of(item: Item) -> PoolKey:
    """The pool in which a thing is, as it was read last."""
    return PoolKey(item.product_id, item.site_id)


def pools_lent_from() -> list[PoolKey]:
    """Every pool from which something is lent or promised, whatever its things wait for just now: whoever moves days holds them first."""
    there = select(Item.product_id, Item.site_id).where(Item.state.not_in(GONE)).distinct()
    return [PoolKey(product, site) for product, site in db.session.execute(there)]


def hold_for(*items: Item, also: Iterable[PoolKey] = ()) -> list[PoolKey]:
    """Hold the pools of some things. Read again under the lock: a thing that has gone to another pool meanwhile is told."""
    asked = {item.id: pool_of(item) for item in items}
    held, ours = hold([*asked.values(), *also]), held_here()
    if not ours.issuperset(asked.items()):
        db.session.flush()
        query = select(Item.id, Item.product_id, Item.site_id).where(Item.id.in_(asked))
        if any(asked[number] != (product, site) for number, product, site in db.session.execute(query)):
            raise PoolChanged
        ours.update(asked.items())
    return held


def _bring_up_to_date(pool: PoolKey, day: date) -> bool:
    """Whether anything of a pool had to be written since its days were looked at last."""
    if not _OUTDATED.all(**pool._asdict(), day=day):
        return False
    changed = [_let_late_block(pool, day), _let_planned_pass(pool, day), _pull_to_today(pool, day)]
    return any(changed)


_OF_POOL = (CLAIMS.c.product_id == bindparam("product_id"), CLAIMS.c.site_id == bindparam("site_id"), CLAIMS.c.ended_at.is_(None))
_OUTDATED = Read(
    union_all(
        select(CLAIMS.c.id).where(*_OF_POOL, CLAIMS.c.began_at.is_(None), CLAIMS.c.starts_on < bindparam("day")),
        select(CLAIMS.c.id).where(
            *_OF_POOL, CLAIMS.c.began_at.is_not(None), CLAIMS.c.until_on < FOR_EVER, CLAIMS.c.due_on < bindparam("day")
        ),
    )
)
"""What of a pool a day has made untrue: asked at every deed, and mostly nothing."""


def _let_late_block(pool: PoolKey, day: date) -> bool:
    """What is open past its day is taken until somebody ends it."""
    late = (
        select(CLAIMS.c.id, CLAIMS.c.item_id, CLAIMS.c.starts_on)
        .where(of_pool(pool), CLAIMS.c.began_at.is_not(None), CLAIMS.c.ended_at.is_(None))
        .where(CLAIMS.c.due_on < day, CLAIMS.c.until_on < FOR_EVER)
    )
    found = db.session.execute(late).all()
    for claim in found:
        clear(claim.item_id, claim.starts_on, FOR_EVER, but=claim.id)
        db.session.execute(update(CLAIMS).where(CLAIMS.c.id == claim.id).values(until_on=FOR_EVER))
    return bool(found)


def _let_planned_pass(pool: PoolKey, day: date) -> bool:
    """What was planned, never began and has passed is over."""
    passed = (
        update(CLAIMS)
        .where(of_pool(pool), CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None), CLAIMS.c.until_on <= day)
        .values(ended_at=now())
    )
    return bool(db.session.execute(passed.returning(CLAIMS.c.id)).all())


def _pull_to_today(pool: PoolKey, day: date) -> bool:
    """A reservation that nobody fetched yet needs its thing from today on, not for days that are past."""
    pulled = (
        update(CLAIMS)
        .where(of_pool(pool), CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))
        .where(CLAIMS.c.kind == ClaimKind.RESERVATION, CLAIMS.c.starts_on < day)
        .values(starts_on=day)
    )
    return bool(db.session.execute(pulled.returning(CLAIMS.c.id)).all())


_STANDING = Read(
    select(CLAIMS.c.id, CLAIMS.c.starts_on, CLAIMS.c.kind, CLAIMS.c.pinned)
    .where(CLAIMS.c.item_id == bindparam("item"), CLAIMS.c.ended_at.is_(None))
    .where(CLAIMS.c.until_on > bindparam("starts"), CLAIMS.c.starts_on < bindparam("until"))
)


_UNBEGUN = Read(
    select(CLAIMS.c.id).where(CLAIMS.c.item_id == bindparam("item"), CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None)).limit(1)
)


def unbegun(item_id: int) -> bool:
    """Whether anything is promised or planned of a thing for days to come: mostly nothing, and then there is nothing to move."""
    return _UNBEGUN.scalar(item=item_id) is not None


def make_room(item_id: int, starts: date, until: date) -> date:
    """Take the reservations that may move off a thing for some days; returns until when it is free: what is fixed there stays."""
    end, movable = until, []
    for claim in _STANDING.all(item=item_id, starts=starts, until=until):
        if claim.kind is ClaimKind.RESERVATION and not claim.pinned:
            movable.append(claim.id)
        else:
            end = min(end, claim.starts_on)
    set_free(movable)
    return end


def clear(item_id: int, starts: date, until: date, *, but: int = 0) -> None:
    """A thing is not there for some days, whatever was meant to be done with it: what is reserved moves, from out of its bag too.

    Whoever was to look after it then does not: that claim ends, and its days are planned anew (`upkeep.due`).
    """
    if not unbegun(item_id):
        return
    there = (
        update(CLAIMS)
        .where(CLAIMS.c.item_id == item_id, CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None), CLAIMS.c.id != but)
        .where(CLAIMS.c.until_on > starts, CLAIMS.c.starts_on < until)
    )
    db.session.execute(there.where(CLAIMS.c.kind != ClaimKind.RESERVATION).values(ended_at=now()))
    db.session.execute(there.where(CLAIMS.c.kind == ClaimKind.RESERVATION).values(item_id=None, pinned=False))


def outdated_pools() -> list[PoolKey]:
    """The pools of which something has passed that nobody wrote yet, in their order."""
    day = today()
    live = select(ItemClaim.product_id, ItemClaim.site_id).distinct()
    late = live.where(ItemClaim.began_at.is_not(None), ItemClaim.ended_at.is_(None), ItemClaim.due_on < day, ItemClaim.until_on < FOR_EVER)
    passed = live.where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None), ItemClaim.starts_on < day)
    return sorted({PoolKey(*row) for query in (late, passed) for row in db.session.execute(query)})
