"""A serial number that names two things proves nothing of either: both go to review, and nothing is erased by it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from refurb.inventory.evidence.actions.erasures import read_erasure_report
from refurb.inventory.evidence.actions.unmatched import attach_erasure, set_aside, take_up_again
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.inventory.evidence.queries.review import evidence_waiting
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Conflict
from tests.inventory.readers.reports import case
from tests.support.story import evidence, people
from tests.support.story.evidence import SIZE, Disk, Wipe, lshw, nwipe

TWICE, BRIDGE, MODEL = "erasure.serial_twice", "erasure.serial_of_bridge", "erasure.model_of_bridge"


def today(content):
    """A log with its dates moved to today."""
    day = local(now() - timedelta(hours=1)).strftime("%Y/%m/%d").encode()
    return re.sub(rb"\[20\d\d/\d\d/\d\d", b"[" + day, content)


def send(content):
    with unit_of_work():
        return read_erasure_report(people.actor(Role.TECHNICIAN), content, "nwipe.log").report


def verdicts(report):
    return [(each.serial, each.drive_id, each.status.value, each.reason) for each in report.erasures]


def standings(device):
    return [shown.standing.value for shown in drives_shown(device)]


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk("CHV0001")))
    return found


def test_two_devices_of_one_run_with_the_number_of_a_drive_on_record_prove_nothing(device):
    report = send(nwipe(Wipe("CHV0001"), Wipe("CHV0001")))

    assert verdicts(report) == [("CHV0001", None, "refused", TWICE)] * 2
    assert standings(device) == ["to_erase"]
    assert [each.reason for each in evidence_waiting(1).rows] == [TWICE, TWICE]
    assert "erasure_accepted" not in {event.move for event in events_of(device)}


def test_the_numbers_of_docks_go_to_review_with_that_reason(context):
    assert {row[2:] for row in verdicts(send(today(case("nwipe-two-docks-one-serial.log"))))} == {("refused", TWICE)}
    assert verdicts(send(today(case("nwipe-usb-filler-serials.log")))) == [(None, None, "refused", BRIDGE)] * 3
    assert len(evidence_waiting(1).rows) == 5


def test_the_same_file_again_proves_no_more(device):
    log = nwipe(Wipe("CHV0001"), Wipe("CHV0001"))
    send(log)

    assert {row[2] for row in verdicts(send(log))} == {"refused"}
    assert standings(device) == ["to_erase"]


def test_a_failure_among_them_is_held_against_the_drive(device):
    evidence.wipe(Wipe("CHV0001", ended=now() - timedelta(hours=2)))
    send(nwipe(Wipe("CHV0001"), Wipe("CHV0001", status="-FAILED-")))

    assert standings(device) == ["refused"]


def test_two_runs_at_one_time_in_two_files_take_each_others_proof(device):
    evidence.wipe(Wipe("CHV0001"))
    assert standings(device) == ["clean"]
    other = send(nwipe(Wipe("CHV0001", ended=now() - timedelta(minutes=7))))

    assert verdicts(other)[0][2:] == ("refused", TWICE)
    assert standings(device) == ["refused"]
    assert "proof_doubted" in {event.move for event in events_of(device)}
    # Neither file counts when it comes again.
    assert send(nwipe(Wipe("CHV0001", ended=other.erasures[0].ended_at)))
    assert standings(device) == ["refused"]


def test_the_same_run_told_twice_is_one(device):
    ended = now().replace(microsecond=0)
    evidence.wipe(Wipe("CHV0001", ended=ended))
    evidence.wipe(Wipe("CHV0001", ended=ended), note=" ")

    assert standings(device) == ["clean"]


def test_a_dock_in_place_of_an_nvme_drive_raises_a_doubt(context):
    device = evidence.arrive()[0]
    node = lshw(Disk("NV00001")).replace(b'"id": "disk:0", "class": "disk"', b'"id": "nvme", "class": "storage"')
    evidence.read(device, node.replace(b"/dev/sda", b"/dev/nvme0"))
    assert [drive.medium.value for drive in drives_inside(device)] == ["nvme"]

    assert verdicts(send(nwipe(Wipe("NV00001", model="USB3.0 Dock"))))[0][2:] == ("refused", MODEL)
    assert verdicts(send(nwipe(Wipe("NV00001", ended=now() + timedelta(hours=2)))))[0][2:] == ("accepted", None)


def test_it_may_be_attached_by_hand_and_still_proves_nothing_or_be_put_away(device):
    report = send(nwipe(Wipe("CHV0001"), Wipe("CHV0001")))
    first, second = report.erasures
    actor = people.actor(Role.TECHNICIAN)
    with unit_of_work():
        attach_erasure(actor, first, drives_inside(device)[0], reason="étiquette lue")
    assert (first.status.value, first.reason) == ("refused", TWICE)
    with unit_of_work():
        set_aside(actor, second, reason="un autre disque")
    with unit_of_work():
        take_up_again(actor, second)
    assert (second.status.value, second.reason) == ("refused", TWICE)


def test_the_database_accepts_no_doubted_proof(device):
    report = send(nwipe(Wipe("CHV0001", size=SIZE)))
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(text("UPDATE erasures SET doubt = 'erasure.serial_twice' WHERE id = :id"), {"id": report.erasures[0].id})
