"""What the counter means for reservations: a thing leaves by its borrower's reservation, which is out, and done when all is back."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import bindparam, func, select

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.reads import Read
from refurb.lending.claims.facts import days_kept, reserved_for
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import pool_of
from refurb.lending.claims.words import ClaimKind
from refurb.lending.items.states import item_machine
from refurb.lending.models import Item, LoanLine
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import ReservationState

FETCHED = frozenset({ReservationState.APPROVED, ReservationState.HELD})

# What was fetched in part, and not the rest in time, is done when that part is back, before the worker has said that it left.
_BACK_FROM = frozenset({ReservationState.OUT, ReservationState.APPROVED})


def claim_of_borrower(line: LoanLine, item: Item) -> int | None:
    """The claim that a departure uses: the one in whose bag it lies, else the borrower's first that begins before the thing is due."""
    return db.session.scalar(
        select(ItemClaim.id)
        .join(ReservationLine, ReservationLine.id == ItemClaim.line_id)
        .join(Reservation, Reservation.id == ReservationLine.reservation_id)
        .where(Reservation.borrower_id == line.loan.borrower_id, Reservation.state.in_(FETCHED))
        .where(ItemClaim.product_id == item.product_id, ItemClaim.site_id == item.site_id, ItemClaim.kind == ClaimKind.RESERVATION)
        .where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None), ItemClaim.starts_on < line.due_on)
        .order_by(ItemClaim.item_id.is_distinct_from(item.id) | ItemClaim.pinned.is_(False), ItemClaim.starts_on, ItemClaim.id)
        .limit(1)
    )


def days_reserved(borrower_id: int | None, leaving: Sequence[tuple[Item, date]]) -> dict[int, date]:
    """Until when each of some things that leave together is reserved for a borrower, by its number: each reserved unit serves one of them.

    What lies in a bag goes by that bag; the others by what is reserved, in the order of the days. Each thing is told with the day before
    which its reservation begins.
    """
    if borrower_id is None:
        return {}
    found: dict[int, date] = {}
    pools = {pool_of(item): [each for each in leaving if pool_of(each[0]) == pool_of(item)] for item, _before in leaving}
    for pool, things in pools.items():
        rows = _TO_FETCH.all(
            borrower=borrower_id, product=pool.product_id, site=pool.site_id, before=max(before for _item, before in things)
        )
        left = list(rows)
        for is_bagged in (True, False):
            for item, before in things:
                of_it = (row for row in left if row.starts_on < before and (not is_bagged or (row.pinned and row.item_id == item.id)))
                row = None if item.id in found else next(of_it, None)
                if row is not None:
                    left.remove(row)
                    found[item.id] = row.to_on
    return found


def _follow(item: Item, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """The reservation by which a thing left or came back goes on, once nothing of it is left to leave, or to come back."""
    if row.name not in _BY:
        return
    number = _LEFT_BY.scalar(item=item.id)
    if number is not None:
        _go_on(db.session.get_one(Reservation, number), actor)


# The moves by which a thing that was reserved leaves and comes back.
_BY = frozenset({"lend", "take_back", "take_back_damaged", "take_back_incomplete", "undo_return", "lose"})


_CLAIMS, _LINES, _OF_LOANS = cast("tuple[Any, ...]", (ItemClaim.__table__, ReservationLine.__table__, LoanLine.__table__))
_RESERVED = cast("Any", Reservation.__table__)
_TO_FETCH = Read(
    select(_CLAIMS.c.id, _CLAIMS.c.item_id, _CLAIMS.c.pinned, _CLAIMS.c.starts_on, _RESERVED.c.to_on)
    .select_from(_CLAIMS)
    .join(_LINES, _LINES.c.id == _CLAIMS.c.line_id)
    .join(_RESERVED, _RESERVED.c.id == _LINES.c.reservation_id)
    .where(_RESERVED.c.borrower_id == bindparam("borrower"), _RESERVED.c.state.in_(FETCHED))
    .where(_CLAIMS.c.product_id == bindparam("product"), _CLAIMS.c.site_id == bindparam("site"))
    .where(_CLAIMS.c.kind == ClaimKind.RESERVATION, _CLAIMS.c.starts_on < bindparam("before"))
    .where(_CLAIMS.c.began_at.is_(None), _CLAIMS.c.ended_at.is_(None))
    .order_by(_CLAIMS.c.starts_on, _CLAIMS.c.id)
)
_LEFT_BY = Read(
    select(_LINES.c.reservation_id)
    .join(_CLAIMS, _CLAIMS.c.line_id == _LINES.c.id)
    .where(_CLAIMS.c.item_id == bindparam("item"))
    .where(_CLAIMS.c.loan_line_id == select(func.max(_OF_LOANS.c.id)).where(_OF_LOANS.c.item_id == bindparam("item")).scalar_subquery())
    .order_by(_CLAIMS.c.id.desc())
    .limit(1)
)
"""The reservation whose claim the last line used by which a thing was out."""


def _go_on(reservation: Reservation, actor: Actor) -> None:
    claims = select(ItemClaim.began_at, ItemClaim.ended_at).join(ReservationLine, ReservationLine.id == ItemClaim.line_id)
    live = [each for each in db.session.execute(claims.where(ReservationLine.reservation_id == reservation.id)) if each.ended_at is None]
    if any(each.began_at is None for each in live):
        return
    state = reservation.state
    if live and state in FETCHED:
        reservation_machine.fire(reservation, "leave", actor)
    elif live and state is ReservationState.DONE:
        reservation_machine.fire(reservation, "leave_again", actor)
    elif not live and state in _BACK_FROM:
        reservation_machine.fire(reservation, "come_back", actor)


reserved_for.append(claim_of_borrower)
days_kept.append(days_reserved)
item_machine.followers.append(_follow)
