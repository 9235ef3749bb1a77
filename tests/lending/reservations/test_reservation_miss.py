"""Nobody came for what was reserved: it is kept some days, then let go."""

from datetime import timedelta

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.lending.reservations.actions import let_lapse
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import live, refused_from_here, reserved
from tests.support.story import desk


def on(day):
    return clock.at(now() + (day - today()))


def test_it_works(context):
    made = reserved(desk.kit())
    with on(made.kept_until), unit_of_work():
        assert let_lapse() == 0
    with on(made.kept_until + timedelta(days=1)), unit_of_work():
        assert let_lapse() == 1
    assert (made.state, live(made)) == (ReservationState.MISSED, [])


def test_not_what_waits_for_an_answer(context):
    refused_from_here(reserved(desk.kit(), to_confirm=True), "miss")


def test_it_is_kept_no_longer_than_it_is_taken(context):
    made = reserved(desk.kit(), starts=1, ends=2)
    (claim,) = live(made)
    assert made.kept_until < claim.until_on
