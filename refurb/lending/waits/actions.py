"""Wait for what is taken; be offered what is free again, in the same transaction that frees it; take it or let it pass to the next."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from refurb.directory.sites.rules import chosen_site
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import plan_text
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock, on_closing, on_opening
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Refusal
from refurb.lending.claims.pools import hold, pools_held
from refurb.lending.claims.settling import things
from refurb.lending.claims.words import PoolKey
from refurb.lending.handing import Handing, chosen_stop
from refurb.lending.items.queries import product_by_id
from refurb.lending.models import Borrower
from refurb.lending.reservations.actions import offer_to
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.queries import free_for
from refurb.lending.reservations.rules import days_are_possible, is_not_loaded
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.terms import loan_policy, travels
from refurb.lending.waits.models import Wait
from refurb.lending.waits.queries import wait_offered, waiting_ids, waits_on
from refurb.lending.waits.rules import FreeNow, NeverSoMany, WaitsAlready
from refurb.lending.waits.states import wait_machine
from refurb.lending.waits.words import WaitState

TELL_WAITING = "tell_waiting"


def wait_for(
    actor: Actor,
    borrower: Borrower,
    *,
    product_id: int,
    from_on: date,
    to_on: date,
    quantity: int,
    site_id: int | None = None,
    handover_id: int | None = None,
) -> Wait:
    """Put somebody on the list for so many of a product at a place, for days half-open; with `handover_id` between passages of that stop.

    Refused where it is free (`FreeNow`), where the place has not so many, where the days are against the policy, where the vehicle is
    loaded for that passage, and for whoever waits already.
    """
    check(actor, Permission.LOAN_WRITE)
    site, product = chosen_site(actor, site_id), product_by_id(product_id)
    pool = PoolKey(product.id, site)
    hold([pool])
    loans, handing = loan_policy(), Handing(site, chosen_stop(handover_id))
    travels(loans, loans.terms(product.category), handing)
    days_are_possible(loans, [product], from_on, to_on, handing.days)
    is_not_loaded(loans, from_on, handing)
    count = len(things(pool))
    if quantity > count:
        raise NeverSoMany(name=product.name, count=count)
    if any(each.borrower_id == borrower.id for each in waits_on(product.id, site, from_on, to_on)):
        raise WaitsAlready(name=product.name)
    if free_for(product, handing, from_on, to_on) >= quantity:
        raise FreeNow(name=product.name, from_on=from_on, to_on=to_on)
    wait = Wait(
        reference=next_reference("LA"),
        borrower_id=borrower.id,
        product_id=product.id,
        site_id=site,
        handover_id=handing.handover_id,
        from_on=from_on,
        to_on=to_on,
        quantity=quantity,
        state=WaitState.WAITING,
        asked_at=now(),
    )
    wait_machine.begin(wait, actor, product_id=product.id, from_on=from_on, to_on=to_on, quantity=quantity)
    return wait


def serve_waits(pool: PoolKey) -> int:
    """Offer what is free of a pool to those who wait for it, the first to ask first; how many were offered something. The pool is held.

    Somebody who waits for more than is free is passed over, and stays first.
    """
    return sum(_serve(number) for number in waiting_ids(pool))


def _serve(number: int) -> bool:
    wait = db.session.get_one(Wait, number)
    if free_for(wait.product, wait.handing, wait.from_on, wait.to_on) < wait.quantity:
        return False
    made = _offered(wait)
    if made is None:
        return False
    wait.reservation_id = made.id
    wait_machine.fire(wait, "offer", SERVICE, reservation_id=made.id)
    plan(TELL_WAITING, wait_id=wait.id)
    plan_text(TELL_WAITING, SmsKind.WAITS, wait_id=wait.id)
    return True


def _offered(wait: Wait) -> Reservation | None:
    """The reservation that is offered; none where the policy refuses now what it allowed when it was asked, or the van is loaded."""
    try:
        with db.session.begin_nested():
            is_not_loaded(loan_policy(), wait.from_on, wait.handing)
            return offer_to(wait.borrower, wait.product, wait.quantity, wait.from_on, wait.to_on, wait.handing)
    except Refusal:
        return None


def _serve_held(_session: Session) -> None:
    """At the end of every deed: whatever it freed is offered before anybody else sees it free."""
    for pool in sorted(pools_held()):
        serve_waits(pool)
    pools_held()


def _forget_held(_session: Session) -> None:
    pools_held()


on_opening.append(_forget_held)
on_closing.insert(0, _serve_held)


def _follow(reservation: Reservation, row: Move[Any], _actor: Actor, _facts: dict[str, Any]) -> None:
    """The answer to what was offered is the answer of who waited."""
    if row.name not in _ANSWERS:
        return
    wait = wait_offered(reservation.id)
    if wait is not None and wait.state is WaitState.OFFERED:
        wait_machine.fire(wait, _ANSWERS[row.name], SERVICE)


_ANSWERS = {
    "approve": "take", "confirm": "take", "leave": "take",
    "refuse": "lapse", "cancel": "lapse", "expire": "lapse", "miss": "lapse",
}  # fmt: skip
reservation_machine.followers.append(_follow)


def let_waits_pass() -> int:
    """Whoever waited for days that have begun waits no more; how many. Done by the worker."""
    passed = select(Wait).where(Wait.state == WaitState.WAITING, Wait.from_on < today()).order_by(Wait.id)
    waits = db.session.scalars(passed).all()
    for wait in waits:
        lock(wait)
        wait_machine.fire(wait, "lapse", SERVICE)
    return len(waits)
