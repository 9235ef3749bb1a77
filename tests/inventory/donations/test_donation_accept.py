"""Accepting a donation that was announced, before anybody fetches it."""

import pytest

from refurb.inventory.words.donations import DonationState
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def test_it_waits_for_its_appointment(context):
    assert workshop.move(workshop.announced(), "accept").state == DonationState.ACCEPTED


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        workshop.move(donation, "accept", who=workshop.technician())


def test_not_twice(context):
    donation = workshop.move(workshop.announced(), "accept")
    with pytest.raises(WrongState):
        workshop.move(donation, "accept")
