"""Whoever says yes to what was offered has it."""

from refurb.lending.reservations.words import ReservationState
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import fire
from tests.lending.waiting import offer_of, taken_and_waited_for


def test_it_works(context):
    taken, (wait,) = taken_and_waited_for()
    fire(taken, "cancel", reason="plus besoin")
    offered = offer_of(wait)
    fire(offered, "confirm")
    assert (offered.state, wait.state) == (ReservationState.APPROVED, WaitState.TAKEN)
