"""Reading nwipe logs: what each version proves, and what it does not."""

from datetime import datetime

import pytest

from refurb.inventory.evidence.erasure_rules import acceptance
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import Unreadable
from tests.inventory.readers.reports import sample

ZEROS = sample("zeros-0.42.nwipe.log").decode()
TABLES = ZEROS.index("\n****")


def only(text):
    (erasure,) = read_erasure(text.encode()).erasures
    return erasure


def accepted(text):
    erasure = only(text)
    return acceptance(erasure, erasure.medium)


def test_a_verified_wipe_of_zeros_is_read_and_accepted():
    report = read_erasure(ZEROS.encode())

    assert (report.tool, report.tool_version, report.host, report.warnings) == ("nwipe", "0.42", None, ())
    erasure = only(ZEROS)
    assert (erasure.serial, erasure.model, erasure.size_bytes, erasure.medium) == (
        "CH240Z0001",
        "CHAUVIGNY SSD 240G",
        240057409536,
        "ssd",
    )
    assert (erasure.method, erasure.level, erasure.rounds, erasure.verification) == (
        "Fill With Zeros",
        "clear",
        1,
        "last",
    )
    assert erasure.started_at == datetime(2026, 4, 1, 10, 0, 3)  # noqa: DTZ001
    assert erasure.ended_at == datetime(2026, 4, 1, 10, 40, 3)  # noqa: DTZ001
    assert (erasure.outcome, erasure.errors, erasure.bytes_erased) == ("success", 0, 240057409536)
    assert accepted(ZEROS) == (True, None)


def test_interleaved_drives_each_keep_their_own_fate():
    report = read_erasure(sample("four-disks-0.38.nwipe.log"))

    assert (report.tool_version, report.host.serial, report.host.model) == ("0.38", "VI14K00731", "Marais 14")
    assert [(each.serial, each.outcome, each.errors, each.verification) for each in report.erasures] == [
        ("WD-WX00A0000001", "failed", 3, "none"),
        ("PF256A0001", "success", 0, "all"),
        ("ZZ500001", "unknown", 0, "none"),
        (None, "aborted", 0, "none"),
    ]
    assert [each.rounds for each in report.erasures] == [2, 2, 2, 2]
    assert report.erasures[2].model == "Modele, a virgule"
    assert report.erasures[2].hidden_sectors is True
    assert report.erasures[3].warnings[0].code == "erasure.serial_hidden"


def test_the_duration_comes_from_the_lines_and_not_from_the_table():
    nvme = read_erasure(sample("four-disks-0.38.nwipe.log")).erasures[1]

    assert str(nvme.ended_at - nvme.started_at) == "0:40:00"


def test_a_version_without_table_fails_on_any_error_line():
    killed, flushed_badly = read_erasure(sample("two-disks-0.24.nwipe.log")).erasures

    assert flushed_badly.outcome == "failed"
    assert flushed_badly.errors == 2
    assert killed.outcome == "failed"


def test_a_version_without_table_succeeds_by_its_lines():
    lines = [line for line in sample("two-disks-0.24.nwipe.log").decode().splitlines() if "sdb" in line]
    clean = "\n".join(line for line in lines if "failure" not in line)
    erasure = only(clean)

    assert (erasure.outcome, erasure.verification, erasure.bytes_erased) == ("success", "last", 40020664320)
    assert only(clean.replace("Blanked", "Blanking")).outcome == "unknown"


def test_a_killed_run_proves_nothing():
    killed = ZEROS[:TABLES]

    assert only(killed).outcome == "unknown"
    assert [each.code for each in only(killed).warnings] == ["erasure.no_status", "erasure.end_missing"]
    assert accepted(killed) == (False, "erasure.unknown_outcome")


@pytest.mark.parametrize(
    "before,after,reason",
    [
        (" Erased ", "-FAILED-", "erasure.failed"),
        (" Erased ", "UABORTED", "erasure.aborted"),
        (" Erased ", "INSANITY", "erasure.unknown_outcome"),
        ("sda |           0 |", "sda |           7 |", "erasure.failed"),
        ("240G, 240 GB, S/N=CH240Z0001", "240G, 240 GB, S/N=", None),
        ("[2026/04/01 10:40:03]  notice: Verified", "[2026/04/01 10:40:03]  notice: Skipped", "erasure.unverified"),
        ("Finished final round", "Half of round", "erasure.no_end"),
        ("sda |      240057409536", "sda |      240057409535", "erasure.incomplete"),
        ("Fill With Zeros' on", "Verify Zeros (0x00)' on", "erasure.no_method"),
        ("240/CH240Z0001", "240/CH240Z0002", "erasure.unknown_outcome"),
        ("on /dev/sda\n[2026/04/01 10:20", "on /dev/sda\n*** x on /dev/sda\n[2026/04/01 10:20", None),
        ("info: nwipe 0.42", "warning: *** HIDDEN SECTORS DETECTED ! *** on /dev/sda", None),
    ],
)
def test_what_is_not_proven_is_not_accepted(before, after, reason):
    assert before in ZEROS
    assert accepted(ZEROS.replace(before, after)) == (reason is None, reason)


