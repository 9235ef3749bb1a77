"""A request is refused with its reason; nothing is held any more."""

from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, refused_from_here, refused_to_strangers, reserved
from tests.support.story import desk, promises

WHY = {"reason": "Machine fixe"}


def test_it_works(context):
    made = reserved(promises.printer())
    fire(made, "refuse", **WHY)
    assert (made.state, live(made)) == (ReservationState.REFUSED, [])


def test_not_what_was_never_asked_and_not_by_the_workshop(context):
    refused_from_here(reserved(desk.kit()), "refuse", **WHY)
    refused_to_strangers(reserved(promises.printer()), "refuse", **WHY)
