"""Whoever asked online changes the days of what the desk had accepted: the desk decides again."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.lending.reservations.actions import change
from refurb.lending.reservations.rules import AnswerTooLate
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, open_day, refused_from_here, reserved
from tests.support.story import desk, promises


def changed(reservation, starts, ends):
    lines = [{"product_id": each.product_id, "quantity": each.quantity} for each in reservation.lines]
    with unit_of_work():
        change(SERVICE, reservation, from_on=open_day(starts), to_on=open_day(ends), lines=lines, by_borrower=True)


@pytest.mark.parametrize("answer", ["approve", "offer"])
def test_it_works(context, answer):
    made = reserved(promises.printer(), starts=5, ends=10)
    fire(made, answer)
    changed(made, 8, 14)
    assert (made.state, len(live(made)), last_event(made).move) == (ReservationState.PENDING, 1, "ask_again")
    assert made.expires_at > clock.now()


def test_what_nobody_has_to_accept_stays_accepted(context):
    made = reserved(desk.kit(), starts=5, ends=10)
    changed(made, 8, 14)
    assert (made.state, made.expires_at) == (ReservationState.APPROVED, None)


def test_not_what_waits_already_whose_time_does_not_grow(context):
    made = reserved(promises.printer(), starts=5, ends=10)
    refused_from_here(made, "ask_again")
    before = made.expires_at
    with clock.at(before - timedelta(hours=1)):
        changed(made, 8, 14)
        assert (made.state, made.expires_at) == (ReservationState.PENDING, before)
    with clock.at(before), pytest.raises(AnswerTooLate):
        changed(made, 9, 15)
