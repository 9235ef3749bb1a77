"""A device that was lost is found again: nobody knows who held it meanwhile, so it is wiped and tested again."""

from datetime import timedelta

import pytest

from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.devices.queries.drives import unproven_drives
from refurb.inventory.devices.rules import DrivesNotClean
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop


def lost():
    return workshop.fire(workshop.ready_laptop(), "lose", reason="introuvable")


def test_it_is_received_again_with_nothing_proven(context):
    device = workshop.fire(lost(), "find", who=workshop.technician())
    assert device.state == DeviceState.RECEIVED
    assert [drive.serial for drive in unproven_drives(device)] == ["CHV0001"]
    assert answers_of(device) == {}
    assert last_event(device).facts["erasures_voided"] == 1


def test_it_is_wiped_again_before_anything_else(context):
    device = workshop.fire(lost(), "find")
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "accept", "finish_erasure")
    with at(now() + timedelta(minutes=5)):
        workshop.prove_erased()
    assert workshop.fire(device, "finish_erasure").state == DeviceState.TO_REFURBISH


def test_the_desk_may_not(context):
    device = lost()
    with pytest.raises(Forbidden):
        workshop.fire(device, "find", who=people.actor(Role.DESK))


def test_not_what_is_here(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.laptop(), "find")
