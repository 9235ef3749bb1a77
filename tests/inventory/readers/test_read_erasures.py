"""Reading the erasers other than nwipe's logs: which drive, what technique, what level it reaches, and what is missing."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.inventory.evidence.erasure_rules import acceptance
from refurb.inventory.readers.capacity import from_binary_text, from_megabytes, is_rounded
from refurb.inventory.readers.erasure.bundle import NamedFile, as_kept
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import CODES, Unreadable
from tests.inventory.readers.certificates import DRIVE, certificate
from tests.inventory.readers.reports import sample

END = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
PARIS_SUMMER = timezone(timedelta(hours=2))


def erasures(data):
    return read_erasure(data).erasures


def codes(erasure):
    return {each.code for each in erasure.warnings}


def told(erasure):
    return erasure.serial, erasure.method, erasure.level, erasure.verification, erasure.outcome


def stated(*names):
    """The one kept file of some samples with a stated end."""
    (kept,) = as_kept([NamedFile(name, sample(name)) for name in names], END)
    return kept.content


# --- nvme-cli ----------------------------------------------------------------------------------------------------------


def test_a_sanitize_log_beside_the_list_of_drives_names_each_drive():
    first, second = erasures(sample("purged.nvme.txt"))

    assert told(first) == ("VIENNE0NVME001", "Sanitize, crypto erase", "purge", "device", "success")
    assert told(second) == ("VIENNE0NVME002", "Sanitize, block erase", "purge", "none", "unknown")
    assert "erasure.still_running" in codes(second)


def test_a_sanitize_log_beside_its_controller_and_a_stated_end_is_a_proof():
    (erasure,) = erasures(stated("id-ctrl.nvme.json"))

    assert told(erasure) == ("VIENNE0NVME003", "Sanitize, block erase", "purge", "device", "success")
    assert (erasure.size_bytes, erasure.ended_at) == (256060514304, END)
    assert acceptance(erasure, "nvme", drive_size_bytes=256060514304) == (True, None)


def test_without_a_stated_end_it_proves_nothing():
    (erasure,) = erasures(sample("id-ctrl.nvme.json"))

    assert "erasure.end_missing" in codes(erasure)
    assert acceptance(erasure, "nvme") == (False, "erasure.no_end")


LOG = b"Sanitize Progress (SPROG) :  65535\nSanitize Status (SSTAT) :  %s\nSanitize Command Dword 10 Information (SCDW10) :  %s\n"


@pytest.mark.parametrize(
    "status,action,expected,code",
    [
        (b"0x101", b"0x2", ("Sanitize, block erase", "purge", "device", "success"), None),
        (b"0x1", b"0x4", ("Sanitize, crypto erase", "purge", "device", "success"), "erasure.written_since_unknown"),
        (b"0x11c", b"0x3", ("Sanitize, overwrite", "purge", "device", "success"), None),
        (b"0x3", b"0x3", ("Sanitize, overwrite", "purge", "none", "failed"), None),
        (b"0", b"0", (None, None, "none", "unknown"), "erasure.never_done"),
    ],
)
def test_the_bits_of_a_sanitize_status(status, action, expected, code):
    (erasure,) = erasures(LOG % (status, action))

    assert told(erasure) == (None, *expected)
    assert "erasure.needs_identity" in codes(erasure)
    assert code is None or code in codes(erasure)


def test_a_log_of_zeros_says_so():
    (erasure,) = erasures((LOG % (b"0", b"0")).replace(b"65535", b"0"))

    assert "erasure.log_is_zeros" in codes(erasure)


def test_what_was_written_since_the_sanitize_is_not_vouched_for():
    (erasure,) = erasures(sample("id-ctrl.nvme.json").replace(b'"global_erased":1', b'"global_erased":0'))

    assert (erasure.outcome, erasure.verification) == ("unknown", "none")
    assert "erasure.written_since" in codes(erasure)
    assert acceptance(erasure, "nvme") == (False, "erasure.written_since")


@pytest.mark.parametrize(
    "command,expected",
    [
        (b"$ nvme format /dev/nvme0n1 --ses=1\n", ("Format NVM, ses=1", "clear", "device", "success")),
        (b"# nvme format -s 2 /dev/nvme0n1 --force\n", ("Format NVM, ses=2", "purge", "device", "success")),
        (b"# nvme format /dev/nvme0n1\n", ("Format NVM, ses=0", None, "none", "success")),
        (b"", ("Format NVM", None, "none", "success")),
    ],
)
def test_a_format_reaches_what_its_settings_reach(command, expected):
    (erasure,) = erasures(command + b"Success formatting namespace:1\n")

    assert told(erasure)[1:] == expected


# --- hdparm ------------------------------------------------------------------------------------------------------------


def test_an_enhanced_secure_erase_is_a_purge_once_the_drive_says_that_it_is_done():
    (erasure,) = erasures(stated("enhanced.hdparm.txt"))

    assert told(erasure) == ("CH240Z0009", "ATA Security Erase, enhanced", "purge", "device", "success")
    assert (erasure.size_bytes, erasure.medium) == (240057409536, "ssd")
    assert acceptance(erasure, "ssd", drive_size_bytes=240057409536) == (True, None)


def test_the_normal_secure_erase_is_clear():
    (erasure,) = erasures(sample("enhanced.hdparm.txt").replace(b"-enhanced", b""))

    assert told(erasure)[1:] == ("ATA Security Erase", "clear", "device", "success")


def test_while_the_password_stands_the_erase_is_not_done():
    text = sample("enhanced.hdparm.txt")
    (erasure,) = erasures(b"\t\tenabled".join(text.rsplit(b"\tnot\tenabled", 1)))

    assert erasure.outcome == "unknown"


def test_an_error_after_the_command_is_a_failure():
    text = sample("enhanced.hdparm.txt").replace(b"user=user\n", b"user=user\nSG_IO: bad/missing sense data, sb[]:  70 00\n")

    assert (erasures(text)[0].outcome, erasures(text)[0].errors) == ("failed", 1)


def test_an_erase_that_nothing_follows_is_not_confirmed():
    text = sample("enhanced.hdparm.txt")
    (erasure,) = erasures(text[: text.index(b"user=user") + 10])

    assert erasure.outcome == "unknown"
    assert "erasure.not_confirmed" in codes(erasure)


def test_a_sanitize_is_followed_to_its_end():
    text = sample("sanitize.hdparm.txt")

    assert told(erasures(text)[0]) == ("WD-WX00A0000077", "ATA Sanitize, overwrite", "purge", "device", "success")
    running = erasures(text[: text.index(b"(50%)") + 6])[0]
    assert running.outcome == "unknown"
    assert "erasure.still_running" in codes(running)


def test_hidden_sectors_are_seen_by_hdparm_too():
    (erasure,) = erasures(sample("sanitize.hdparm.txt") + b"\n max sectors   = 976771055/976773168, HPA is enabled\n")

    assert acceptance(erasure, "hdd") == (False, "erasure.hidden_sectors")


def test_an_identity_alone_is_no_erasure():
    text = sample("enhanced.hdparm.txt")

    with pytest.raises(Unreadable) as refused:
        read_erasure(text[: text.index(b"$ hdparm --user")])
    assert refused.value.code == "report.no_erasure"


# --- what is kept ------------------------------------------------------------------------------------------------------


def test_passwords_are_not_kept():
    content = stated("enhanced.hdparm.txt")

    assert b"Secret9" not in content
    assert told(erasures(content)[0])[2] == "purge"


def test_a_kept_file_given_again_is_kept_the_same():
    kept = stated("id-ctrl.nvme.json")

    assert as_kept([NamedFile("again", kept)], END + timedelta(hours=1))[0].content == kept


def test_two_files_of_one_drive_become_one_in_any_order():
    identity, log = sample("id-ctrl.nvme.json").split(b'\n}\n{\n  "nvme0"')
    files = [NamedFile("id.json", identity + b"\n}\n"), NamedFile("log.json", b'{\n  "nvme0"' + log)]

    kept, other = as_kept(files, END), as_kept(files[::-1], END)
    assert [each.content for each in kept] == [each.content for each in other]
    assert told(erasures(kept[0].content)[0])[0] == "VIENNE0NVME003"


def test_a_log_of_nwipe_is_kept_as_it_came():
    files = [NamedFile("a.log", sample("zeros-0.42.nwipe.log")), NamedFile("b.pdf", certificate())]

    assert as_kept(files, END) == files


# --- nwipe's certificates ----------------------------------------------------------------------------------------------


def test_a_certificate_says_what_its_log_says():
    report = read_erasure(certificate())

    (erasure,) = report.erasures
    assert (report.tool, report.tool_version) == ("nwipe", "0.38")
    assert told(erasure) == ("WD-WX00A0000099", "DoD Short", "clear", "all", "success")
    assert (erasure.size_bytes, erasure.bytes_erased, erasure.rounds, erasure.hidden_sectors) == (500107862016, 500107862016, 1, False)
    assert erasure.ended_at == datetime(2026, 4, 1, 10, 0)  # noqa: DTZ001
    assert acceptance(erasure, "hdd") == (True, None)


@pytest.mark.parametrize(
    "old,new,reason",
    [
        ("Status: ERASED", "Status: FAILED", "erasure.failed"),
        ("Status: ERASED", "Status: ABORTED", "erasure.aborted"),
        ("Status: ERASED", "Status:", "erasure.unknown_outcome"),
        ("): All", "): None", "erasure.unverified"),
        ("Serial: WD-WX00A0000099", "Serial: XXXXXXXXXXXXXXX", "erasure.no_serial"),
        ("Erased: 500107862016", "Erased: 500107861504", "erasure.incomplete"),
        ("No hidden sectors", "HIDDEN SECTORS DETECTED", "erasure.hidden_sectors"),
        ("0/0/0", "0/0/1", "erasure.failed"),
        ("DoD Short", "Verify Zeros", "erasure.no_method"),
    ],
)
def test_a_certificate_that_proves_nothing(old, new, reason):
    assert old in "".join(DRIVE)
    assert acceptance(erasures(certificate((old, new)))[0], "hdd") == (False, reason)


def test_the_certificate_of_a_machine_writes_an_underscore_for_a_hyphen():
    (erasure,) = erasures(certificate(("WD-", "WD_")))

    assert erasure.serial == "WD-WX00A0000099"
    assert "erasure.serial_respelt" in codes(erasure)


def test_another_pdf_is_refused():
    with pytest.raises(Unreadable) as refused:
        read_erasure(certificate(lines=("Facture no 12", "Total : 100 euros")))
    assert refused.value.code == "report.pdf_unknown"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=6), st.floats(0, 1))
def test_a_damaged_certificate_is_read_or_refused(changes, cut):
    data = certificate()
    for place, length, piece in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    code = None
    try:
        json.dumps(read_erasure(data[: max(int(cut * len(data)), 900)]).to_json(), allow_nan=False)
    except Unreadable as refused:
        code = refused.code
    assert code is None or code in CODES


# --- eReuse ------------------------------------------------------------------------------------------------------------


def test_the_severity_of_an_erasure_wins_over_its_steps():
    basic, sectors, unsaid = erasures(sample("snapshot.ereuse.json"))

    assert told(basic) == ("CH320Z0001", "EraseBasic", "clear", "none", "failed")
    assert told(sectors) == ("CH320Z0001", "EraseSectors", "clear", "all", "success")
    assert told(unsaid) == ("CH160Z0002", "EraseBasic", "clear", "none", "unknown")
    assert (sectors.size_bytes, unsaid.size_bytes) == (320072933376, 160041885696)
    assert sectors.ended_at == datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
    assert acceptance(sectors, "hdd", drive_size_bytes=320072933376) == (True, None)


def test_a_snapshot_kept_as_yaml_is_read_the_same():
    text = """---
