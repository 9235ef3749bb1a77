"""A device that was handed over comes back: what was proven before it left no longer counts."""

from datetime import timedelta

import pytest

from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.devices.queries.drives import unproven_drives
from refurb.inventory.devices.rules import DrivesNotClean, DrivesUnknown
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import evidence, people, workshop
from tests.support.story.evidence import Wipe


def handed_over():
    return workshop.fire(workshop.ready_laptop(), "reserve", "hand_over")


def test_it_is_received_again_with_nothing_proven(context):
    device = workshop.fire(handed_over(), "come_back", who=workshop.technician(), reason="ne démarre plus")
    assert device.state == DeviceState.RECEIVED
    assert [drive.serial for drive in unproven_drives(device)] == ["CHV0001"]
    assert answers_of(device) == {}
    assert device.labelled_at is not None
    assert last_event(device).facts["erasures_voided"] == 1
    assert last_event(device).facts["checks_voided"] == 12


def test_it_is_wiped_again_before_anything_else(context):
    device = workshop.fire(handed_over(), "come_back", reason="ne démarre plus")
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "accept", "finish_erasure")


def test_that_it_had_no_drive_is_to_be_said_again(context):
    device = workshop.say_without_drive(workshop.laptop())
    workshop.pass_checks(workshop.fire(device, "accept", "finish_erasure", "start_tests"))
    workshop.print_label(device)
    workshop.fire(device, "pass_tests", "reserve", "hand_over")
    workshop.fire(device, "come_back", reason="rendu")
    with pytest.raises(DrivesUnknown):
        workshop.fire(device, "accept", "finish_erasure")


def test_not_without_a_reason(context):
    device = handed_over()
    with pytest.raises(Invalid):
        workshop.fire(device, "come_back")


def test_a_prescriber_may_not(context):
    device = handed_over()
    with pytest.raises(Forbidden):
        workshop.fire(device, "come_back", who=people.actor(Role.PRESCRIBER), reason="non")


def test_not_what_never_left(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.ready_laptop(), "come_back", reason="non")


def test_a_wipe_from_before_its_return_proves_nothing_of_a_drive_that_came_back_in_it(context):
    device = workshop.say_without_drive(workshop.laptop())
    with unit_of_work():
        device.received_at = now() - timedelta(days=9)
    evidence.wipe(Wipe("INSERTED", ended=now() - timedelta(days=5)))  # On our bench, before somebody put the drive in.
    workshop.pass_checks(workshop.fire(device, "accept", "finish_erasure", "start_tests"))
    workshop.print_label(device)
    workshop.fire(device, "pass_tests", "reserve", "hand_over")
    workshop.fire(device, "come_back", reason="rendu")
    workshop.put_drive_in(device, "INSERTED")
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "accept", "finish_erasure")
    evidence.wipe(Wipe("INSERTED"))
    assert workshop.fire(device, "finish_erasure").state == DeviceState.TO_REFURBISH
