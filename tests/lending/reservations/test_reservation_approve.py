"""Somebody agrees to a reservation for which the policy wants to be asked; its things are held meanwhile."""

import pytest

from refurb.kernel.speech import clock
from refurb.lending.reservations.rules import AnswerTooLate
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, refused_from_here, refused_to_strangers, reserved
from tests.support.story import desk, promises


def test_it_works(context):
    printer = promises.printer()
    made = reserved(printer)
    assert (made.state, len(live(made))) == (ReservationState.PENDING, 1)
    fire(made, "approve")
    assert (made.state, len(live(made))) == (ReservationState.APPROVED, 1)


def test_not_what_was_never_asked_and_not_by_the_workshop(context):
    refused_from_here(reserved(desk.kit()), "approve")
    refused_to_strangers(reserved(promises.printer()), "approve")


def test_not_after_its_time_when_it_holds_nothing(context):
    made = reserved(promises.printer(), starts=20, ends=25)
    with clock.at(made.expires_at), pytest.raises(AnswerTooLate):
        fire(made, "approve")
    assert (made.state, len(live(made))) == (ReservationState.PENDING, 1)
