"""A reservation is done when all that left by it is back."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.lending.claims.pools import hold, pool_of
from refurb.lending.reservations.actions import let_lapse
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


@pytest.mark.parametrize("worker_came", [True, False])
def test_what_was_fetched_in_part_is_done_once_that_part_is_back(context, worker_came):
    things, who = [desk.kit("Malle 1"), desk.kit("Malle 2")], desk.borrower()
    made = reserved(*things, who=who, starts=1)
    loan = desk.lent(things[0], who)
    if worker_came:
        desk.back(loan)
    with clock.at(now() + (made.kept_until + timedelta(days=1) - today())):
        with unit_of_work():
            let_lapse() if worker_came else hold([pool_of(things[0])])
        if not worker_came:
            desk.back(loan)
    assert (made.state, live(made)) == (ReservationState.DONE, [])
