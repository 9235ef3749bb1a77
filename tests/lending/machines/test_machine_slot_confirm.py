"""Somebody is sure to come."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.lending.machines.actions import confirm_slot
from refurb.lending.machines.words import SlotState
from tests.lending.fablab import booked, fire, printer


def test_it_works(context):
    slot = booked(printer(), held=True)
    assert slot.state is SlotState.HELD
    with unit_of_work():
        confirm_slot(slot)
    with unit_of_work():
        confirm_slot(slot)
    assert slot.state is SlotState.BOOKED


def test_not_what_is_sure_already(context):
    with pytest.raises(WrongState):
        fire(booked(printer()), "confirm")


def test_not_by_a_stranger(context):
    with pytest.raises(Forbidden):
        fire(booked(printer(), held=True), "confirm", Role.TECHNICIAN)
