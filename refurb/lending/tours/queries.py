"""What is fetched and brought back at each stop of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.directory.rota.models import Passage
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.lending.claims.models import ItemClaim
from refurb.lending.models import Item, Loan, LoanLine
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.words import TO_COME


@dataclass(frozen=True)
class ToLoad:
    """A reservation that is fetched at a stop: its things as they are bound now (code, name), those in their bag, how many are missing."""

    reservation: Reservation
    things: Sequence[tuple[str, str]]
    short: int
    packed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StopOfTour:
    """A stop of a day, in the order of the road: what is loaded for it, and the lines that are to come back there, late ones among them.

    `away` is what was given back there, and is to travel home.
    """

    passage: Passage
    load: Sequence[ToLoad]
    back: Sequence[LoanLine]
    away: Sequence[Item] = ()


def tour_list(actor: Actor, passages: Sequence[Passage], day: date) -> list[StopOfTour]:
    """What is to be loaded and taken back at the stops of a day; `NotFound` for whoever may not read loans."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    sites = [each.site_id for each in passages]
    load, back = _to_load(sites, day), _to_come_back(sites, day)
    away = db.session.scalars(select(Item).where(Item.stands_at_id.in_(sites)).order_by(Item.id)).all()
    return [
        StopOfTour(
            each,
            [found for found in load if found.reservation.handover_id == each.site_id],
            [line for line in back if line.loan.handover_id == each.site_id],
            [item for item in away if item.stands_at_id == each.site_id],
        )
        for each in passages
    ]


def _to_load(sites: Sequence[int], day: date) -> list[ToLoad]:
    query = select(Reservation).where(Reservation.handover_id.in_(sites), Reservation.from_on == day, Reservation.state.in_(TO_COME))
    wide = query.options(joinedload(Reservation.borrower), selectinload(Reservation.lines).joinedload(ReservationLine.product))
    found = db.session.scalars(wide.order_by(Reservation.id)).all()
    claims = (
        select(ReservationLine.reservation_id, Item.code, Item.name, ItemClaim.pinned)
        .join(ItemClaim, ItemClaim.line_id == ReservationLine.id)
        .outerjoin(Item, Item.id == ItemClaim.item_id)
        .where(ReservationLine.reservation_id.in_([each.id for each in found]))
        .where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None))
        .order_by(ReservationLine.id, Item.name)
    )
    rows = db.session.execute(claims).all()
    return [
        ToLoad(
            each,
            [(row.code, row.name) for row in rows if row.reservation_id == each.id and row.code is not None],
            sum(row.reservation_id == each.id and row.code is None for row in rows),
            frozenset(row.code for row in rows if row.reservation_id == each.id and row.pinned and row.code is not None),
        )
        for each in found
    ]


def _to_come_back(sites: Sequence[int], day: date) -> Sequence[LoanLine]:
    query = (
        select(LoanLine)
        .join(LoanLine.loan)
        .join(LoanLine.item)
        .options(contains_eager(LoanLine.loan).joinedload(Loan.borrower), contains_eager(LoanLine.item))
        .where(LoanLine.back_at.is_(None), LoanLine.due_on <= day, Loan.handover_id.in_(sites))
    )
    return db.session.scalars(query.order_by(LoanLine.due_on, LoanLine.id)).all()
