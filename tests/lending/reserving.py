"""What the tests of reservations share: two kits to promise, days that are open, who fires, and the two refusals that every row has."""

from datetime import date, timedelta

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.lending.claims.models import ItemClaim
from refurb.lending.reservations.actions import reserve
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.terms import loan_policy
from tests.support.story import desk, people


def open_day(after: int) -> date:
    """The first open day at least so many days from now."""
    return loan_policy().next_open(today() + timedelta(days=after), days_of(1))


def after(day: date) -> date:
    """The first open day after another."""
    return loan_policy().next_open(day + timedelta(days=1), days_of(1))


def reserved(*wanted, who=None, starts=3, ends=9, role=Role.DESK, **more) -> Reservation:
    """So many things of the products of some items are reserved, an item for each unit."""
    who = who or desk.borrower()
    lines = [{"product_id": each.product_id, "quantity": 1} for each in wanted]
    days = {"from_on": open_day(starts), "to_on": open_day(ends)} | more
    with unit_of_work():
        return reserve(people.actor(role), who, lines=lines, **days)


def claims_of(reservation) -> list[ItemClaim]:
    """The claims of a reservation, as the database has them."""
    query = db.session.query(ItemClaim).join(ReservationLine, ReservationLine.id == ItemClaim.line_id)
    return query.filter(ReservationLine.reservation_id == reservation.id).order_by(ItemClaim.id).populate_existing().all()


def live(reservation) -> list[ItemClaim]:
    """Those that have not ended."""
    return [each for each in claims_of(reservation) if each.ended_at is None]


def fire(reservation, name, role=Role.DESK, **facts):
    """Make a move of a reservation, as somebody of a role."""
    with unit_of_work():
        reservation_machine.fire(reservation, name, people.actor(role), **facts)
    assert last_event(reservation).move == name


def refused_from_here(reservation, name, **facts):
    """It stands where the move does not start."""
    before = reservation.state
    with pytest.raises(WrongState), unit_of_work():
        reservation_machine.fire(reservation, name, people.actor(Role.DESK), **facts)
    assert reservation.state is before


def refused_to_strangers(reservation, name, **facts):
    """Whoever has not the permission is refused, and nothing moves."""
    before = reservation.state
    with pytest.raises(Forbidden), unit_of_work():
        reservation_machine.fire(reservation, name, people.actor(Role.TECHNICIAN), **facts)
    assert reservation.state is before
