"""Looking up piles: the one that is open at a desk, those put aside, the one recorded last; and what they mean for other things."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.directory.rota.queries import stop_here
from refurb.documents.models import Signing
from refurb.documents.signing import waits
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today, zone
from refurb.lending.claims.availability import NOTHING, free_of, how_many
from refurb.lending.claims.facts import lent_until
from refurb.lending.claims.pools import pool_of
from refurb.lending.counter.models import Pile, PileLine, PilePhoto
from refurb.lending.counter.words import PileLineKind
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.queries import is_late
from refurb.lending.reservations.following import days_reserved
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.packing import packed_bag, packed_from
from refurb.lending.reservations.queries import reservations_of
from refurb.lending.reservations.words import ReservationState
from refurb.lending.words import ItemState

_FETCHED = (ReservationState.APPROVED, ReservationState.HELD)


def begin_of_today() -> datetime:
    """The instant at which this day began here."""
    return datetime.combine(today(), time(), zone())


def _piles(actor: Actor) -> Select[Pile]:
    things = selectinload(Pile.lines).joinedload(PileLine.item)
    return (
        select(Pile)
        .where(Pile.account_id == actor.id, Pile.opened_at >= begin_of_today())
        .options(
            joinedload(Pile.borrower).joinedload(Borrower.organisation),
            joinedload(Pile.retained),
            things.joinedload(Item.product),
            things.selectinload(Item.components),
            selectinload(Pile.lines).selectinload(PileLine.photos).load_only(PilePhoto.line_id, PilePhoto.count_id),
        )
    )


def open_pile(actor: Actor, *, held: bool = False) -> Pile | None:
    """What lies on this actor's counter, with its things and what belongs to them; held by the same statement where it is to be changed."""
    found = _piles(actor).where(Pile.put_aside_at.is_(None), Pile.recorded_at.is_(None))
    if held:
        db.session.flush()
        found = found.with_for_update(of=Pile).execution_options(populate_existing=True)
    return db.session.scalar(found)


def piles_aside(actor: Actor) -> Sequence[Pile]:
    """The piles that this actor put aside today, the oldest first."""
    return db.session.scalars(_piles(actor).where(Pile.put_aside_at.is_not(None), Pile.recorded_at.is_(None)).order_by(Pile.id)).all()


def pile_aside(actor: Actor, number: int) -> Pile | None:
    """One of them."""
    return db.session.scalar(_piles(actor).where(Pile.id == number, Pile.put_aside_at.is_not(None), Pile.recorded_at.is_(None)))


def last_recorded(actor: Actor) -> Pile | None:
    """What this actor recorded last today."""
    found = _piles(actor).where(Pile.recorded_at.is_not(None)).options(joinedload(Pile.loan).joinedload(Loan.paper))
    return db.session.scalars(found.order_by(Pile.recorded_at.desc(), Pile.id.desc()).limit(1)).unique().first()


def lines_out(items: Sequence[Item]) -> dict[int, LoanLine]:
    """By which line each of some things is out, by the thing's id, with loan, borrower and counts."""
    ids = [each.id for each in items if each.state is ItemState.LENT]
    if not ids:
        return {}
    query = (
        select(LoanLine)
        .where(LoanLine.item_id.in_(ids), LoanLine.back_at.is_(None))
        .join(LoanLine.loan)
        .options(contains_eager(LoanLine.loan).joinedload(Loan.borrower).joinedload(Borrower.organisation), selectinload(LoanLine.counts))
    )
    return {line.item_id: line for line in db.session.scalars(query)}


def stop_of_pile(pile: Pile) -> int | None:
    """The stop of the rota at which whoever has the pile is now: what leaves there is brought back there. None at a place of ours."""
    here = stop_here(pile.account_id)
    return here.site_id if here else None


def is_reserved_for_another(line: PileLine, due_on: date) -> bool:
    """Whether a thing would be missing to somebody who reserved, if it left with the others of its product on this pile."""
    item, pile = line.item, line.pile
    same = [
        each
        for each in pile.lines
        if each.kind is PileLineKind.LEAVES and not each.stays_out and each is not line and pool_of(each.item) == pool_of(item)
    ]
    asked = len(same) + 1 - len(days_reserved(pile.borrower_id, [(each, due_on) for each in (*(one.item for one in same), item)]))
    if asked <= 0:
        return False
    until, pool = lent_until(item, due_on, stop_of_pile(pile)), pool_of(item)
    free = free_of([item.product_id], item.site_id, today(), until).get(item.product_id, NOTHING)
    return how_many(pool, today(), until, free) < asked