type: Snapshot
version: 11.0b9
components:
  - type: HardDrive
    serialNumber: CH320Z0001
    size: 305245
    actions:
      - {type: EraseSectors, severity: Info, startTime: 2026-03-31T08:00:00+00:00, endTime: 2026-03-31T09:00:00+00:00}
"""
    (erasure,) = erasures(text.encode())

    assert told(erasure) == ("CH320Z0001", "EraseSectors", "clear", "all", "success")
    assert erasure.ended_at == datetime(2026, 3, 31, 9, 0, tzinfo=UTC)


def test_aliases_in_yaml_are_refused():
    with pytest.raises(Unreadable):
        read_erasure(b"type: Snapshot\ncomponents: &a [1]\ndevice: *a\n")


def test_a_report_of_usody_gives_the_drives_own_serial():
    (erasure,) = erasures(sample("zeros.usody.json"))

    assert told(erasure) == ("CH320Z0003", "Basic Erasure", "clear", "sample", "success")
    assert "erasure.serials_differ" in codes(erasure)
    assert acceptance(erasure, "hdd", drive_size_bytes=320072933376) == (True, None)


@pytest.mark.parametrize(
    "old,new,outcome",
    [
        (b'"result": true, "version"', b'"result": false, "version"', "failed"),
        (b'"success": true', b'"success": null', "unknown"),
    ],
)
def test_usody_succeeds_with_its_result_and_a_step(old, new, outcome):
    assert erasures(sample("zeros.usody.json").replace(old, new))[0].outcome == outcome


# --- Blancco -----------------------------------------------------------------------------------------------------------


def test_blanccos_entries_are_read_drive_by_drive():
    report = read_erasure(sample("entries.blancco.xml"))

    purged, failed = report.erasures
    assert (report.tool, report.tool_version, report.host.serial) == ("Blancco Drive Eraser", "7.1.0", "VI14K00731")
    assert told(purged) == ("CH240Z0010", "NIST 800-88 Purge - ATA", "purge", "device", "success")
    assert purged.ended_at == datetime(2026, 4, 1, 10, 4, tzinfo=PARIS_SUMMER)
    assert told(failed) == ("WD-WX00A0000078", "HMG Infosec Standard 5, Lower Standard", "clear", "none", "failed")
    assert (failed.errors, failed.bytes_erased) == (12, 460800000000)
    assert acceptance(purged, "ssd") == (True, None)


def test_the_name_of_a_standard_gives_no_level():
    (erasure, _) = erasures(sample("entries.blancco.xml").replace(b'"firmware_rounds" type="uint">1', b'"firmware_rounds" type="uint">0'))

    assert (erasure.level, erasure.verification) == ("clear", "none")


def test_named_elements_say_the_same():
    text = b"""<root><report><blancco_data><blancco_erasure_report><erasures><erasure><state>Successful</state>
