"""Saying that a donation is sorted."""

import pytest

from refurb.inventory.words.donations import DonationState
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def test_it_is_then_sorted(context):
    assert workshop.move(workshop.received(), "sort").state == DonationState.SORTED


def test_a_technician_may_not(context):
    donation = workshop.received()
    with pytest.raises(Forbidden):
        workshop.move(donation, "sort", who=workshop.technician())


def test_not_before_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.announced(), "sort")