def bag_in_the_way(line: PileLine, due_on: date) -> Reservation | None:
    """In whose bag a thing lies that somebody else fetches before it would be back here; None where it may leave meanwhile."""
    bag = packed_bag(line.item.code)
    if bag is None or bag.borrower_id == line.pile.borrower_id:
        return None
    until = lent_until(line.item, due_on, stop_of_pile(line.pile))
    return bag if packed_from(line.item) < until else None


def instead_of(item: Item, most: int = 3) -> Sequence[Item]:
    """What else of the same category is free here now, and promised to nobody today: what to offer instead of a thing."""
    query = (
        select(Item)
        .join(Item.product)
        .where(Item.state == ItemState.AVAILABLE, Item.site_id == item.site_id, Item.product_id != item.product_id)
        .where(Item.product.has(category=item.product.category))
        .order_by(Item.name)
        .limit(most * 4)
    )
    found = db.session.scalars(query).all()
    free = free_of({each.product_id for each in found}, item.site_id, today(), lent_until(item, today()))
    return [each for each in found if free.get(each.product_id, NOTHING).at_least > 0][:most]


def was_left() -> ColumnElement[bool]:
    """Of a pile of a day that is over."""
    return Pile.opened_at < min(begin_of_today(), now())


def piles_of_other_days(account_id: int | None = None) -> Sequence[Pile]:
    """What was left on counters on days before today, on one account's or on all."""
    left = select(Pile).where(was_left())
    return db.session.scalars(left if account_id is None else left.where(Pile.account_id == account_id)).all()


def out_with(borrower: Borrower, most: int = 20) -> Sequence[LoanLine]:
    """What somebody has at home and is not late, what is due first before the rest."""
    query = select(LoanLine).join(LoanLine.loan).where(Loan.borrower_id == borrower.id, LoanLine.back_at.is_(None), ~is_late())
    query = query.options(contains_eager(LoanLine.loan), joinedload(LoanLine.item)).order_by(LoanLine.due_on, LoanLine.id)
    return db.session.scalars(query.limit(most)).all()


# --- while nobody is there ------------------------------------------------------------------------------------------------


def things_to_put_back(site_id: int, most: int = 8) -> Sequence[Item]:
    """What came back here and waits to be looked at or completed, the oldest first."""
    query = (
        select(Item)
        .where(Item.site_id == site_id, Item.state.in_((ItemState.TO_CHECK, ItemState.INCOMPLETE)), Item.stands_at_id.is_(None))
        .options(joinedload(Item.product), joinedload(Item.device))
        .order_by(Item.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def things_away(site_id: int, most: int = 50) -> Sequence[Item]:
    """What was given back elsewhere than at its place: what stands here and has to travel, and what is kept here and is to come."""
    of_here = or_(Item.stands_at_id == site_id, Item.site_id == site_id)
    return db.session.scalars(select(Item).where(Item.stands_at_id.is_not(None), of_here).order_by(Item.id).limit(most)).all()


def to_be_signed(most: int = 6) -> Sequence[Loan]:
    """The loans of which the agreement waits for its signature, the oldest first."""
    unsigned = select(Signing.subject_id).where(waits(Loan.KIND))
    return db.session.scalars(
        select(Loan).where(Loan.id.in_(unsigned)).options(joinedload(Loan.borrower)).order_by(Loan.id).limit(most)
    ).all()


def expected_today(site_id: int, most: int = 8) -> tuple[Sequence[Reservation], Sequence[LoanLine]]:
    """Who comes here today: reservations to fetch, and what is due."""
    lines = (
        select(LoanLine)
        .join(LoanLine.loan)
        .where(LoanLine.back_at.is_(None), LoanLine.due_on == today(), Loan.site_id == site_id)
        .options(contains_eager(LoanLine.loan).joinedload(Loan.borrower), joinedload(LoanLine.item))
        .order_by(LoanLine.id)
        .limit(most)
    )
    fetched = reservations_of((Reservation.site_id == site_id) & (Reservation.from_on <= today()) & Reservation.state.in_(_FETCHED), most)
    return fetched, db.session.scalars(lines).all()
