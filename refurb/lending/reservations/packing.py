"""Packing ahead: a thing is scanned into the bag of a reservation, which keeps exactly this one until it leaves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import Conflict
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import hold_for, pool_of
from refurb.lending.claims.settling import CLAIMS, set_free, settle, short_claims
from refurb.lending.claims.words import ClaimKind
from refurb.lending.models import Item
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.rules import NotToCome
from refurb.lending.reservations.words import PACKABLE
from refurb.lending.words import ItemState


class NotOfTheBag(Conflict):
    """The reservation asks for nothing like this thing, or has all of it."""

    code = "reservation.not_of_the_bag"


class NotHereToPack(Conflict):
    """The thing is not on the shelf: it is out, in repair, or packed for somebody else."""

    code = "reservation.not_here_to_pack"


def pack(actor: Actor, reservation: Reservation, item: Item) -> None:
    """Put a thing into the bag of a reservation. Who had been promised this very thing gets another, or the scan is refused."""
    check(actor, Permission.LOAN_WRITE)
    hold_for(item)
    lock(reservation)
    lock(item)
    if reservation.state not in PACKABLE:
        raise NotToCome(reference=reservation.reference)
    ours = _unpacked(reservation, item)
    if ours is None:
        raise NotOfTheBag(name=item.name, reference=reservation.reference)
    if item.state is not ItemState.AVAILABLE or packed_bag(item.code) is not None:
        raise NotHereToPack(name=item.name)
    short = short_claims(pool_of(item))
    standing = select(CLAIMS.c.id).where(CLAIMS.c.item_id == item.id, CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))
    overlapping = standing.where(CLAIMS.c.starts_on < ours.until_on, CLAIMS.c.until_on > ours.starts_on, CLAIMS.c.id != ours.id)
    set_free([*db.session.scalars(overlapping.where(CLAIMS.c.pinned.is_(False))), ours.id])
    if db.session.scalar(overlapping.where(CLAIMS.c.pinned).limit(1)) is not None:
        raise NotHereToPack(name=item.name)
    db.session.execute(update(CLAIMS).where(CLAIMS.c.id == ours.id).values(item_id=item.id, pinned=True))
    if settle(pool_of(item)) - short:
        raise NotHereToPack(name=item.name)
    record(reservation, "packed", actor, item_id=item.id)


def unpack(actor: Actor, reservation: Reservation, item: Item) -> None:
    """Take a thing out of a bag again: the reservation is served by whichever of its kind is there."""
    check(actor, Permission.LOAN_WRITE)
    hold_for(item)
    lock(reservation)
    lines = [each.id for each in reservation.lines]
    taken = (
        update(CLAIMS)
        .where(CLAIMS.c.line_id.in_(lines), CLAIMS.c.item_id == item.id, CLAIMS.c.pinned)
        .where(CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))
        .values(pinned=False)
    )
    if not db.session.execute(taken.returning(CLAIMS.c.id)).all():
        raise NotOfTheBag(name=item.name, reference=reservation.reference)
    settle(pool_of(item))
    record(reservation, "unpacked", actor, item_id=item.id)


def _unpacked(reservation: Reservation, item: Item) -> ItemClaim | None:
    """A claim of a reservation that a thing could serve and that nothing was packed for."""
    query = (
        select(ItemClaim)
        .join(ReservationLine, ReservationLine.id == ItemClaim.line_id)
        .where(ReservationLine.reservation_id == reservation.id, ItemClaim.product_id == item.product_id, ItemClaim.site_id == item.site_id)
        .where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None), ItemClaim.pinned.is_(False))
        .order_by(ItemClaim.item_id != item.id, ItemClaim.id)
        .limit(1)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def to_pack(item: Item, most: int = 3) -> Sequence[str]:
    """The references of reservations that ask for such a thing and have not packed it, the next to leave first."""
    query = (
        select(Reservation.reference)
        .join(ReservationLine)
        .join(ItemClaim, ItemClaim.line_id == ReservationLine.id)
        .where(Reservation.state.in_(PACKABLE), ItemClaim.kind == ClaimKind.RESERVATION, ItemClaim.pinned.is_(False))
        .where(ItemClaim.product_id == item.product_id, ItemClaim.site_id == item.site_id)
        .where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None))
        .group_by(Reservation.id, Reservation.reference)
        .order_by(func.min(ItemClaim.starts_on), Reservation.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def packed_items(reservations: Sequence[int]) -> Mapping[int, list[Item]]:
    """The things in the bags of some reservations, by reservation."""
    query = (
        select(ReservationLine.reservation_id, Item)
        .join(ItemClaim, ItemClaim.line_id == ReservationLine.id)
        .join(Item, Item.id == ItemClaim.item_id)
        .where(ReservationLine.reservation_id.in_(reservations), ItemClaim.kind == ClaimKind.RESERVATION, ItemClaim.pinned)
        .where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None))
        .order_by(Item.name)
    )
    found: dict[int, list[Item]] = defaultdict(list)
    for number, item in db.session.execute(query):
        found[number].append(item)
    return found


def packed_from(item: Item) -> date:
    """From which day on a thing that lies in a bag is taken by it."""
    query = select(ItemClaim.starts_on).where(ItemClaim.item_id == item.id, ItemClaim.kind == ClaimKind.RESERVATION, ItemClaim.pinned)
    unbegun = query.where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None))
    return db.session.execute(unbegun.order_by(ItemClaim.starts_on).limit(1)).scalar_one()


def packed_bag(code: str) -> Reservation | None:
    """The reservation in whose bag the thing of a code lies, with its borrower; None where it lies in none. `packed_items` has the bag."""
    query = (
        select(Reservation)
        .join(ReservationLine)
        .join(ItemClaim, ItemClaim.line_id == ReservationLine.id)
        .join(Item, Item.id == ItemClaim.item_id)
        .where(Item.code == find_code(code), ItemClaim.kind == ClaimKind.RESERVATION, ItemClaim.pinned)
        .where(ItemClaim.began_at.is_(None), ItemClaim.ended_at.is_(None))
        .order_by(ItemClaim.starts_on)
        .limit(1)
    )
    return db.session.scalar(query.options(joinedload(Reservation.borrower)))
