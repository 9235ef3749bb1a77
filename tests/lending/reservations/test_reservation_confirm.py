"""The borrower says yes to what was held for an answer."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.lending.reservations.actions import change
from refurb.lending.reservations.rules import AnswerTooLate
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, refused_from_here, refused_to_strangers, reserved
from tests.support.story import desk, people


def test_it_works(context):
    made = reserved(desk.kit(), to_confirm=True)
    assert made.state is ReservationState.HELD
    fire(made, "confirm")
    assert (made.state, len(live(made))) == (ReservationState.APPROVED, 1)


def test_not_twice_and_not_by_the_workshop(context):
    made = reserved(desk.kit(), to_confirm=True)
    refused_to_strangers(made, "confirm")
    fire(made, "confirm")
    refused_from_here(made, "confirm")


def test_not_after_its_time_until_it_is_changed(context):
    kit = desk.kit()
    made = reserved(kit, to_confirm=True, starts=20, ends=25)
    with clock.at(made.expires_at):
        with pytest.raises(AnswerTooLate):
            fire(made, "confirm")
        with unit_of_work():
            lines = [{"product_id": kit.product_id, "quantity": 1}]
            change(people.actor(Role.DESK), made, from_on=made.from_on, to_on=made.to_on, lines=lines)
        fire(made, "confirm")
        assert (made.state, made.expires_at, len(live(made))) == (ReservationState.APPROVED, None, 1)
