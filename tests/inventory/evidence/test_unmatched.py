"""Evidence that no drive of ours bears the serial of: attached where the serials agree, set aside with a reason, never moved to another."""

import pytest

from refurb.inventory.evidence.actions.loose_drives import add_drive
from refurb.inventory.evidence.actions.unmatched import NamesNoDrive, NotWaiting, OtherSerial, attach_erasure, set_aside, take_up_again
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.inventory.evidence.queries.review import likely_drives, unmatched_count
from refurb.inventory.readers.serials import may_be_one_drive
from refurb.inventory.words.drives import Medium
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import evidence, people, proofs
from tests.support.story.evidence import Disk, Wipe, lshw


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk("WD-WCC0A1B2C3")))
    return found


def line(serial, **more):
    return evidence.wipe(Wipe(serial, **more)).report.erasures[0]


def attach(erasure, drive, who=Role.TECHNICIAN):
    with unit_of_work():
        attach_erasure(people.actor(who), erasure, drive, reason="Même étiquette.")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("S3YLNX0K", "s3ylnxok", True),
        ("WD-WCC0A1B2C3", "WCCOAIB2C3", True),
        ("50026B7784ABCDEF", "50026B7784AB", True),
        ("S3YL", "S3YLNX0K", False),
        ("WCC2ETY84203", "WCARW0244414", False),
        ("A1", None, False),
    ],
)
def test_serials_agree_but_for_what_eyes_and_tools_mistake(one, other, same):
    assert may_be_one_drive(one, other) is same


def test_evidence_is_attached_to_the_drive_whose_serial_agrees(device):
    erasure, [drive] = line("WCCOA1B2C3"), drives_inside(device)
    assert [(each.drive, each.may) for each in likely_drives(erasure)] == [(drive, True)]
    attach(erasure, drive)
    assert [each.standing.value for each in drives_shown(device)] == ["clean"]
    with pytest.raises(NotWaiting):
        attach(erasure, drive)


def test_evidence_of_another_serial_is_evidence_about_another_drive(device):
    erasure, [drive] = line("WCC9Z9Z9Z9"), drives_inside(device)
    assert [each.may for each in likely_drives(erasure)] == [False]
    with pytest.raises(OtherSerial):
        attach(erasure, drive)
    with pytest.raises(Forbidden):
        attach(erasure, drive, Role.DESK)


def test_a_drive_without_serial_takes_that_of_its_evidence(device):
    erasure = line("UNREADABLE1")
    with unit_of_work():
        drive = add_drive(people.actor(Role.TECHNICIAN), device, serial=None, medium=Medium.SSD)
    attach(erasure, drive)
    assert (drive.serial, erasure.status.value) == ("UNREADABLE1", "accepted")


def test_evidence_that_names_no_drive_proves_none(device):
    erasure = line("XXXXXXXX")
    with pytest.raises(NamesNoDrive):
        attach(erasure, drives_inside(device)[0])


def test_what_is_set_aside_waits_no_more_and_is_judged_when_its_drive_appears(device):
    who = people.actor(Role.TECHNICIAN)
    erasure = line("LATE0001")
    assert unmatched_count(who) == 1
    with unit_of_work():
        set_aside(who, erasure, reason="Disque d'un autre atelier.")
    assert unmatched_count(who) == 0
    with pytest.raises(NotWaiting), unit_of_work():
        set_aside(who, erasure, reason="Encore.")
    evidence.read(device, lshw(Disk("WD-WCC0A1B2C3"), Disk("LATE0001")))
    assert erasure.status.value == "accepted"


def test_what_was_set_aside_is_taken_up_again(device):
    who = people.actor(Role.TECHNICIAN)
    erasure = line("LATE0001")
    for _ in range(2):
        with unit_of_work():
            set_aside(who, erasure, reason="Disque d'un autre atelier.")
        with unit_of_work():
            take_up_again(who, erasure)
    assert (erasure.status.value, erasure.reason) == ("unmatched", "erasure.unmatched")


def test_what_waits_for_a_second_person_is_counted_with_it(device):
    who = people.actor(Role.TECHNICIAN)
    [drive] = drives_inside(device)
    proofs.stated(drive)
    proofs.declared(drive)
    assert unmatched_count(who) == 2
