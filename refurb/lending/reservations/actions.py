"""Reserve products for days to come, change that, and let go what nobody answered or fetched."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update

from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.kept import asks_once
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.rulings import RuledLine, ruled
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import midnight, now, today
from refurb.kernel.speech.words import _, _n
from refurb.lending.claims.availability import free_of, how_many, nearest_start
from refurb.lending.claims.midnight import bring_up_to_date
from refurb.lending.claims.pools import hold, on_holding
from refurb.lending.claims.settling import CLAIMS, idle_things, settle
from refurb.lending.claims.words import ClaimKind, PoolKey
from refurb.lending.guarantees.rules import is_lent_away
from refurb.lending.handing import Handing, chosen_stop
from refurb.lending.items.queries import product_by_id
from refurb.lending.models import Borrower, Product
from refurb.lending.reservations.deciding import kept_days
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.queries import has_lapsed, has_left, is_out, lapsed_now, reserved_now
from refurb.lending.reservations.rules import (
    NoneFree,
    NotFree,
    NothingReserved,
    NotToCome,
    TooManyAtOnce,
    answered_in_time,
    days_are_possible,
    is_not_loaded,
    spans_near,
)
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import UNANSWERED, ReservationState
from refurb.lending.suspensions.rules import is_not_suspended
from refurb.lending.terms import LOANS, LoanPolicy, Terms, loan_policy, travels

Wanted = Mapping[int, int]


def wanted_of(lines: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """How many of each product, from lines that may name one twice; none of it is not asked for."""
    asked: Counter[int] = Counter()
    for line in lines:
        asked[line["product_id"]] += line["quantity"]
    return {product: quantity for product, quantity in asked.items() if quantity > 0}


@asks_once()
def reserve(
    actor: Actor,
    borrower: Borrower,
    *,
    from_on: date,
    to_on: date,
    lines: Iterable[Mapping[str, Any]],
    site_id: int | None = None,
    handover_id: int | None = None,
    to_confirm: bool = False,
    dates: int = 1,
    by_borrower: bool = False,
) -> Reservation:
    """Promise somebody so many of some products from one place, from the day they leave to the day they come back, half-open.

    With `handover_id` both days are passages of that stop. `lines` are mappings of `product_id` and `quantity`. Each unit takes a thing at
    once, which may change until it leaves. Where a category asks for approval it is *pending* (`hold` days of the policy), with
    `to_confirm` *held* for the borrower's answer.
    `dates` is of how many dates the request is that it is one of. Reserved `by_borrower`, who may be anybody that knows a name and an
    address, it is not said here whether loans are suspended: that is asked of whoever confirms.
    Refused (`rules`) where the days or the numbers are against the policy, and where not so many are free; nothing is written then.
    """
    check(actor, Permission.LOAN_WRITE)
    site, wanted = chosen_site(actor, site_id), wanted_of(lines)
    loans = loan_policy().for_whom(borrower.kind, site)
    products = [product_by_id(number) for number in sorted(wanted)]
    hold(PoolKey(each.id, site) for each in products)
    handing = Handing(site, chosen_stop(handover_id))
    if not by_borrower:
        is_not_suspended(borrower)
    _check(loans, borrower, products, wanted, from_on, to_on, handing)
    if by_borrower:
        is_not_loaded(loans, from_on, handing)
    answer = _answer(loans, products, to_confirm=to_confirm, dates=dates)
    return _promise(loans, actor, borrower, products, wanted, from_on, to_on, handing, answer)


def _promise(
    loans: LoanPolicy,
    actor: Actor,
    borrower: Borrower,
    products: Sequence[Product],
    wanted: Wanted,
    from_on: date,
    to_on: date,
    handing: Handing,
    answer: Mapping[str, Any],
) -> Reservation:
    """Write what was found possible, with its claims; `answer` is the state it begins in and when it lapses."""
    reservation = Reservation(
        reference=next_reference("RS"),
        borrower_id=borrower.id,
        site_id=handing.site_id,
        handover_id=handing.handover_id,
        from_on=from_on,
        to_on=to_on,
        made_at=now(),
        kept_until=_kept_until(loans, products, from_on, to_on, handing),
        policy_version=loans.version,
        **answer,
    )
    reservation_machine.begin(
        reservation, actor, from_on=from_on, to_on=to_on, lines=[[number, wanted[number]] for number in sorted(wanted)]
    )
    _take(loans, reservation, products, wanted, handing)
    return reservation


def offer_to(borrower: Borrower, product: Product, quantity: int, from_on: date, to_on: date, handing: Handing) -> Reservation:
    """Keep for somebody what they waited for: held for the hours of the policy, or asked of the desk where it decides. The pool is held."""
    loans, wanted = loan_policy().for_whom(borrower.kind, handing.site_id), {product.id: quantity}
    terms = loans.terms(product.category)
    is_not_suspended(borrower)
    _check(loans, borrower, [product], wanted, from_on, to_on, handing)
    state = ReservationState.PENDING if terms.approval else ReservationState.HELD
    lapses = _lapses([terms]) if terms.approval else loans.after_open_hours(now(), terms.offer, handing.days_kept)
    last = from_on + timedelta(days=0 if handing.handover_id else 1)  # What travels is answered for before it is loaded.
    answer = {"state": state, "expires_at": min(lapses, midnight(last))}
    return _promise(loans, SERVICE, borrower, [product], wanted, from_on, to_on, handing, answer)


def _answer(loans: LoanPolicy, products: Sequence[Product], *, to_confirm: bool, dates: int = 1) -> dict[str, Any]:
    """The state a reservation begins in, and when it lapses without an answer."""
    terms = [loans.terms(each.category) for each in products]
    asking = [each for each in terms if each.wants_approval(dates)]
    if not asking and not to_confirm:
        return {"state": ReservationState.APPROVED}
    return {"state": ReservationState.PENDING if asking else ReservationState.HELD, "expires_at": _lapses(asking or terms)}


def _lapses(terms: Iterable[Terms]) -> datetime:
    lapses: datetime = now() + timedelta(days=min(each.hold for each in terms))
    return lapses


def _kept_until(loans: LoanPolicy, products: Sequence[Product], from_on: date, to_on: date, handing: Handing) -> date:
    """The last day on which all of it is kept: as the policy says, and not past the days for which it is taken."""
    return min(day for day, _line in kept_days(loans, products, from_on, to_on, handing))


def _check(
    loans: LoanPolicy,
    borrower: Borrower,
    products: Sequence[Product],
    wanted: Wanted,
    from_on: date,
    to_on: date,
    handing: Handing,
    but: int = 0,
) -> None:
    if not products:
        raise NothingReserved
    days_are_possible(loans, products, from_on, to_on, handing.days)
    held = reserved_now(borrower.id, from_on, to_on, but=but)
    for category in sorted({each.category for each in products}):
        terms = loans.terms(category)
        is_lent_away(loans, terms)
        travels(loans, terms, handing)
        asked = sum(wanted[each.id] for each in products if each.category == category)
        if held.get(category, 0) + asked > terms.at_once:
            facts = {"most": terms.at_once, "held": held.get(category, 0), "asked": asked}
            refusal = TooManyAtOnce(rule=terms.name, version=loans.version, **facts)
            line = _n("%(name)s : %(num)s à la fois", "%(name)s : %(num)s à la fois", terms.at_once, name=terms.name)
            why = _("réservés déjà : %(held)s, demandés : %(asked)s", held=held.get(category, 0), asked=asked)
            raise ruled(refusal, LOANS.name, loans.version, RuledLine(line, why))


def _take(loans: LoanPolicy, reservation: Reservation, products: Sequence[Product], wanted: Wanted, handing: Handing) -> None:
    """The claims of a reservation, one a unit, each on a thing; or `NotFree`. Others are moved where nothing lies idle."""
    site = reservation.site_id
    for product in products:
        terms = loans.terms(product.category)
        starts = max(today(), loans.taken_from(terms, reservation.from_on, handing))
        until = loans.taken_until(terms, reservation.to_on, handing)
        idle: list[int | None] = [*idle_things(PoolKey(product.id, site), wanted[product.id], starts, until)]
        if len(idle) < wanted[product.id]:
            _refuse_unless_free(loans, reservation, product, wanted[product.id], starts, until)
            idle = [None] * wanted[product.id]
        asked = {"reservation_id": reservation.id, "product_id": product.id, "quantity": wanted[product.id]}
        line = db.session.scalar(_LINE, asked)
        claim = {"product_id": product.id, "site_id": site, "starts_on": starts, "until_on": until, "due_on": reservation.to_on}
        claim |= {"kind": ClaimKind.RESERVATION, "pinned": False, "line_id": line}
        made = db.session.scalars(_CLAIM, [claim | {"item_id": item} for item in idle]).all()
        if idle[0] is None and settle(PoolKey(product.id, site)) & set(made):
            raise _not_free(loans, reservation, product, wanted[product.id], starts, until)


# Written without the session's unit of work around them: they are many, and nothing of them is changed through it here.
_LINES: Any = ReservationLine.__table__
_LINE = _LINES.insert().returning(_LINES.c.id)
_CLAIM = CLAIMS.insert().returning(CLAIMS.c.id)


def _refuse_unless_free(loans: LoanPolicy, reservation: Reservation, product: Product, quantity: int, starts: date, until: date) -> None:
    """Counted first: most refusals need no more, and nobody writes a thousand claims to be told no."""
    free = free_of([product.id], reservation.site_id, starts, until).get(product.id)
    if free is None or quantity > free.at_most:
        raise _not_free(loans, reservation, product, quantity, starts, until)


def _not_free(
    loans: LoanPolicy, reservation: Reservation, product: Product, quantity: int, starts: date, until: date
) -> NotFree | NoneFree:
    """What is free of a product on some days, and the next day on which so many are. What this reservation took is not counted."""
    ours = select(ReservationLine.id).where(ReservationLine.reservation_id == reservation.id, ReservationLine.product_id == product.id)
    db.session.execute(CLAIMS.delete().where(CLAIMS.c.line_id.in_(ours)))
    pool = PoolKey(product.id, reservation.site_id)
    found = free_of([product.id], reservation.site_id, starts, until).get(product.id)
    free = how_many(pool, starts, until, found) if found else 0
    spans = spans_near(loans, loans.terms(product.category), reservation.from_on, reservation.to_on, reservation.handing)
    nearest = nearest_start(pool, quantity, spans)
    facts = {"name": product.name, "wanted": quantity, "free": free, "from_on": reservation.from_on, "to_on": reservation.to_on}
    return NotFree(**facts, nearest=nearest) if nearest else NoneFree(**facts)


def change(
    actor: Actor, reservation: Reservation, *, from_on: date, to_on: date, lines: Iterable[Mapping[str, Any]], by_borrower: bool = False
) -> Reservation:
    """Write the days and the numbers anew, with new days to answer; refused, the old ones stay. What has left already is not changed.

    Changed `by_borrower`, it lapses when it would have lapsed, and what the desk accepted is to be accepted again where a category asks
    for approval; refused once nobody answered in time. Whether loans are suspended is asked then by whoever knows who it is.
    """
    check(actor, Permission.LOAN_WRITE)
    site, wanted = reservation.site_id, wanted_of(lines)
    loans = loan_policy().for_whom(reservation.borrower.kind, site)
    products = [product_by_id(number) for number in sorted(wanted)]
    hold({*(PoolKey(each.id, site) for each in products), *pools_of(reservation)})
    lock(reservation)
    if not reservation.state.is_to_come or has_left(reservation):
        raise NotToCome(reference=reservation.reference)
    if by_borrower:
        answered_in_time(reservation)
    else:
        is_not_suspended(reservation.borrower)
    handing = reservation.handing
    _check(loans, reservation.borrower, products, wanted, from_on, to_on, handing, but=reservation.id)
    if by_borrower and from_on != reservation.from_on:
        is_not_loaded(loans, from_on, handing)
    before = {
        "from_on": reservation.from_on,
        "to_on": reservation.to_on,
        "lines": [[each.product_id, each.quantity] for each in reservation.lines],
    }
    pools_before = pools_of(reservation)
    _drop_lines(reservation)
    reservation.from_on, reservation.to_on = from_on, to_on
    reservation.kept_until = _kept_until(loans, products, from_on, to_on, handing)
    if reservation.state in UNANSWERED and not by_borrower:
        reservation.expires_at = _lapses(loans.terms(each.category) for each in products)
    reservation.policy_version = loans.version
    _take(loans, reservation, products, wanted, handing)
    for pool in pools_before:
        settle(pool)
    db.session.expire(reservation, ["lines"])
    after = {"from_on": from_on, "to_on": to_on, "lines": [[number, wanted[number]] for number in sorted(wanted)]}
    record(reservation, "changed", actor, before=before, after=after)
    if by_borrower and reservation.state is not ReservationState.PENDING and any(loans.terms(each.category).approval for each in products):
        reservation_machine.fire(reservation, "ask_again", actor)
    return reservation


def _drop_lines(reservation: Reservation) -> None:
    """Nothing of it has left: its claims and lines are written anew; the history keeps what they were."""
    lines = [each.id for each in reservation.lines]
    db.session.execute(CLAIMS.delete().where(CLAIMS.c.line_id.in_(lines)))
    db.session.execute(delete(ReservationLine).where(ReservationLine.id.in_(lines)))
    db.session.expire(reservation, ["lines"])


def pools_of_lines(products: Iterable[int], site_id: int) -> list[PoolKey]:
    """The pools of some products at a place, in their order."""
    return sorted({PoolKey(product, site_id) for product in products})


def pools_of(reservation: Reservation) -> list[PoolKey]:
    """The pools that a reservation takes of."""
    query = select(ReservationLine.product_id).where(ReservationLine.reservation_id == reservation.id)
    return pools_of_lines(db.session.scalars(query), reservation.site_id)


def _hold_pools(reservation: Reservation) -> None:
    """Only those in which something is still promised: when the last thing leaves or comes back, its pool is held already, and rows too."""
    unbegun = select(CLAIMS.c.product_id).where(_promised(reservation)).distinct()
    hold(pools_of_lines(db.session.scalars(unbegun), reservation.site_id))


def _promised(reservation: Reservation) -> ColumnElement[bool]:
    """The claims of what it is promised and has not left."""
    lines = select(ReservationLine.id).where(ReservationLine.reservation_id == reservation.id)
    return and_(CLAIMS.c.line_id.in_(lines), CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None))


reservation_machine.held_first.append(_hold_pools)


def _let_go(reservation: Reservation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """What was promised and has not left is free again: first for who is short."""
    ended = update(CLAIMS).where(_promised(reservation)).values(ended_at=now()).returning(CLAIMS.c.product_id)
    for pool in pools_of_lines(db.session.scalars(ended).all(), reservation.site_id):
        settle(pool)


@reservation_machine.does("cancel")
def _cancel(reservation: Reservation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """What has left in part is out, and comes back: it is not cancelled any more."""
    if has_left(reservation):
        raise NotToCome(reference=reservation.reference)


@reservation_machine.does("offer")
def _offer(reservation: Reservation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """The borrower has the days of the policy to answer, from now."""
    loans = loan_policy()
    reservation.expires_at = _lapses(loans.terms(each.product.category) for each in reservation.lines)


@reservation_machine.does("ask_again")
def _ask_again(reservation: Reservation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """The desk has the days of the policy to decide anew."""
    loans = loan_policy()
    terms = [loans.terms(each.product.category) for each in reservation.lines]
    reservation.expires_at = _lapses([each for each in terms if each.approval] or terms)


def _answered(reservation: Reservation, row: Move[Any], _actor: Actor, _facts: dict[str, Any]) -> None:
    """Once it is answered, or fetched, it lapses no more for want of an answer."""
    if row.name in _ANSWERS:
        reservation.expires_at = None


_ANSWERS = frozenset({"approve", "confirm", "leave"})
reservation_machine.followers.append(_answered)


for _name in ("refuse", "cancel", "expire", "miss", "leave"):
    reservation_machine.does(_name)(_let_go)


def end_lapsed(pool: PoolKey) -> bool:
    """What nobody answered or fetched in time holds nothing of a pool any more; whether there was any. The worker writes its state."""
    lapsed = [row.id for row in _LAPSED.all(**pool._asdict(), now=now(), today=today())]
    if lapsed:
        db.session.execute(update(CLAIMS).where(CLAIMS.c.id.in_(lapsed)).values(ended_at=now()))
    return bool(lapsed)


_LAPSED = Read(
    select(CLAIMS.c.id)
    .join(ReservationLine, ReservationLine.id == CLAIMS.c.line_id)
    .join(Reservation, Reservation.id == ReservationLine.reservation_id)
    .where(CLAIMS.c.product_id == bindparam("product_id"), CLAIMS.c.site_id == bindparam("site_id"))
    .where(CLAIMS.c.began_at.is_(None), CLAIMS.c.ended_at.is_(None), has_lapsed(bindparam("now"), bindparam("today")))
)
on_holding.append(end_lapsed)


def _lapses_by(reservation: Reservation) -> str:
    """What has left in part is out with that part."""
    if has_left(reservation):
        return "leave"
    return "expire" if reservation.state in UNANSWERED else "miss"


def let_lapse() -> int:
    """Reservations that nobody answered expire, those that nobody fetched are missed; how many. Done by the worker."""
    lapsed = db.session.scalars(select(Reservation).where(lapsed_now()).order_by(Reservation.id)).all()
    hold({pool for each in lapsed for pool in pools_of(each)})
    for each in lapsed:
        reservation_machine.fire(each, _lapses_by(each), SERVICE)
        if each.state is ReservationState.OUT and not is_out(each):
            reservation_machine.fire(each, "come_back", SERVICE)
    return len(lapsed)


def let_days_pass() -> int:
    """What the days that pass do to what is promised: what lapsed is let go, what is late blocks; how many reservations and pools."""
    return let_lapse() + bring_up_to_date()
