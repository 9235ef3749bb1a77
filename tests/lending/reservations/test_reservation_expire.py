"""What nobody answered in time holds nothing any more: at once for whoever asks, its state within the hour."""

from datetime import timedelta

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.lending.reservations.actions import let_lapse
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import live, refused_from_here, reserved
from tests.support.story import desk


def test_it_works(context):
    kit = desk.kit()
    made = reserved(kit, to_confirm=True, starts=10, ends=15)
    with clock.at(made.expires_at + timedelta(seconds=1)):
        other = reserved(kit, who=desk.borrower("Berthe"), from_on=made.from_on, to_on=made.to_on)
        assert (live(made), len(live(other))) == ([], 1), "free already, before the worker came"
        with unit_of_work():
            assert let_lapse() == 1
        assert made.state is ReservationState.EXPIRED


def test_not_before_its_time_and_not_what_was_answered(context):
    made = reserved(desk.kit(), to_confirm=True)
    with clock.at(made.expires_at - timedelta(seconds=1)), unit_of_work():
        assert let_lapse() == 0
    refused_from_here(reserved(desk.kit("Malle 2")), "expire")
