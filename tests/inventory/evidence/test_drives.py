"""What is done with drives by hand: taken out, met again elsewhere; and what still counts for the gate."""

from datetime import timedelta

import pytest

from refurb.inventory.devices.rules import DrivesNotClean, every_drive_is_clean
from refurb.inventory.evidence.actions.drives import DriveNotHere, PastTheGate, remove_drive
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import evidence, people
from tests.support.story.evidence import Disk, Wipe, lshw


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk("A1"), Disk("B2")))
    return found


def remove(device, drive):
    with unit_of_work():
        remove_drive(people.actor(Role.TECHNICIAN), device, drive)


def test_a_drive_that_is_taken_out_leaves_but_still_counts(device):
    gone = drives_inside(device)[0]
    remove(device, gone)
    assert [drive.serial for drive in drives_inside(device)] == ["B2"]
    evidence.wipe(Wipe("B2"))
    with pytest.raises(DrivesNotClean) as refusal:
        every_drive_is_clean(device)
    assert refusal.value.facts["serials"] == "A1"
    assert (events_of(device)[1].move, events_of(device)[1].facts["serial"]) == ("drive_removed", "A1")
    evidence.wipe(Wipe("A1"))
    every_drive_is_clean(device)


def test_a_drive_is_taken_out_once(device):
    gone = drives_inside(device)[0]
    remove(device, gone)
    with pytest.raises(DriveNotHere):
        remove(device, gone)


def test_a_drive_that_moved_is_not_touched_from_where_it_was(context, device):
    moved = drives_inside(device)[0]
    other = evidence.arrive()[0]
    evidence.read(other, lshw(Disk("A1"), serial="OTHER2"))
    with pytest.raises(DriveNotHere):
        remove(device, moved)
    assert [drive.serial for drive in drives_inside(other)] == ["A1"]


def test_past_the_gate_no_drive_is_touched(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests")
    [drive] = drives_inside(device)
    with pytest.raises(PastTheGate):
        remove(device, drive)


def test_a_desk_agent_touches_no_drive(device):
    desk = people.actor(Role.DESK)
    [drive, _] = drives_inside(device)
    with pytest.raises(Forbidden), unit_of_work():
        remove_drive(desk, device, drive)


@pytest.mark.parametrize(("moves", "facts"), [(("accept", "discard"), {"reason": "écran cassé"}), (("accept", "lose"), {"reason": "volé"}),
                                              (("refuse",), {"reason": "trop vieux"})])  # fmt: skip
def test_a_drive_that_was_out_of_our_hands_is_wiped_again(context, device, moves, facts):
    before = now() - timedelta(hours=1)
    evidence.wipe(Wipe("A1", ended=before), Wipe("B2", ended=before))
    evidence.fire(device, *moves[:-1])
    evidence.fire(device, moves[-1], **facts)
    other = evidence.arrive()[0]
    evidence.read(other, lshw(Disk("A1"), serial="OTHER2"))
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(other)
    evidence.wipe(Wipe("A1"), note=" once more")
    every_drive_is_clean(other)


def test_a_drive_that_was_out_of_our_hands_is_not_proven_by_a_log_that_was_kept_back(context, device):
    with unit_of_work():
        device.received_at = drives_inside(device)[0].stays[0].since = now() - timedelta(days=9)
    evidence.fire(device, "accept")
    evidence.fire(device, "discard", reason="écran cassé")
    other = evidence.arrive()[0]
    evidence.read(other, lshw(Disk("A1"), serial="OTHER2"))
    evidence.wipe(Wipe("A1", ended=now() - timedelta(days=5)))
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(other)


def test_a_drive_from_a_machine_kept_for_parts_never_left_and_stays_clean(context, device):
    evidence.wipe(Wipe("A1"), Wipe("B2"))
    evidence.fire(device, "accept")
    evidence.fire(device, "strip", reason="carte mère")
    other = evidence.arrive()[0]
    evidence.read(other, lshw(Disk("A1"), serial="OTHER2"))
    every_drive_is_clean(other)


def nvme(serial, model):
    return lshw(Disk(serial, model=model)).replace(b'"id": "disk:0", "class": "disk"', b'"id": "nvme", "class": "storage"')


def seen(device, content):
    evidence.read(device, content.replace(b"/dev/sda", b"/dev/nvme0"))
    return [(drive.serial, drive.medium.value) for drive in drives_inside(device)]


@pytest.mark.parametrize("model", ["0xa804", "0x144d 0xa804", "144d:a804", ""])
def test_an_nvme_drive_that_is_named_by_its_pci_number_is_the_one_on_record(context, model):
    device = evidence.arrive()[0]
    assert seen(device, nvme("NV00001", "MARAIS N1")) == [("NV00001", "nvme")]
    assert seen(device, nvme(None, model)) == [("NV00001", "nvme")]


def test_a_drive_of_another_model_and_no_serial_is_another(context):
    device = evidence.arrive()[0]
    seen(device, nvme("NV00001", "MARAIS N1"))
    evidence.wipe(Wipe("NV00001"))
    assert seen(device, nvme(None, "VIENNE X2")) == [("NV00001", "nvme"), (None, "nvme")]
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(device)
