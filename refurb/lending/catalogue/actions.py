"""Take in what somebody without an account reserves, let them confirm, change and cancel it by a link, forget who never answered."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from refurb.directory.sites.queries import every_site, site_name
from refurb.kernel.deeds.access import SERVICE, Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import moves_made
from refurb.kernel.deeds.holds import frozen
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.folding import fold
from refurb.kernel.speech.words import _l, _p, language
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.borrowers.erasing import erase_borrowers
from refurb.lending.catalogue.queries import requests_since, units_unconfirmed
from refurb.lending.catalogue.road import stops
from refurb.lending.catalogue.rules import NoRequestLeft, StopEnded, TooManyOfOne, TooManyRequests, TooManyUnconfirmed
from refurb.lending.models import Borrower, Loan
from refurb.lending.reservations.actions import change, reserve
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.online import OnlineRequest, online_request_of
from refurb.lending.reservations.rules import TooManyAtOnce
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import TO_COME, ReservationState
from refurb.lending.suspensions.rules import is_not_suspended

MAIL_REQUEST_LINK = "mail_reservation_link"
TELL_ASKER = "tell_reservation_asker"

MOST_AN_HOUR_FROM_ONE_PLACE = 8
MOST_A_DAY_FOR_ONE_PERSON = 4
MOST_AN_HOUR = 200
MOST_UNCONFIRMED_FROM_ONE_PLACE = 12
"""So many units are held at once for requests that nobody confirmed: whoever wants more confirms first, or calls."""
SOURCE_KEPT = timedelta(days=1)
UNANSWERED_KEPT = timedelta(days=30)


def is_served(handover_id: int | None) -> None:
    """The stop that somebody saw is served still. Raises `StopEnded`."""
    if handover_id is not None and handover_id not in {each.id for each in stops()}:
        raise StopEnded(name=site_name(handover_id) if handover_id in every_site() else "–")


def _keyed(text: str) -> str:
    return hmac.new(key_for("catalogue").encode(), f"catalogue {text}".encode(), "sha256").hexdigest()


def ask_online(
    *,
    source: str,
    name: str,
    email: str | None,
    phone: str | None,
    product_id: int,
    quantity: int,
    from_on: date,
    to_on: date,
    site_id: int,
    handover_id: int | None = None,
) -> Reservation:
    """Hold a product for whoever asked, until they open the link of their letter, or somebody of the desk has called them.

    With `handover_id` it is fetched and brought back at that stop, at passages that are still to be loaded.
    Where the category asks for approval it waits for that, too. `source` is the network address, kept as a keyed hash for a day: the brake
    holds back by place, by address or number, and overall, so that nobody empties the shelves from a chair. The answer says nothing of
    whoever is named: that loans are suspended is told to whoever reads the letter, and confirms.
    """
    is_served(handover_id)
    place, email, phone = _keyed(source), (email or "").lower() or None, phone or None
    _brake(place, email, phone, quantity)
    known = _known(name, email)
    borrower = known or register_borrower(SERVICE, name=name, is_adult=True, phone=phone, email=email, anyway=True)
    told: dict[str, Any] = {"from_on": from_on, "to_on": to_on, "site_id": site_id, "handover_id": handover_id}
    told["lines"] = [{"product_id": product_id, "quantity": quantity}]
    with _without_a_word_of_others():
        made = reserve(SERVICE, borrower, to_confirm=True, by_borrower=True, **told)
    db.session.add(OnlineRequest(reservation_id=made.id, asked_at=now(), source=place, language=language(), entered=known is None))
    db.session.flush()
    if email:
        plan(MAIL_REQUEST_LINK, reservation_id=made.id)
    return made


@contextmanager
def _without_a_word_of_others() -> Iterator[None]:
    """Who types a name and an address learns nothing of what that person has reserved: the brake answers, as for anything too much."""
    try:
        yield
    except TooManyAtOnce as many:
        if many.facts["asked"] > many.facts["most"]:
            raise TooManyOfOne(most=many.facts["most"]) from None
        raise TooManyRequests from None


def _brake(place: str, email: str | None, phone: str | None, quantity: int) -> None:
    reached = [func.lower(Borrower.email) == email] if email else []
    reached += [Borrower.phone == phone] if phone else []
    if (
        requests_since(1, source=place) >= MOST_AN_HOUR_FROM_ONE_PLACE
        or any(requests_since(24, reached=each) >= MOST_A_DAY_FOR_ONE_PERSON for each in reached)
        or requests_since(1) >= MOST_AN_HOUR
    ):
        raise TooManyRequests
    if units_unconfirmed(place) + quantity > MOST_UNCONFIRMED_FROM_ONE_PLACE:
        raise TooManyUnconfirmed(most=MOST_UNCONFIRMED_FROM_ONE_PLACE)


def _known(name: str, email: str | None) -> Borrower | None:
    """A borrower of this name at this address: only whoever reads its letters confirms. A number proves nothing, and finds nobody."""
    if not email:
        return None
    query = select(Borrower).where(func.lower(Borrower.email) == email).order_by(Borrower.id)
    return next((each for each in db.session.scalars(query) if fold(each.name) == fold(name)), None)


def confirm_online(reservation: Reservation) -> Reservation:
    """Whoever asked has opened the link and pressed. What waits for the desk's approval goes on waiting. A second press changes nothing.

    Whose loans are suspended is told so here: the link came to their own address.
    """
    lock(reservation)
    asked = online_request_of(reservation)
    if asked is None or reservation.state not in TO_COME:
        raise NoRequestLeft(reference=reservation.reference)
    if asked.confirmed_at is None:
        is_not_suspended(reservation.borrower)
    if reservation.state is ReservationState.HELD:
        reservation_machine.fire(reservation, "confirm", SERVICE)
    asked.confirmed_at = asked.confirmed_at or now()
    return reservation


def cancel_online(reservation: Reservation) -> Reservation:
    """Whoever asked does not come. A second press changes nothing."""
    lock(reservation)
    if reservation.state is not ReservationState.CANCELLED:
        reservation_machine.fire(reservation, "cancel", SERVICE, reason=_p("reservation", "Par la personne, de son lien"))
    return reservation


def change_online(reservation: Reservation, *, from_on: date, to_on: date, by_letter: bool = False) -> Reservation:
    """Other days for the same things at the same place; refused, the old ones stay. It neither holds for longer, nor counts as accepted.

    Only who came `by_letter` is told that loans are suspended, or how much is reserved already.
    """
    if by_letter:
        is_not_suspended(reservation.borrower)
    lines = [{"product_id": each.product_id, "quantity": each.quantity} for each in reservation.lines]
    with nullcontext() if by_letter else _without_a_word_of_others():
        return change(SERVICE, reservation, from_on=from_on, to_on=to_on, lines=lines, by_borrower=True)


_TOLD = frozenset({"approve", "offer", "refuse", "cancel", "expire"})


def _tell_asker(reservation: Reservation, row: Move[ReservationState], actor: Actor, _facts: dict[str, object]) -> None:
    """What the desk or time decides is told to whoever asked online; what they did themselves, they know."""
    if row.name not in _TOLD or (actor is SERVICE and row.name != "expire"):
        return
    asked = online_request_of(reservation)
    if asked is not None and reservation.borrower.email:
        plan(TELL_ASKER, reservation_id=reservation.id, state=row.target.value, moves=moves_made(reservation) + 1)


reservation_machine.followers.append(_tell_asker)


def _forget_sources() -> None:
    recent = now() - SOURCE_KEPT
    db.session.execute(update(OnlineRequest).where(OnlineRequest.source.is_not(None), OnlineRequest.asked_at < recent).values(source=None))


def _asked_online() -> Select[Any]:
    """Who was entered by asking online, and never confirmed."""
    query = select(Reservation.borrower_id).join(OnlineRequest, OnlineRequest.reservation_id == Reservation.id)
    return query.where(OnlineRequest.entered, OnlineRequest.confirmed_at.is_(None))


def _never_confirmed() -> ColumnElement[bool]:
    """Who asked online, never confirmed, and has nothing else with us: all that was ever reserved is one request that led to nothing."""
    reserved = select(func.count()).select_from(Reservation).where(Reservation.borrower_id == Borrower.id).scalar_subquery()
    old = OnlineRequest.asked_at < now() - UNANSWERED_KEPT
    over = Reservation.state.in_((ReservationState.EXPIRED, ReservationState.CANCELLED, ReservationState.REFUSED))
    return Borrower.id.in_(_asked_online().where(old, over)) & Borrower.id.not_in(select(Loan.borrower_id)) & (reserved == 1)


forget_requests = Term(
    key="lending.unconfirmed",
    who=_l("Personne qui réserve en ligne, et ne confirme pas"),
    what=_l("nom, courriel, téléphone"),
    remains=_l("Qu'une demande a été faite, pour quels jours"),
    lasts=UNANSWERED_KEPT,
    model=Borrower,
    past=_never_confirmed,
    rest=lambda: Borrower.forgotten_at.is_(None) & Borrower.id.in_(_asked_online()),
    held=lambda: Borrower.id.in_(frozen(Borrower.KIND)),
    forget=erase_borrowers,
    aside=_forget_sources,
    covers=("online_requests",),
    hourly=True,
)
