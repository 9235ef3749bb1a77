"""Handing a reserved device over: the lower half of a handover."""

import pytest

from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.rules import Flagged
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def test_it_is_then_handed_over(context):
    assert workshop.fire(workshop.ready_laptop(), "reserve", "hand_over").state == DeviceState.HANDED_OVER


def test_a_technician_may_not(context):
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    with pytest.raises(Forbidden):
        workshop.fire(device, "hand_over", who=workshop.technician())


def test_not_what_is_not_reserved(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.ready_laptop(), "hand_over")


def test_not_with_an_activation_lock_found_meanwhile(context):
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    who = workshop.technician()
    with unit_of_work():
        raise_flag(who, device, FlagKind.ACTIVATION_LOCK)
    with pytest.raises(Flagged):
        workshop.fire(device, "hand_over")
