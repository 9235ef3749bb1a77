"""The borrower says yes to what was held for an answer."""

from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, refused_from_here, refused_to_strangers, reserved
from tests.support.story import desk


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
