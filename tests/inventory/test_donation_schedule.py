"""Fixing the day on which a donation is fetched or brought."""

from datetime import timedelta

import pytest

from refurb.inventory.words import DonationState
from refurb.kernel.clock import today
from refurb.kernel.errors import Forbidden, Invalid, WrongState
from tests.support.story import workshop


def test_its_day_is_kept(context):
    day = today() + timedelta(days=3)
    donation = workshop.move(workshop.announced(), "schedule", scheduled_on=day.isoformat(), note="quai 2")
    assert donation.state == DonationState.SCHEDULED
    assert donation.scheduled_on == day


def test_not_in_the_past(context):
    with pytest.raises(Invalid):
        workshop.move(workshop.announced(), "schedule", scheduled_on=(today() - timedelta(days=1)).isoformat())


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        workshop.move(donation, "schedule", who=workshop.technician(), scheduled_on=today().isoformat())


def test_not_once_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "schedule", scheduled_on=today().isoformat())
