"""A session begins."""

from datetime import timedelta

import pytest

from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import WrongState
from refurb.lending.machines.queries import minutes_run, running_slot
from refurb.lending.machines.words import SlotState
from tests.lending.fablab import booked, fire, printer


def test_it_works(context):
    machine = printer()
    slot = booked(machine)
    fire(slot, "start")
    assert (slot.state, running_slot(machine)) == (SlotState.RUNNING, slot)
    assert minutes_run(slot) == 1


def test_what_nobody_ended_is_offered_as_long_as_its_slot(context):
    slot = booked(printer())
    fire(slot, "start")
    with at(now() + timedelta(days=3)):
        assert minutes_run(slot) == slot.until_minute - slot.from_minute


def test_not_twice(context):
    slot = booked(printer())
    fire(slot, "start")
    with pytest.raises(WrongState):
        fire(slot, "start")