def test_the_shortest_pass_counts_where_no_table_tells_the_coverage():
    old = "\n".join(line for line in sample("two-disks-0.24.nwipe.log").decode().splitlines() if "sdb" in line)
    written = "[2019/03/04 09:20:00] nwipe: notice: 40020664320 bytes written to device '/dev/sdb'."
    short = written.replace("09:20", "09:10").replace("40020664320", "512")

    assert only(old.replace(written, f"{short}\n{written}")).bytes_erased == 512
    assert only(old.replace(written, f"{written}\n{short}")).bytes_erased == 512


def test_hidden_sectors_are_not_erased():
    line = "[2026/04/01 10:00:02] warning:  *** HIDDEN SECTORS DETECTED ! *** on /dev/sda\n"
    start = ZEROS.index("[2026/04/01 10:00:03]")

    assert accepted(ZEROS[:start] + line + ZEROS[start:]) == (False, "erasure.hidden_sectors")


@pytest.mark.parametrize("serial", ["", "XXXXXXXXXXXXXXX", "???????????????", "To be filled by O.E.M."])
def test_without_a_serial_nothing_is_attributed(serial):
    assert accepted(ZEROS.replace("CH240Z0001", serial)) == (False, "erasure.no_serial")


def test_runs_appended_to_one_file_are_kept_apart():
    second = ZEROS.replace("CH240Z0001", "ZZSECOND01").replace("2026/04/01", "2026/04/02")
    report = read_erasure((ZEROS + ZEROS[:TABLES].replace("0.42", "0.41") + second).encode())

    assert [(each.serial, each.outcome) for each in report.erasures] == [
        ("CH240Z0001", "success"),
        ("CH240Z0001", "unknown"),
        ("ZZSECOND01", "success"),
    ]
    assert [each.tool_version for each in report.erasures] == ["0.42", "0.41", "0.42"]
    assert report.warnings[0].to_json() == {"code": "erasure.several_runs", "runs": 3}


def test_old_runs_appended_to_one_file_are_kept_apart():
    old = sample("two-disks-0.24.nwipe.log").decode()

    assert len(read_erasure((old + old).encode()).erasures) == 4


def test_the_next_run_in_the_same_bay_does_not_finish_the_killed_one():
    unannounced = ZEROS.partition("\n")[2]  # some versions do not open with their name
    killed = unannounced[: unannounced.index("[2026/04/01 10:20:03]")]
    report = read_erasure((killed + unannounced.replace("CH240Z0001", "ZZSECOND01")).encode())

    assert [(each.serial, each.outcome) for each in report.erasures] == [
        ("CH240Z0001", "unknown"),
        ("ZZSECOND01", "success"),
    ]


def test_two_drives_that_the_table_shows_alike_are_not_told_apart():
    lines, tables = ZEROS[:TABLES].partition("\n")[2], ZEROS[TABLES:].replace("     sda |", "mpathsda |")
    first, second = (lines.replace("/dev/sda", f"/dev/{folder}/mpathsda") for folder in ("mapper", "other"))

    assert [each.outcome for each in read_erasure((first + tables).encode()).erasures] == ["success"]
    both = read_erasure((first + second + tables).encode())
    assert [each.outcome for each in both.erasures] == ["unknown", "unknown"]


def test_a_listed_drive_on_which_nothing_was_started_is_no_erasure():
    listed = "\n".join(line for line in ZEROS.splitlines() if "Found" in line or "nwipe 0.42" in line)

    with pytest.raises(Unreadable) as refused:
        read_erasure(listed.encode())
    assert refused.value.code == "report.no_erasure"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: ("﻿" + text).encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("CHAUVIGNY", "ÉTÉ").encode("latin-1"),
        lambda text: text.replace(" Erased ", "\x1b[32m Erased \x1b[0m").encode(),
        lambda text: text.encode() + b"\x00" * 700,
    ],
    ids=["mark", "utf-16", "utf-16 unmarked", "crlf", "latin-1", "colours", "power failure"],
)
def test_the_way_it_was_saved_does_not_matter(written):
    (erasure,) = read_erasure(written(ZEROS)).erasures

    assert (erasure.serial, erasure.outcome) == ("CH240Z0001", "success")
