"""A success that the file itself denies is none, and a serial number that names two things names neither."""

import pytest

from refurb.inventory.evidence.erasure_rules import acceptance
from refurb.inventory.readers import identity
from refurb.inventory.readers.capacity import from_megabytes
from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.erasure.detect import read_erasure
from tests.inventory.readers.certificates import DRIVE, certificate
from tests.inventory.readers.reports import case, sample

ZEROS = sample("zeros-0.42.nwipe.log").decode()


def erasures(data):
    return read_erasure(data if isinstance(data, bytes) else data.encode()).erasures


def codes(erasure):
    return {each.code for each in erasure.warnings}


# --- nvme-cli: bit 8 of the status in all its words ----------------------------------------------------------------------


def test_what_was_written_since_is_said_in_the_words_of_older_versions():
    (erasure,) = erasures(case("nvme-H-written-since.txt"))

    assert (erasure.serial, erasure.outcome, erasure.verification) == ("NVX000000101", "unknown", "none")
    assert "erasure.written_since" in codes(erasure)
    assert acceptance(erasure, "nvme") == (False, "erasure.written_since")


def test_what_was_not_written_since_too():
    (erasure,) = erasures(b"# Erasure ended at 2026-04-01T10:00:00+00:00 (stated by the person who sent these files)\n"
                          + case("nvme-H-not-written-since.txt"))  # fmt: skip

    assert (erasure.outcome, erasure.verification, codes(erasure)) == ("success", "device", set())
    assert acceptance(erasure, "nvme") == (True, None)


def test_a_status_that_hides_the_bit_proves_nothing_by_itself():
    (erasure,) = erasures(case("nvme-plain-status-hidden.txt"))

    assert (erasure.outcome, erasure.verification) == ("success", "device")
    assert "erasure.written_since_unknown" in codes(erasure)
    assert acceptance(erasure, "nvme") == (False, "erasure.written_since_unknown")


@pytest.mark.parametrize(
    "shown,expected",
    [
        ("  [8:8] : Global Data Erased         : 0x1\tNo user data", "success"),
        ("  [8:8] : Global Data Erased         : 0\tUser data", "unknown"),
        ("\t  [8]\tGlobal Data Erased cleared: a NS LB", "unknown"),
        ("Global Data Erased : false", "unknown"),
    ],
)
def test_the_words_decide_where_the_number_does_not_and_the_worse_where_both_do(shown, expected):
    log = f"Sanitize Progress (SPROG) : 65535\nSanitize Status (SSTAT) : 0x101\n{shown}\nInformation (SCDW10) : 0x2\n"

    assert erasures(log)[0].outcome == expected
    hidden = erasures(log.replace("0x101", "0x1"))[0]
    assert (hidden.doubt is None) == (expected == "success")


@pytest.mark.parametrize(
    "sstat,doubt",
    [("257", None), ("1", "erasure.written_since_unknown"), ('{"global_erased":"0x0","status":"(1) x"}', "erasure.written_since")],
)
def test_the_status_in_json_as_bits_or_as_words(sstat, doubt):
    (erasure,) = erasures(f'{{"nvme0":{{"sprog":65535,"sstat":{sstat},"cdw10_info":2}}}}')

    assert erasure.doubt == doubt


def test_a_failure_beside_a_success_of_the_same_drive_denies_it():
    log = sample("id-ctrl.nvme.json").decode()
    failed = log[log.index('{\n  "nvme0"') :].replace("(1) Most Recent Sanitize Command Completed Successfully.", "(3) Failed.")
    named = '{"Devices":[{"DevicePath":"/dev/nvme0n1","SerialNumber":"VIENNE0NVME003","ModelNumber":"X","PhysicalSize":256060514304}]}\n'
    both = erasures(named + log[log.index('{\n  "nvme0"') :] + failed)

    assert [(each.outcome, each.doubt) for each in both] == [("unknown", "erasure.contradicted"), ("failed", None)]


