"""Reading nwipe's logs: what is accepted as proof, what is refused and why, what waits for its drive."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from refurb.inventory.evidence.actions.erasures import erasure_file, keep_erasure_report, read_erasure_report
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown, stays_in
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import evidence, people
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe, smartctl


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk()))
    return found


def verdicts(reading):
    return [(each.serial, each.status.value, each.reason) for each in reading.report.erasures]


def test_a_verified_wipe_is_accepted(device):
    ended = now().replace(microsecond=0)
    reading = evidence.wipe(Wipe(ended=ended))

    [erasure] = reading.report.erasures
    assert (erasure.status, erasure.reason) == (ErasureStatus.ACCEPTED, None)
    assert (erasure.level, erasure.method, erasure.verification, erasure.rounds) == ("clear", "Fill With Zeros", "last", 1)
    assert erasure.ended_at == ended, "the log's wall clock is the territory's"
    assert (reading.report.tool, reading.report.tool_version) == ("nwipe", "0.42")
    assert files.fetch(reading.report.file) == nwipe(Wipe(ended=ended))
    assert [shown.standing.value for shown in drives_shown(device)] == ["clean"]
    event = events_of(device)[0]
    assert (event.move, event.facts["serial"]) == ("erasure_accepted", "CHV0001")


def test_a_log_about_several_drives_is_judged_drive_by_drive(context):
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk("A1"), Disk("B2"), Disk("C3")))
    reading = evidence.wipe(Wipe("A1"), Wipe("B2", status="-FAILED-"), Wipe("Z9"))
    assert verdicts(reading) == [
        ("A1", "accepted", None),
        ("B2", "refused", "erasure.failed"),
        ("Z9", "unmatched", "erasure.unmatched"),
    ]
    assert [shown.standing.value for shown in drives_shown(device)] == ["clean", "refused", "to_erase"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "-FAILED-"}, "erasure.failed"),
        ({"status": "UABORTED"}, "erasure.aborted"),
        ({"status": "INSANITY"}, "erasure.unknown_outcome"),
        ({"verified": False}, "erasure.unverified"),
        ({"size": evidence.SIZE - 512}, "erasure.smaller_than_drive"),
    ],
)
def test_a_wipe_that_proves_nothing_is_kept_and_refused(device, changes, reason):
    assert verdicts(evidence.wipe(Wipe(**changes))) == [("CHV0001", "refused", reason)]
    assert [shown.standing.value for shown in drives_shown(device)] == ["refused"]
    assert events_of(device)[0].move == "erasure_refused"


def test_a_wipe_from_before_the_device_came_is_refused(device):
    assert verdicts(evidence.wipe(Wipe(ended=now() - timedelta(days=3)))) == [("CHV0001", "refused", "erasure.too_old")]


def test_a_wipe_from_the_future_is_refused(device):
    assert verdicts(evidence.wipe(Wipe(ended=now() + timedelta(days=3)))) == [("CHV0001", "refused", "erasure.in_future")]


def test_overwriting_is_clear_at_best_on_flash(device):
    evidence.read(device, smartctl(Disk()))
    assert evidence.wipe(Wipe()).report.erasures[0].level == "clear"


def test_a_failed_wipe_then_a_good_one_is_clean(device):
    evidence.wipe(Wipe(status="-FAILED-"))
    evidence.wipe(Wipe())
    assert [shown.standing.value for shown in drives_shown(device)] == ["clean"]


def test_the_same_file_again_tells_what_came_of_it_and_changes_nothing(device):
    wipe = Wipe()
    first = evidence.wipe(wipe)
    events = len(events_of(device))
    again = evidence.wipe(wipe)
    assert (again.known, again.report) == (True, first.report)
    assert db.session.scalar(select(func.count()).select_from(ErasureReport)) == 1
    assert len(events_of(device)) == events


def test_a_log_before_the_hardware_waits_and_attaches_itself(context):
    device = evidence.arrive()[0]
    reading = evidence.wipe(Wipe("late 01"))
    assert verdicts(reading) == [("LATE01", "unmatched", "erasure.unmatched")]
    assert db.session.scalar(select(func.count()).select_from(Drive)) == 0, "a log makes no drive"
    evidence.read(device, lshw(Disk("LATE01")))
    assert verdicts(reading) == [("LATE01", "accepted", None)]
    assert events_of(device)[0].move == "erasure_accepted"


def test_a_failed_log_before_the_hardware_is_judged_too(context):
    device = evidence.arrive()[0]
    reading = evidence.wipe(Wipe(status="-FAILED-"))
    evidence.read(device, lshw(Disk()))
    assert verdicts(reading) == [("CHV0001", "refused", "erasure.failed")]
    assert [shown.standing.value for shown in drives_shown(device)] == ["refused"]


def test_a_hidden_serial_is_attributed_to_nothing(device):
    assert verdicts(evidence.wipe(Wipe("XXXXXXXX"))) == [(None, "refused", "erasure.no_serial")]
    assert [shown.standing.value for shown in drives_shown(device)] == ["to_erase"]


def test_a_drive_that_turns_out_larger_than_its_proof_is_to_erase_again(context):
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk(size=evidence.SIZE)))
    evidence.wipe(Wipe())
    evidence.read(device, smartctl(Disk(size=2 * evidence.SIZE)))
    assert [(shown.standing.value, shown.refused.reason) for shown in drives_shown(device)] == [("refused", "erasure.smaller_than_drive")]


def test_what_came_back_is_wiped_again_and_an_old_proof_in_a_new_file_counts_no_more(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    old = db.session.scalars(select(Erasure)).one()
    evidence.fire(device, "pass_tests", "reserve", "hand_over")
    evidence.fire(device, "come_back", reason="la famille a déménagé")
    assert [shown.standing.value for shown in drives_shown(device)] == ["to_erase"]

    again = evidence.wipe(Wipe(ended=old.ended_at), note=" ")
    assert verdicts(again) == [("CHV0001", "refused", "erasure.too_old")]
    fresh = evidence.wipe(Wipe(ended=old.ended_at + timedelta(minutes=5)))
    assert verdicts(fresh) == [("CHV0001", "accepted", None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "report.empty"),
        (b"%PDF-1.7\n", "report.damaged"),
        (lshw(Disk()), "report.other_tool"),
        (b"[2026/04/01 10:00:00]    info: nwipe 0.42\n", "report.no_erasure"),
        ("Un mot d'amour ❤".encode(), "report.not_this_tool"),
    ],
)
def test_what_is_no_log_is_refused_with_its_reason(device, content, code):
    read = erasure_file(content, "journal.log")
    with pytest.raises(Invalid) as invalid, unit_of_work():
        keep_erasure_report(people.actor(Role.TECHNICIAN), read)
    assert [fault.code for fault in invalid.value.fields["file"]] == [code]
    assert db.session.scalar(select(func.count()).select_from(ErasureReport)) == 0


def test_a_desk_agent_proves_no_erasure(device):
    with pytest.raises(Forbidden), unit_of_work():
        read_erasure_report(people.actor(Role.DESK), nwipe(Wipe()), "nwipe.log")


def test_a_real_machine_of_three_drives_keeps_its_failed_one(context, fixtures):
    device = evidence.arrive()[0]
    evidence.read(device, (fixtures / "lshw" / "7900.lshw.json").read_bytes())
    assert {drive.serial for drive in drives_inside(device)} == {"6RX7AWEZ", "WD-WCC2ETY84203", "WD-WCARW0244414"}
    log = next((fixtures / "nwipe-matched").glob("hp7900*.log"))
    with unit_of_work():
        # The log is from another year than this device: what is judged here is the rest.
        device.received_at = device.received_at - timedelta(days=36500)
        for stay in stays_in(device):
            stay.since = device.received_at
        reading = read_erasure_report(people.actor(Role.TECHNICIAN), log.read_bytes(), log.name)
    assert sorted(verdicts(reading)) == [
        ("6RX7AWEZ", "accepted", None),
        ("WD-WCARW0244414", "refused", "erasure.failed"),
        ("WD-WCC2ETY84203", "accepted", None),
    ]
