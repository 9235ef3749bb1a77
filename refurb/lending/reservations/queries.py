"""Looking up reservations: what is to come, what waits for an answer, who is short."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.personal import NamesClosed
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import fold
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.lending.borrowers.queries import borrower_by_code, meant_by
from refurb.lending.claims.availability import Free, free_of, how_many
from refurb.lending.claims.facts import lent_until
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.settling import GONE
from refurb.lending.claims.words import PoolKey
from refurb.lending.handing import Handing
from refurb.lending.models import Borrower, Item, Loan, LoanLine, Product
from refurb.lending.recalls.queries import first_recall_day, recalled_lines
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.rules import WhichBorrower
from refurb.lending.reservations.words import TO_COME, UNANSWERED, ReservationState
from refurb.lending.terms import NeverOpen, loan_policy


class WhichReservations(StrEnum):
    """Which reservations a list shows."""

    TO_COME = "a-venir"
    TO_ANSWER = "a-repondre"
    SHORT = "en-manque"
    ALL = "toutes"


_UNBEGUN = ItemClaim.began_at.is_(None) & ItemClaim.ended_at.is_(None)


def _short() -> Select[int]:
    """The reservations of which something is left without a thing."""
    lines = select(ReservationLine.reservation_id).join(ItemClaim, ItemClaim.line_id == ReservationLine.id)
    return lines.where(_UNBEGUN, ItemClaim.item_id.is_(None))


def _conditions(which: WhichReservations) -> ColumnElement[bool] | None:
    return {
        WhichReservations.TO_COME: Reservation.state.in_(TO_COME),
        WhichReservations.TO_ANSWER: Reservation.state.in_(UNANSWERED),
        WhichReservations.SHORT: Reservation.id.in_(_short()),
        WhichReservations.ALL: None,
    }[which]


RESERVATION_ORDERS = ListOrders(
    "retrait",
    Reservation.id,
    (
        ListOrder("reference", _lp("reservation", "Référence"), (Reservation.id,), Compared.DATE),
        ListOrder("emprunteur", _l("Emprunteur"), (Borrower.search,)),
        ListOrder("retrait", _l("Retrait le"), (Reservation.from_on,), Compared.DATE),
        ListOrder("retour", _l("Retour le"), (Reservation.to_on,), Compared.DATE),
        ListOrder("etat", _l("État"), (steps_of(Reservation.state, ReservationState),), Compared.STEPS),
    ),
)


@dataclass(frozen=True)
class ReservationRow:
    """One reservation of a list: `what` are (name of the product, how many), `short` how many units are left without a thing."""

    reference: str
    state: ReservationState
    from_on: date
    to_on: date
    borrower: str
    borrower_code: str
    phone: str | None
    what: Sequence[tuple[str, int]]
    short: int


def reservation_listing(actor: Actor, which: WhichReservations, typed: str, site_id: int | None = None) -> Listing:
    """Reservations as `ReservationRow`s; `NotFound` for whoever may not read loans."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    query = select(
        Reservation.id, Reservation.reference, Reservation.state, Reservation.from_on, Reservation.to_on,
        Borrower.name.label("borrower"), Borrower.code.label("borrower_code"), Borrower.phone,
    ).join(Borrower, Borrower.id == Reservation.borrower_id)  # fmt: skip
    condition = _conditions(which)
    if condition is not None:
        query = query.where(condition)
    if site_id:
        query = query.where(Reservation.site_id == site_id)
    if typed:
        query = query.where(meant_by(actor, Reservation.reference, "RS", typed))
    return Listing(query, RESERVATION_ORDERS, shaped=_shaped)


def _shaped(rows: Sequence[Any]) -> list[ReservationRow]:
    ids = [row.id for row in rows]
    what: dict[int, list[tuple[str, int]]] = defaultdict(list)
    lines = select(ReservationLine.reservation_id, Product.name, ReservationLine.quantity).join(
        Product, Product.id == ReservationLine.product_id
    )
    for number, name, quantity in db.session.execute(lines.where(ReservationLine.reservation_id.in_(ids)).order_by(ReservationLine.id)):
        what[number].append((name, quantity))
    short = short_of(ids)
    return [
        ReservationRow(
            row.reference, row.state, row.from_on, row.to_on, row.borrower, row.borrower_code, row.phone, what[row.id], short.get(row.id, 0)
        )
        for row in rows
    ]