def test_a_format_that_was_refused_is_a_failure_even_alone():
    for text in (case("nvme-format-refused.txt"), case("nvme-format-refused.txt").partition(b"\n")[2]):
        (erasure,) = erasures(text)
        assert (erasure.serial, erasure.outcome, erasure.tool) == (None, "failed", "nvme-cli")
        assert "erasure.needs_identity" in codes(erasure)


def test_a_sanitize_that_was_refused_is_one_too():
    (erasure,) = erasures("# nvme sanitize /dev/nvme0 -a 2\nNVMe status: INVALID_OPCODE: not supported(0x2001)\n")

    assert (erasure.method, erasure.outcome) == ("Sanitize", "failed")


# --- nwipe: its table and its lines --------------------------------------------------------------------------------------


def test_a_table_of_zeros_does_not_outweigh_the_lines():
    (erasure,) = erasures(case("nwipe-error-lines-table-says-erased.log"))

    assert (erasure.serial, erasure.outcome) == ("EXN0000032", "failed")
    assert erasure.errors
    assert acceptance(erasure, "hdd") == (False, "erasure.failed")


@pytest.mark.parametrize(
    "line,outcome",
    [
        ("  error: nwipe_static_pass: write: Input/output error", "failed"),
        ("  fatal: Unable to write to '/dev/sda'.", "failed"),
        ("warning: Partial write on '/dev/sda', 512 bytes short.", "failed"),
        ("   info: Nwipe exited with errors, check the log & summary table for individual drive status.", "unknown"),
        ("warning: nwipe_write_with_retry: write() failed on '/dev/sda' (attempt 1/3): Input/output error", "success"),
        ("warning: Smartctl is unable to provide smart data for /dev/sda", "success"),
    ],
)
def test_each_line_that_complains_counts_unless_it_was_tried_again(line, outcome):
    at = ZEROS.index("[2026/04/01 10:40:03]  notice: Verified")

    assert erasures(f"{ZEROS[:at]}[2026/04/01 10:30:00] {line}\n{ZEROS[at:]}")[0].outcome == outcome


@pytest.mark.parametrize(
    "before,after",
    [
        ("      sda | Erased ", "!     sda | Erased "),
        ("Finished final round", "Half of round"),
        ("sda |      240057409536", "sda |      240057409535"),
    ],
)
def test_an_erased_that_the_log_denies_elsewhere_is_no_success(before, after):
    assert before in ZEROS
    assert erasures(ZEROS.replace(before, after))[0].outcome == "unknown"


def test_of_two_rows_about_one_drive_the_worse_counts():
    row = next(line for line in ZEROS.splitlines() if "| Erased |" in line)

    for rows in (f"{row}\n{row.replace(' Erased ', '-FAILED-')}", f"{row.replace(' Erased ', '-FAILED-')}\n{row}"):
        assert erasures(ZEROS.replace(row, rows))[0].outcome == "failed"


TWO = """[2026/04/01 10:00:00]  notice: nwipe 0.42
[2026/04/01 10:00:00]  notice: Found /dev/sda, ATA, A DISK, 240 GB, S/N=VIENNE0000A
[2026/04/01 10:00:00]  notice: Found /dev/sdb, ATA, A DISK, 240 GB, S/N=VIENNE0000B
[2026/04/01 10:00:01]  notice: Invoking method 'Fill With Zeros' on /dev/sda
[2026/04/01 10:00:01]  notice: Invoking method 'Fill With Zeros' on /dev/sdb
[2026/04/01 10:10:00]   error: Write error on '/dev/sdb' at offset 4096.
{stray}
[2026/04/01 10:40:00]  notice: Verified pass 1 of 1, round 1 of 1, on '/dev/sda'.
[2026/04/01 10:40:00]  notice: Finished final round 1 of 1 on /dev/sda
       sda | Erased |  200 MB/s | 00:40:00 | A DISK/VIENNE0000A
!      sdb |-FAILED-|  200 MB/s | 00:10:00 | A DISK/VIENNE0000B
[2026/04/01 10:40:01]    info: Nwipe exited with errors, check the log & summary table for individual drive status.
"""
STRAY = "  error: nwipe_static_forward_pass: write: Input/output error"