<erasure_standard_name>Overwrite</erasure_standard_name><overwriting_rounds>3</overwriting_rounds><verification>100%</verification>
<target><serial>CH1Z</serial><capacity>1000</capacity></target></erasure></erasures></blancco_erasure_report></blancco_data></report></root>"""
    (erasure,) = erasures(text)

    assert (*told(erasure), erasure.rounds) == ("CH1Z", "Overwrite", "clear", "last", "success", 3)


def test_entities_in_xml_are_not_expanded():
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><root><report><blancco_data>&b;</blancco_data></report></root>'

    with pytest.raises(Unreadable) as refused:
        read_erasure(bomb)
    assert refused.value.code == "report.no_erasure"


# --- what any of them may lack -----------------------------------------------------------------------------------------


def test_what_is_wrong_with_an_erasure_is_said():
    future = certificate(("2026/04/01 10", "2099/04/01 10"), ("): All", "): None"), ("Erased: 500107862016", "Erased: 500"))

    assert codes(erasures(future)[0]) == {"erasure.no_zone", "erasure.future", "erasure.not_read_back", "erasure.short"}
    backwards = certificate(("2026/04/01 10", "2026/04/01 07"))
    assert "erasure.clock_went_back" in codes(erasures(backwards)[0])


@pytest.mark.parametrize(
    "size,expected",
    [
        (305245, 320072933376),
        (160041.88, 160041885696),
        (238475, 250059350016),
        (500000.0, 500000000000),
        (76293, 79999008768),
        (0, None),
        ("9", None),
    ],
)
def test_sizes_in_megabytes_of_either_kind(size, expected):
    assert from_megabytes(size) == expected


def test_sizes_as_lsblk_rounds_them():
    assert from_binary_text("298.1G") == 320072933376
    assert from_binary_text("3,6T") is not None
    assert from_binary_text("lots") is None


def test_a_rounded_size_may_fall_short_of_the_drive_by_what_was_cut():
    (erasure, _, _) = erasures(sample("snapshot.ereuse.json").replace(b"305245", b"76293").replace(b'"Error"', b'"Info"'))
    proven = read_erasure(sample("snapshot.ereuse.json").replace(b"305245", b"76293")).erasures[1]

    assert is_rounded(erasure.size_bytes)
    assert acceptance(proven, "hdd", drive_size_bytes=80000000000) == (True, None)
    assert acceptance(proven, "hdd", drive_size_bytes=80026361856) == (False, "erasure.smaller_than_drive")
