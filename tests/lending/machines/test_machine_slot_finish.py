"""A session ends: how long, how much, and what came of it."""

import pytest

from refurb.kernel.speech.errors import Invalid, WrongState
from refurb.lending.machines.queries import last_sessions, meters_of
from refurb.lending.machines.words import Result, SlotState
from tests.lending.fablab import booked, fire, printer

TOLD = {"minutes": 80, "grams": 46, "material": "PLA blanc", "result": "good"}


def test_it_works(context):
    machine = printer()
    slot = booked(machine)
    fire(slot, "start")
    fire(slot, "finish", **TOLD)
    assert (slot.state, slot.minutes, slot.grams, slot.result) == (SlotState.DONE, 80, 46, Result.GOOD)
    failed = booked(machine, slot.borrower, hour=840)
    fire(failed, "start")
    fire(failed, "finish", **TOLD | {"result": "machine_failed", "minutes": 40})
    meters = meters_of(machine)
    assert (meters.minutes, meters.since_upkeep, meters.sessions, meters.failed) == (120, 120, 2, 1)
    assert [each.id for each in last_sessions(machine)] == [failed.id, slot.id]


def test_not_without_what_came_of_it(context):
    slot = booked(printer())
    fire(slot, "start")
    with pytest.raises(Invalid):
        fire(slot, "finish", minutes=80)
    assert slot.state is SlotState.RUNNING


def test_not_before_it_began(context):
    with pytest.raises(WrongState):
        fire(booked(printer()), "finish", **TOLD)
