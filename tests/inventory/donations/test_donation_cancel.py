"""A donation that does not happen: we cancel it, and say why."""

import pytest

from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import workshop


def test_it_is_over_with_its_reason(context):
    donation = workshop.move(workshop.announced(), "cancel", reason="matériel trop ancien")
    assert donation.state == DonationState.CANCELLED
    happened = last_event(donation)
    assert "reason" not in happened.facts
    assert notes_of([happened])[happened.id] == {"reason": "matériel trop ancien"}


def test_not_without_a_reason(context):
    with pytest.raises(Invalid):
        workshop.move(workshop.announced(), "cancel")


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        workshop.move(donation, "cancel", who=workshop.technician(), reason="non")


def test_not_once_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "cancel", reason="non")