def short_of(ids: Sequence[int]) -> dict[int, int]:
    """Of some reservations, how many units are left without a thing."""
    query = (
        select(ReservationLine.reservation_id, func.count())
        .join(ItemClaim, ItemClaim.line_id == ReservationLine.id)
        .where(ReservationLine.reservation_id.in_(ids), _UNBEGUN, ItemClaim.item_id.is_(None))
        .group_by(ReservationLine.reservation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def out_that_could_serve(reservation: Reservation) -> list[tuple[str, int, str, date, bool]]:
    """What is out, not late, and back in time where it is recalled, of what a reservation is short of, the soonest first, at most five.

    Reference, line, name, day of return, if recalled already.
    """
    of_it = ItemClaim.line_id.in_([line.id for line in reservation.lines])
    short = select(ItemClaim.product_id).where(of_it, _UNBEGUN, ItemClaim.item_id.is_(None))
    query = (
        select(LoanLine, LoanLine.id.in_(recalled_lines()))
        .join(LoanLine.loan)
        .join(LoanLine.item)
        .options(contains_eager(LoanLine.loan), contains_eager(LoanLine.item).joinedload(Item.product))
        .where(Item.site_id == reservation.site_id, Item.product_id.in_(short))
        .where(LoanLine.back_at.is_(None), LoanLine.said_back_at.is_(None), LoanLine.due_on > today())
        .order_by(LoanLine.due_on, LoanLine.id)
    )
    rows = db.session.execute(query).all()
    reached = ((line, is_recalled) for line, is_recalled in rows if _serves_by(line, reservation.from_on, is_recalled=is_recalled))
    return [(line.loan.reference, line.id, line.item.name, line.due_on, is_recalled) for line, is_recalled in islice(reached, 5)]


def _serves_by(line: LoanLine, from_on: date, *, is_recalled: bool) -> bool:
    """Whether what is out is looked after and free on a day, if it is recalled now, or was."""
    try:
        back = line.due_on if is_recalled else first_recall_day(line)
    except NeverOpen:
        return False
    return back <= line.due_on and lent_until(line.item, back, line.loan.handover_id) <= from_on


def count_short(actor: Actor) -> int:
    """How many reservations are short; for the navigation and the list."""
    if not actor.may(Permission.LOAN_READ):
        return 0
    return db.session.scalar(select(func.count()).select_from(_short().distinct().subquery())) or 0


def count_unanswered(actor: Actor) -> int:
    """How many reservations wait for an answer."""
    if not actor.may(Permission.LOAN_READ):
        return 0
    return db.session.scalar(select(func.count()).select_from(Reservation).where(Reservation.state.in_(UNANSWERED))) or 0


def count_pending(actor: Actor) -> int:
    """How many requests wait for the desk to decide."""
    if not actor.may(Permission.LOAN_READ):
        return 0
    waiting = (Reservation.state == ReservationState.PENDING) & (Reservation.expires_at > now())
    return db.session.scalar(select(func.count()).select_from(Reservation).where(waiting)) or 0


def reservation_by_reference(actor: Actor, reference: str) -> Reservation:
    """A reservation with its borrower and lines; `NotFound` for whoever may not read loans."""
    query = select(Reservation).where(Reservation.reference == reference.upper())
    wide = query.options(joinedload(Reservation.borrower), selectinload(Reservation.lines).joinedload(ReservationLine.product))
    found = db.session.scalar(wide) if actor.may(Permission.LOAN_READ) else None
    if found is None:
        raise NotFound
    return found


def loans_from(reservation: Reservation) -> list[str]:
    """The references of the loans by which its things left."""
    query = (
        select(Loan.reference)
        .join(LoanLine, LoanLine.loan_id == Loan.id)
        .join(ItemClaim, ItemClaim.loan_line_id == LoanLine.id)
        .join(ReservationLine, ReservationLine.id == ItemClaim.line_id)
        .where(ReservationLine.reservation_id == reservation.id)
        .distinct()
    )
    return sorted(db.session.scalars(query))


_UNITS: tuple[Any, ...] = (Product.category, func.sum(ReservationLine.quantity).label("units"))
_RESERVED = Read(
    select(*_UNITS)
    .join(Reservation, Reservation.id == ReservationLine.reservation_id)
    .join(Product, Product.id == ReservationLine.product_id)
    .where(Reservation.borrower_id == bindparam("borrower"), Reservation.state.in_(TO_COME), Reservation.id != bindparam("but"))
    .where(Reservation.from_on < bindparam("until"), Reservation.to_on > bindparam("first"))
    .group_by(Product.category)
)


def reserved_now(borrower_id: int, first: date, until: date, *, but: int = 0) -> dict[str, int]:
    """How many units of each category a borrower has reserved on some days that have not left; `but` leaves one reservation out."""
    return {row.category: int(row.units) for row in _RESERVED.all(borrower=borrower_id, but=but, first=first, until=until)}


def has_lapsed(at: Any, day: Any) -> ColumnElement[bool]:
    """Reservations that nobody answered by an instant, or fetched by a day."""
    unanswered = Reservation.state.in_(UNANSWERED) & (Reservation.expires_at <= at)
    return or_(unanswered, (Reservation.state == ReservationState.APPROVED) & (Reservation.kept_until < day))


def lapsed_now() -> ColumnElement[bool]:
    """Reservations that nobody answered in time, or fetched."""
    return has_lapsed(now(), today())


def has_left(reservation: Reservation) -> bool:
    """Whether something of it is out, or was."""
    lines = select(ReservationLine.id).where(ReservationLine.reservation_id == reservation.id)
    query = select(ItemClaim.id).where(ItemClaim.line_id.in_(lines), ItemClaim.began_at.is_not(None)).limit(1)
    return db.session.scalar(query) is not None


def is_out(reservation: Reservation) -> bool:
    """Whether something of it is out now."""
    lines = select(ReservationLine.id).where(ReservationLine.reservation_id == reservation.id)
    out = select(ItemClaim.id).where(ItemClaim.line_id.in_(lines), ItemClaim.began_at.is_not(None), ItemClaim.ended_at.is_(None)).limit(1)
    return db.session.scalar(out) is not None


@dataclass(frozen=True)
class Offer:
    """A product for some days: its bounds, and how many exactly are free."""

    product: Product
    free: Free
    exactly: int


def offers(site_id: int, starts: dict[str, date], until: dict[str, date]) -> list[Offer]:
    """Every product that has things at a place, by name; `starts` and `until` are what is taken, by category."""
    there = select(Item.product_id).where(Item.site_id == site_id)
    products = {each.id: each for each in db.session.scalars(select(Product).where(Product.id.in_(there)))}
    found = []
    for category in sorted({each.category for each in products.values()}):
        ids = [number for number, each in products.items() if each.category == category]
        told = offers_of(ids, site_id, starts[category], until[category])
        found += [Offer(products[number], free, exactly) for number, (free, exactly) in told.items()]
    return sorted(found, key=lambda each: fold(each.product.name))


def offers_of(products: Iterable[int], site_id: int, starts: date, until: date) -> dict[int, tuple[Free, int]]:
    """Of some products at a place, for days half-open: the bounds of what is free, and how many exactly."""
    free = free_of(products, site_id, starts, until)
    return {number: (each, how_many(PoolKey(number, site_id), starts, until, each)) for number, each in free.items()}


def reservations_of(condition: ColumnElement[bool], most: int = 8) -> Sequence[Reservation]:
    """The next reservations to come under a condition, with borrower and lines."""
    query = select(Reservation).where(Reservation.state.in_(TO_COME), condition).order_by(Reservation.from_on, Reservation.id).limit(most)
    wide = query.options(joinedload(Reservation.borrower), selectinload(Reservation.lines).joinedload(ReservationLine.product))
    return db.session.scalars(wide).all()


def promised_of(item: Item, most: int = 8) -> Sequence[Reservation]:
    """The next reservations of a thing's product at its place; which thing each gets is decided when it leaves."""
    lines = select(ReservationLine.reservation_id).where(ReservationLine.product_id == item.product_id)
    return reservations_of(Reservation.id.in_(lines) & (Reservation.site_id == item.site_id), most)


def reserved_by(borrower: Borrower, most: int = 8) -> Sequence[Reservation]:
    """What a borrower has reserved that has not left."""
    return reservations_of(Reservation.borrower_id == borrower.id, most)


def free_for(product: Product, handing: Handing, from_on: date, to_on: date) -> int:
    """How many of a product are exactly free for what would leave and come back on these days, at a place or a stop; the pool is held."""
    starts, until = blocked_days(product, handing, from_on, to_on)
    found = free_of([product.id], handing.site_id, starts, until).get(product.id)
    return how_many(PoolKey(product.id, handing.site_id), starts, until, found) if found else 0


def blocked_days(product: Product, handing: Handing, from_on: date, to_on: date) -> tuple[date, date]:
    """From when until when, half-open, a thing of a product is taken that leaves and comes back on these days."""
    loans = loan_policy()
    terms = loans.terms(product.category)
    return max(today(), loans.taken_from(terms, from_on, handing)), loans.taken_until(terms, to_on, handing)


def products_at(site_id: int, but: Sequence[int] = ()) -> Sequence[Product]:
    """Every product that has things at a place, by name; `but` leaves some out."""
    there = select(Item.product_id).where(Item.site_id == site_id, Item.state.not_in(GONE))
    return db.session.scalars(select(Product).where(Product.id.in_(there), Product.id.not_in(but)).order_by(Product.name)).all()


def borrowers_named(actor: Actor, typed: str, most: int = 8) -> Sequence[Borrower]:
    """Those whom a name may mean, by name, for somebody to choose; nobody for whoever sees no names."""
    words = fold(typed)
    if not words or not actor.may(Permission.BORROWER_READ) or not actor.sees_names:
        return ()
    query = select(Borrower).where(Borrower.search.contains(words, autoescape=True)).options(joinedload(Borrower.organisation))
    return db.session.scalars(query.order_by(Borrower.search, Borrower.id).limit(most)).all()


def borrower_meant(actor: Actor, typed: str) -> Borrower:
    """The borrower whose card or name was typed; `WhichBorrower` where it is nobody's, or several have it.

    By her card alone for whoever sees no names: an answer to a name would tell it. Raises `NamesClosed`.
    """
    if find_code(typed):
        return borrower_by_code(actor, typed)
    if not actor.may(Permission.BORROWER_READ):
        raise NotFound
    if not actor.sees_names:
        raise NamesClosed
    words = fold(typed)
    found = db.session.scalars(select(Borrower).where(Borrower.search.contains(words, autoescape=True)).limit(3)).all() if words else []
    exact = [each for each in found if fold(each.name) == words] or found
    if len(exact) != 1:
        raise WhichBorrower(typed=typed, count=len(exact))
    return exact[0]
