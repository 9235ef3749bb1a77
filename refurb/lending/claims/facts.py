"""What is so of a thing, as a claim on its days: it is lent, in repair, to be checked, or free again; whoever may move for it, moves.

Each of these needs the pool to be held (`pools.hold_for`) before the row of the thing is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.placing import Want, place
from refurb.lending.claims.pools import clear, make_room, pool_of, unbegun
from refurb.lending.claims.settling import CLAIMS, GONE, is_flexible, live_claims, set_free, settle, short_claims, things
from refurb.lending.claims.words import FOR_EVER, ClaimKind, PoolKey
from refurb.lending.handing import Handing
from refurb.lending.models import Item, LoanLine
from refurb.lending.terms import loan_policy
from refurb.lending.words import ItemState

OPENED: Final[Mapping[ItemState, ClaimKind]] = {
    ItemState.TO_CHECK: ClaimKind.CHECK,
    ItemState.INCOMPLETE: ClaimKind.REPAIR,
    ItemState.IN_REPAIR: ClaimKind.REPAIR,
}
"""By which claim a thing that is with us is taken; one that is out, by its loan."""

reserved_for: Final[list[Callable[[LoanLine, Item], int | None]]] = []
"""Asked at a departure: which reserved claim the thing leaves by, if its borrower reserved one. Rooms above answer."""


days_kept: Final[list[Callable[[int, Sequence[tuple[Item, date]]], Mapping[int, date]]]] = []
"""Asked about things that leave together to a borrower, each with the day before which its reservation begins: until when each is
reserved, by its number, if it is. Rooms above answer."""


class NewlyShort(Conflict):
    """Somebody who reserved would be left with nothing."""

    code = "claim.newly_short"


class TakenFrom(Conflict):
    """The thing is taken on one of these days by what cannot move."""

    code = "claim.taken_from"


def claim_open(item: Item) -> ItemClaim | None:
    """The claim by which a thing is taken now, if it is."""
    return db.session.scalar(
        select(ItemClaim).where(ItemClaim.item_id == item.id, ItemClaim.began_at.is_not(None), ItemClaim.ended_at.is_(None))
    )


def end_open(item: Item) -> None:
    """A thing is taken no more by what it was taken by."""
    db.session.execute(_END_OPEN, {"item": item.id, "at": now()})


_END_OPEN = (
    update(CLAIMS)
    .where(CLAIMS.c.item_id == bindparam("item"), CLAIMS.c.began_at.is_not(None), CLAIMS.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)


def lent_until(item: Item, due_on: date, handover_id: int | None = None) -> date:
    """Until when a thing is taken that is due on a day: with the days that its category is looked after once it is back at its place."""
    loans = loan_policy()
    return loans.taken_until(loans.terms(item.product.category), due_on, Handing(item.site_id, handover_id))


def begin_loan(item: Item, line: LoanLine) -> None:
    """A thing leaves by a line of a loan; by the claim that its borrower reserved, if there is one."""
    until = FOR_EVER if line.due_on < today() else lent_until(item, line.due_on, line.loan.handover_id)
    claim = _claim_before(line)
    if claim is None:
        claim = next((found for ask in reserved_for if (found := ask(line, item)) is not None), None)
        set_free([claim] if claim is not None else [])
    _room(item, until)
    leaving = {"item_id": item.id, "starts_on": today(), "until_on": until, "due_on": line.due_on}
    leaving |= {"kind": ClaimKind.LOAN, "began_at": now(), "ended_at": None, "pinned": True, "loan_line_id": line.id}
    if claim is None:
        _begin(item, leaving)
    else:
        db.session.execute(update(CLAIMS).where(CLAIMS.c.id == claim).values(leaving))


def _claim_before(line: LoanLine) -> int | None:
    """The claim by which a line was out before it came back by mistake."""
    return db.session.scalar(select(CLAIMS.c.id).where(CLAIMS.c.loan_line_id == line.id))


def _begin(item: Item, values: Mapping[str, Any]) -> None:
    pool = pool_of(item)
    db.session.execute(CLAIMS.insert().values(product_id=pool.product_id, site_id=pool.site_id, **values))


def _room(item: Item, until: date) -> None:
    end = make_room(item.id, today(), until)
    if end < until:
        raise TakenFrom(name=item.name, day=end)


def begin_care(item: Item, kind: ClaimKind) -> None:
    """A thing is with us and needs something first: a check for the days of its category, a repair until it is done.

    Nobody knows when what stands at another place comes home: it is taken until it does.
    """
    is_soon = kind is ClaimKind.CHECK and item.stands_at_id is None
    due = today() + timedelta(days=loan_policy().terms(item.product.category).check) if is_soon else None
    until = max(due, today() + timedelta(days=1)) if due else FOR_EVER
    clear(item.id, today(), until)
    taken = {"item_id": item.id, "starts_on": today(), "until_on": until, "due_on": due}
    _begin(item, taken | {"kind": kind, "began_at": now(), "pinned": True})


def follow_state(item: Item, line: LoanLine | None) -> frozenset[int]:
    """Write what the state of a thing means for its days, and settle its pool; returns the claims that are short by it and were not before.

    `line` is the line of the loan by which it is out.
    """
    pool = pool_of(item)
    before = short_claims(pool)
    end_open(item)
    if item.state is ItemState.LENT and line is not None:
        begin_loan(item, line)
    elif item.state in OPENED:
        _unpack(item)
        begin_care(item, OPENED[item.state])
    elif item.state in GONE:
        set_free(_reserved(item))
        _end_planned_care(item)
    return settle(pool) - before


def _unpack(item: Item) -> None:
    """What was packed for a reservation and cannot be given is packed no more: another thing may serve it."""
    if unbegun(item.id):
        packed = update(CLAIMS).where(CLAIMS.c.item_id == item.id, CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))
        db.session.execute(packed.where(CLAIMS.c.kind == ClaimKind.RESERVATION, CLAIMS.c.pinned).values(pinned=False))


def _reserved(item: Item) -> list[int]:
    query = select(CLAIMS.c.id).where(CLAIMS.c.item_id == item.id, CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))
    return list(db.session.scalars(query.where(CLAIMS.c.kind != ClaimKind.MAINTENANCE)))


def _end_planned_care(item: Item) -> None:
    """What is lost, or has left the pool, is not looked after on the days that were planned for it."""
    planned = update(CLAIMS).where(CLAIMS.c.item_id == item.id, CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))
    db.session.execute(planned.where(CLAIMS.c.kind == ClaimKind.MAINTENANCE).values(ended_at=now()))


def first_care(item: Item, days: int, not_before: date, within: int = 120) -> date | None:
    """From which day on a thing could be looked after for some days, nobody who reserved being short by it; None where there is none soon.

    Asks only, writes nothing.
    """
    pool = pool_of(item)
    claims, there = live_claims(pool), things(pool)
    fixed = [(each.item_id, each.starts_on, each.until_on) for each in claims if not is_flexible(each) and each.item_id is not None]
    wants = [Want(each.id, each.starts_on, each.until_on, each.item_id) for each in claims if is_flexible(each)]
    own = [(starts, until) for thing, starts, until in fixed if thing == item.id]
    short = list(place(there, fixed, wants).values()).count(None)
    for later in range(within):
        first = not_before + timedelta(days=later)
        last = first + timedelta(days=days)
        if all(starts >= last or until <= first for starts, until in own):
            placed = place(there, [*fixed, (item.id, first, last)], wants)
            if list(placed.values()).count(None) <= short:
                return first
    return None


def plan_care(item: Item, starts: date, until: date) -> int:
    """Take a thing for some planned days, half-open, on which it is looked after; returns the claim. What is reserved moves at `settle`.

    Raises `TakenFrom` where something that cannot move stands on one of them.
    """
    end = make_room(item.id, starts, until)
    if end < until:
        raise TakenFrom(name=item.name, day=end)
    pool = pool_of(item)
    taken = {"item_id": item.id, "starts_on": starts, "until_on": until, "kind": ClaimKind.MAINTENANCE, "pinned": True}
    made = CLAIMS.insert().values(product_id=pool.product_id, site_id=pool.site_id, **taken).returning(CLAIMS.c.id)
    return int(db.session.execute(made).scalar_one())


def change_pool(item: Item, before: PoolKey) -> frozenset[int]:
    """A thing is in another pool from now on, by what is open with it; who reserved stays, on another thing. Returns who is newly short."""
    after = pool_of(item)
    if after == before:
        return frozenset()
    short = short_claims(before)
    db.session.flush()
    set_free(_reserved(item))
    moved = update(CLAIMS).where(CLAIMS.c.item_id == item.id, CLAIMS.c.ended_at.is_(None))
    db.session.execute(moved.values(product_id=after.product_id, site_id=after.site_id))
    settle(after)
    return settle(before) - short


def change_due(line: LoanLine) -> frozenset[int]:
    """What is out is due on another day: its claim ends later or earlier. Returns who is newly short. The pool is held."""
    item, pool = line.item, pool_of(line.item)
    before = short_claims(pool)
    claim = claim_open(item)
    if claim is None or claim.loan_line_id != line.id:
        return frozenset()
    until = FOR_EVER if line.due_on < today() else lent_until(item, line.due_on, line.loan.handover_id)
    clear(item.id, claim.starts_on, until, but=claim.id)
    db.session.execute(update(CLAIMS).where(CLAIMS.c.id == claim.id).values(due_on=line.due_on, until_on=until))
    db.session.expire(claim)
    return settle(pool) - before


def refuse_if_short(short: frozenset[int], name: str, override: str | None = None) -> None:
    """Say that somebody who reserved would be left with nothing, unless a reason is given to do so all the same."""
    if short and not override:
        raise NewlyShort(name=name, count=len(short))
