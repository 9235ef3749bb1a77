"""Saying that a device is erased: only with a proof for every drive it ever held."""

import pytest

from refurb.inventory.devices.rules import DrivesNotClean, DrivesUnknown
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import evidence, people, workshop


def test_it_is_then_to_be_refurbished(context):
    device = workshop.put_drive_in(workshop.laptop())
    workshop.fire(device, "accept", "start_erasure")
    workshop.prove_erased()
    assert workshop.fire(device, "finish_erasure").state == DeviceState.TO_REFURBISH


def test_a_device_that_came_erased_needs_no_bench(context):
    device = workshop.put_drive_in(workshop.laptop())
    workshop.prove_erased()
    assert workshop.fire(device, "accept", "finish_erasure").state == DeviceState.TO_REFURBISH


def test_not_while_one_of_two_drives_is_unproven(context):
    device = workshop.laptop()
    evidence.read(device, evidence.lshw(evidence.Disk("CHV0001"), evidence.Disk("CHV0002")))
    workshop.prove_erased("CHV0001")
    with pytest.raises(DrivesNotClean) as refused:
        workshop.fire(device, "accept", "finish_erasure")
    assert refused.value.facts == {"count": 1, "serials": "CHV0002"}


def test_not_with_a_failed_wipe(context):
    device = workshop.put_drive_in(workshop.laptop())
    evidence.wipe(evidence.Wipe(status="FAILED"))
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "accept", "finish_erasure")


def test_not_with_a_wipe_of_another_drive(context):
    device = workshop.put_drive_in(workshop.laptop())
    evidence.wipe(evidence.Wipe(serial="AUTRE99"))
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "accept", "finish_erasure")


def test_not_when_nobody_looked_for_a_drive(context):
    with pytest.raises(DrivesUnknown):
        workshop.fire(workshop.laptop(), "accept", "finish_erasure")


def test_said_to_hold_no_drive_it_passes(context):
    device = workshop.say_without_drive(workshop.laptop())
    assert workshop.fire(device, "accept", "finish_erasure").state == DeviceState.TO_REFURBISH


def test_a_monitor_holds_no_data(context):
    (monitor,) = workshop.devices_of(workshop.received({DeviceKind.MONITOR: 1}))
    assert workshop.fire(monitor, "accept", "finish_erasure").state == DeviceState.TO_REFURBISH


def test_called_a_monitor_a_laptop_with_a_drive_does_not_pass(context):
    device = workshop.put_drive_in(workshop.laptop())
    workshop.correct(device, kind=DeviceKind.MONITOR)
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "accept", "finish_erasure")


def test_the_desk_may_not(context):
    device = workshop.fire(workshop.say_without_drive(workshop.laptop()), "accept")
    with pytest.raises(Forbidden):
        workshop.fire(device, "finish_erasure", who=people.actor(Role.DESK))
