"""Taking back the end of the sorting."""

import pytest

from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import workshop

WHY = "pressé par erreur"


def test_it_is_sorted_again(context):
    donation = workshop.move(workshop.sorted_out(), "sort")
    assert workshop.move(donation, "sort_again", reason=WHY).state == DonationState.RECEIVED
    assert WHY not in str(last_event(donation).facts)


def test_not_without_a_reason(context):
    donation = workshop.move(workshop.sorted_out(), "sort")
    with pytest.raises(Invalid):
        workshop.move(donation, "sort_again")


def test_a_technician_may_not(context):
    donation = workshop.move(workshop.sorted_out(), "sort")
    with pytest.raises(Forbidden):
        workshop.move(donation, "sort_again", who=workshop.technician(), reason=WHY)
