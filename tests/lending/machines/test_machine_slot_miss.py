"""Nobody came: the slot is everybody's again."""

from datetime import timedelta

import pytest

from refurb.kernel.speech.clock import at
from refurb.lending.machines.rules import NotYetBegun, has_begun
from refurb.lending.machines.words import SlotState
from tests.lending.fablab import booked, fire, printer


def test_it_works(context):
    machine = printer()
    slot = booked(machine)
    with at(slot.starts_at + timedelta(minutes=15)):
        has_begun(slot)
        fire(slot, "miss")
    assert (slot.state, slot.freed_at is not None) == (SlotState.MISSED, True)


def test_not_before_its_time(context):
    slot = booked(printer())
    with pytest.raises(NotYetBegun):
        fire(slot, "miss")