@pytest.mark.parametrize(
    "stray,outcome",
    [
        (f"[2026/04/01 10:10:01] {STRAY}", "success"),
        (f"[2026/04/01 10:10:00] {STRAY}\n[2026/04/01 10:10:01] {STRAY}", "success"),
        (f"[2026/04/01 10:30:00] {STRAY}\n[2026/04/01 10:30:01]   fatal: Reverse wipe failed on '/dev/sdb'.", "success"),
        (f"[2026/04/01 10:30:00] {STRAY}", "failed"),
        (f"[2026/04/01 10:10:09] {STRAY}", "failed"),
        (f"[2026/04/01 10:10:00]  notice: Temperature read\n[2026/04/01 10:10:00] {STRAY}", "failed"),
        (f"[2026/04/01 10:30:00]  notice: something of /dev/sda\n[2026/04/01 10:30:00] {STRAY}", "failed"),
    ],
)
def test_an_error_that_names_no_drive_is_the_failed_one_s_only_beside_its_lines(stray, outcome):
    first, second = erasures(TWO.format(stray=stray))

    assert (first.outcome, second.outcome) == (outcome, "failed")


def test_the_errors_of_one_drive_are_not_those_of_its_neighbour():
    found = erasures(sample("four-disks-0.38.nwipe.log"))

    assert [each.outcome for each in found[:2]] == ["failed", "success"]


# --- other tools ---------------------------------------------------------------------------------------------------------


def test_a_certificate_that_did_not_reach_the_end_is_no_success():
    (erasure,) = erasures(certificate(("Erased: 500107862016", "Erased: 500107861504")))

    assert (erasure.outcome, acceptance(erasure, "hdd")) == ("unknown", (False, "erasure.incomplete"))


@pytest.mark.parametrize(
    "old,new", [(b'"validation": {"result": true', b'"validation": {"result": false'), (b'"return_code": 0', b'"return_code": 1')]
)
def test_usody_is_not_believed_against_its_own_check_or_commands(old, new):
    text = sample("zeros.usody.json")

    assert old in text
    assert erasures(text.replace(old, new))[0].outcome == "failed"


def test_workbench_is_not_believed_against_one_of_its_steps():
    text = b"""type: Snapshot
components:
  - type: HardDrive
    serialNumber: CH320Z0001
    size: 305245
    actions:
      - {type: EraseSectors, severity: Info, startTime: 2026-03-31T08:00:00+00:00, endTime: 2026-03-31T09:00:00+00:00,
         steps: [{type: StepZero, severity: Info}, {type: StepRandom, severity: Error}]}
"""
    assert erasures(text)[0].outcome == "failed"


@pytest.mark.parametrize("beside", ["<verification>Failed</verification>", "<verification_result>2 mismatches</verification_result>"])
def test_blancco_is_not_believed_against_its_own_verification(beside):
    text = f"""<root><report><blancco_data><blancco_erasure_report><erasures><erasure><state>Successful</state>
<erasure_standard_name>NIST Purge</erasure_standard_name><firmware_rounds>1</firmware_rounds>{beside}
<target><serial>CH1Z</serial><capacity>1000</capacity></target></erasure></erasures></blancco_erasure_report></blancco_data></report></root>"""

    assert erasures(text)[0].outcome == "failed"


# --- serial numbers that name nothing ------------------------------------------------------------------------------------


def test_two_devices_of_one_run_under_one_number_are_both_doubted():
    both = erasures(case("nwipe-two-docks-one-serial.log"))

    assert [each.doubt for each in both] == ["erasure.serial_twice"] * 2
    assert all("erasure.serial_twice" in codes(each) for each in both)
    assert [acceptance(each, "hdd")[1] for each in both] == ["erasure.serial_twice"] * 2


