"""The files of an erasure as people send them: several of one drive, an end that a person states, no password kept; and the command."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from refurb.inventory.evidence.actions.erasure_files import read_erasure_files, sent_erasures
from refurb.inventory.evidence.actions.reports import Upload
from refurb.inventory.evidence.cli import erasure
from refurb.inventory.evidence.queries.evidence import drives_shown
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.inventory.readers.certificates import certificate
from tests.inventory.readers.reports import SAMPLES, sample
from tests.support.story import evidence, people
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe

CONTROLLER, LOG = sample("id-ctrl.nvme.json").split(b'\n}\n{\n  "nvme0"')
CONTROLLER, LOG = CONTROLLER + b"\n}\n", b'{\n  "nvme0"' + LOG
NVME_SIZE = 256060514304


@pytest.fixture
def device(context):
    return evidence.arrive()[0]


def send(*contents, role=Role.TECHNICIAN, **options):
    files = sent_erasures([Upload(f"{number}.txt", content) for number, content in enumerate(contents)], **options)
    with unit_of_work():
        return read_erasure_files(people.actor(role), files)


def verdicts(readings):
    return [(row.serial, row.level, row.verification, row.status.value, row.reason) for each in readings for row in each.report.erasures]


def standings(device):
    return [shown.standing.value for shown in drives_shown(device)]


def test_a_sanitize_log_its_controller_and_a_stated_end_prove_a_drive(device):
    evidence.read(device, lshw(Disk("VIENNE0NVME003", size=NVME_SIZE)))
    ended = now().replace(microsecond=0)

    readings = send(LOG, CONTROLLER, ended_at=ended)

    assert verdicts(readings) == [("VIENNE0NVME003", "purge", "device", "accepted", None)]
    assert readings[0].report.erasures[0].ended_at == ended
    assert LOG.strip() in files.fetch(readings[0].report.file)
    assert standings(device) == ["clean"]


def test_what_was_said_before_a_return_is_not_said_of_today(device):
    evidence.read(device, lshw(Disk("VIENNE0NVME003", size=NVME_SIZE)))
    send(LOG, CONTROLLER, ended_at=now() - timedelta(minutes=1))
    evidence.fire(device, "lose", reason="introuvable")
    evidence.fire(device, "find")

    again = send(LOG, CONTROLLER, ended_at=now())

    assert verdicts(again)[0][3:] == ("refused", "erasure.said_before")
    assert standings(device) == ["refused"]


def test_without_an_end_it_is_kept_and_refused(device):
    evidence.read(device, lshw(Disk("VIENNE0NVME003", size=NVME_SIZE)))

    assert verdicts(send(LOG, CONTROLLER))[0][3:] == ("refused", "erasure.no_end")


def test_a_sanitize_log_alone_proves_nothing(device):
    assert verdicts(send(LOG, ended_at=now()))[0][3:] == ("refused", "erasure.no_serial")


def test_an_end_to_come_is_refused(device):
    with pytest.raises(Invalid) as invalid:
        send(LOG, CONTROLLER, ended_at=now() + timedelta(hours=1))
    assert invalid.value.fields["ended_at"][0].code == "erasure.stated_in_future"


def test_passwords_of_hdparm_are_not_kept(device):
    evidence.read(device, lshw(Disk("CH240Z0009", size=240057409536)))

    readings = send(sample("enhanced.hdparm.txt"), ended_at=now())

    assert verdicts(readings) == [("CH240Z0009", "purge", "device", "accepted", None)]
    assert b"Secret9" not in files.fetch(readings[0].report.file)


def test_the_certificates_of_several_drives_come_in_together(device):
    first, second = (certificate(("WD-WX00A0000099", serial)) for serial in ("A1Z", "B2Z"))

    assert [each[0] for each in verdicts(send(first, second))] == ["A1Z", "B2Z"]


def test_one_bad_file_keeps_the_others_out(device):
    with pytest.raises(Invalid) as invalid:
        send(nwipe(Wipe()), b"Bonjour")
    (fault,) = invalid.value.fields["file"]
    assert (fault.code, fault.facts["filename"], fault.facts["fault"].code) == ("upload.of_file", "1.txt", "report.not_this_tool")


def test_a_desk_agent_sends_no_proof(device):
    with pytest.raises(Forbidden):
        send(LOG, role=Role.DESK)


# --- the command -------------------------------------------------------------------------------------------------------

KEYS = [
    *("serial", "model", "size_bytes", "method", "level", "rounds", "verification"),
    *("started_at", "ended_at", "outcome", "errors", "tool", "tool_version", "warnings"),
]


def command(*arguments, stdin=None):
    return CliRunner().invoke(erasure, ["read", *map(str, arguments)], input=stdin)


def test_the_command_prints_a_list_of_drives():
    done = command(SAMPLES / "zeros-0.42.nwipe.log", SAMPLES / "entries.blancco.xml", "--json")

    assert done.exit_code == 0, done.output
    drives = json.loads(done.stdout)
    assert [list(drive) for drive in drives] == [KEYS] * 3
    assert [(drive["serial"], drive["level"]) for drive in drives] == [
        ("CH240Z0001", "clear"),
        ("CH240Z0010", "purge"),
        ("WD-WX00A0000078", "clear"),
    ]
    assert drives[1]["ended_at"] == "2026-04-01T10:04:00+02:00"


def test_the_command_reads_a_log_and_its_controller_together(tmp_path):
    (tmp_path / "log").write_bytes(LOG)
    (tmp_path / "controller").write_bytes(CONTROLLER)

    (drive,) = json.loads(command(tmp_path / "log", tmp_path / "controller", "--json").stdout)
    assert (drive["serial"], drive["outcome"]) == ("VIENNE0NVME003", "success")


def test_a_purge_on_an_unknown_medium_is_clear():
    output = b'/dev/sda:\n Issuing SECURITY_ERASE command, password="x", user=user\n'

    (drive,) = json.loads(command("-", "--json", stdin=b"$ hdparm --security-erase-enhanced x /dev/sda\n" + output).stdout)
    assert drive["level"] == "clear"


@pytest.mark.parametrize("arguments", [["absent.log"], [SAMPLES / "laptop.lshw.json"]])
def test_an_unreadable_file_ends_with_two_and_one_line(arguments):
    done = command(*arguments, "--json")

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_without_json_it_is_told_in_words():
    done = command(SAMPLES / "zeros-0.42.nwipe.log")

    assert "CHAUVIGNY SSD 240G ; n° CH240Z0001" in done.stdout
