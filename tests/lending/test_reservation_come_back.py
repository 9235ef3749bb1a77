"""A reservation is done when all that left by it is back."""

from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import live, refused_from_here, reserved
from tests.support.story import desk


def test_it_works(context):
    kit, who = desk.kit(), desk.borrower()
    made = reserved(kit, who=who, starts=1)
    loan = desk.lent(kit, who)
    desk.back(loan)
    assert (made.state, live(made)) == (ReservationState.DONE, [])


def test_not_while_it_is_here(context):
    refused_from_here(reserved(desk.kit(), to_confirm=True), "come_back")
