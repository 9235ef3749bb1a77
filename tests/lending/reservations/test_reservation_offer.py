"""A request is accepted on the condition that the borrower still says yes, for which there are some days from now on."""

import pytest

from refurb.kernel.speech import clock
from refurb.lending.reservations.rules import AnswerTooLate
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, refused_from_here, refused_to_strangers, reserved
from tests.support.story import desk, promises


def test_it_works(context):
    made = reserved(promises.printer(), starts=20, ends=25)
    before = made.expires_at
    with clock.at(before - (before - made.made_at) / 2):
        fire(made, "offer")
    assert (made.state, len(live(made))) == (ReservationState.HELD, 1)
    assert made.expires_at > before


def test_not_what_was_never_asked_and_not_by_the_workshop(context):
    refused_from_here(reserved(desk.kit()), "offer")
    refused_to_strangers(reserved(promises.printer()), "offer")


def test_not_after_its_time_when_it_holds_nothing(context):
    made = reserved(promises.printer(), starts=20, ends=25)
    with clock.at(made.expires_at), pytest.raises(AnswerTooLate):
        fire(made, "offer")
    assert (made.state, len(live(made))) == (ReservationState.PENDING, 1)
