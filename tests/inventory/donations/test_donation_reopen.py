"""Taking back what was pressed by mistake on a donation: its acceptance, the end of its sorting, its closing."""

import pytest

from refurb.directory.queries import home_organisation
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import workshop

WHY = "pressé par erreur"


def test_an_acceptance_is_taken_back(context):
    donation = workshop.move(workshop.announced(), "accept")
    assert workshop.move(donation, "withdraw_acceptance", reason=WHY).state == DonationState.ANNOUNCED


def test_closed_and_sorted_are_reopened_step_by_step_and_closed_again(context):
    with unit_of_work():
        home_organisation().is_public_body = False
    donation = workshop.move(workshop.sorted_out(), "close")
    assert workshop.move(donation, "reopen", reason=WHY).state == DonationState.SORTED
    assert workshop.move(donation, "sort_again", reason=WHY).state == DonationState.RECEIVED
    assert WHY not in str(last_event(donation).facts)
    assert workshop.move(donation, "close").state == DonationState.CLOSED


def test_not_without_a_reason(context):
    donation = workshop.move(workshop.sorted_out(), "sort")
    with pytest.raises(Invalid):
        workshop.move(donation, "sort_again")


def test_a_technician_may_not(context):
    donation = workshop.move(workshop.announced(), "accept")
    with pytest.raises(Forbidden):
        workshop.move(donation, "withdraw_acceptance", who=workshop.technician(), reason=WHY)


def test_not_what_is_not_closed(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "reopen", reason=WHY)