def test_a_number_that_no_bridge_is_known_by_is_doubted_all_the_same():
    both = erasures(case("nwipe-two-docks-one-serial.log").replace(b"DD564198838B8", b"S3YZNB0KB00864E"))

    assert [(each.serial, each.doubt) for each in both] == [("S3YZNB0KB00864E", "erasure.serial_twice")] * 2


def test_the_numbers_of_bridges_are_no_drives():
    found = erasures(case("nwipe-usb-filler-serials.log"))

    assert [(each.serial, each.doubt) for each in found] == [(None, "erasure.serial_of_bridge")] * 3


@pytest.mark.parametrize(
    "serial",
    ["152D00539000", "152D203380B6", "000000000001", "0000000000", "0123456789ABCDEF", "123456789012", "DD564198838B8", "FEDCBA9876543210",
     "ABCDEFGHIJKL", "00000000000A", "100000000000", "AAAABBBBCCCC1", "DB9876543214E", "000000123AFF", "111111111111", "987654321"],
)  # fmt: skip
def test_the_fillers_of_bridges(serial):
    assert identity.drive_serial(serial) is None


@pytest.mark.parametrize("serial", ["WD-WXC1A14S2591", "6RX7AWEZ", "S3YZNB0KB00864E", "192267801547", "NS8BN06381120BD03", "393935820246",
                                    "AA000000000000000123", "20013A803456", "2CE5270ZWC", "5ND202LZ"])  # fmt: skip
def test_the_numbers_of_real_drives_stay(serial):
    assert identity.drive_serial(serial) == serial


def of_namespaces(second="Erased"):
    lines, tables = ZEROS[: ZEROS.index("\n****")], ZEROS[ZEROS.index("\n****") :]
    first, other = (lines.replace("/dev/sda", f"/dev/nvme0n{number}") for number in (1, 2))
    rows = [line for line in tables.splitlines() if line.lstrip().startswith("sda |")]
    for row in rows:
        one, two = row.replace("     sda", " nvme0n1"), row.replace("     sda", " nvme0n2").replace(" Erased ", f"{second:^8}")
        tables = tables.replace(row, f"{one}\n{two}")
    return first.partition("\n")[2] + "\n" + other.partition("\n")[2] + tables


def test_the_namespaces_of_one_drive_are_one_erasure():
    (erasure,) = erasures(of_namespaces())

    assert (erasure.serial, erasure.outcome, erasure.doubt, erasure.size_bytes) == ("CH240Z0001", "success", None, 2 * 240057409536)
    assert acceptance(erasure, "nvme") == (True, None)


def test_all_of_them_must_be_done():
    assert [each.outcome for each in erasures(of_namespaces("-FAILED-"))] == ["failed"]
    left = of_namespaces()
    listed = "\n".join(line for line in left.splitlines() if "nvme0n2" not in line or "Found" in line)
    (erasure,) = erasures(listed)
    assert acceptance(erasure, "nvme") == (False, "erasure.incomplete")


def test_two_sheets_of_one_certificate_under_one_number_are_doubted():
    lines = (*DRIVE, *(line.replace("10:00:00", "10:30:00") for line in DRIVE))
    found = erasures(certificate(lines=lines))

    assert [each.doubt for each in found] == ["erasure.serial_twice"] * 2


# --- sizes ---------------------------------------------------------------------------------------------------------------


def test_a_size_rounded_up_by_workbench_hides_no_sectors():
    (erasure,) = erasures(case("ereuse-size-rounded-up.log"))

    (recorded,) = read_hardware(case("ereuse-size-rounded-up.yaml")).drives
    assert recorded.size_bytes == from_megabytes(76324) == 80026361856
    assert acceptance(erasure, "hdd", drive_size_bytes=76324 * 2**20) == (True, None)
    assert acceptance(erasure, "hdd", drive_size_bytes=80026361856 + 2**20 - 512) == (False, "erasure.smaller_than_drive")
