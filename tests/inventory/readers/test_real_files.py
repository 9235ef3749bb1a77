"""The real files beside the checkout: each is read as its machine is, or refused; skipped where they are absent."""

from datetime import datetime

import pytest

from refurb.inventory.evidence.erasure_rules import acceptance
from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import CODES, Unreadable
from refurb.inventory.readers.merge import merge
from tests.inventory.readers.reports import REAL, real

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside this checkout")

# file: (manufacturer, model, serial, chassis, MiB, memory modules, drives as (serial, bytes), addresses)
MACHINES = {
    "lshw/1001pxd.lshw.json": (
        ("ASUSTeK Computer INC.", "1001PXD", "B8OAAS048286", "laptop", 1024, 1),
        [("E2024242CV86HJ", 250059350016)],
        2,
    ),
    "lshw/7220w3t.lshw.json": (
        ("LENOVO", "ThinkCentre M58p", "S4R6062", "desktop", 4096, 2),
        [("6VY54ZKX", 250059350016)],
        1,
    ),
    "lshw/7900.lshw.json": (
        ("Hewlett-Packard", "HP Compaq dc7900 Small Form Factor", "CZC901381R", "desktop", 2048, 1),
        [("6RX7AWEZ", 160041885696), ("WD-WCARW0244414", 320072933376), ("WD-WCC2ETY84203", 500107862016)],
        1,
    ),
    "lshw/8100.lshw.json": (
        ("Hewlett-Packard", "HP Compaq 8100 Elite SFF PC", "CZC0408YPV", "desktop", 8192, 4),
        [("WD-WCAV2U856544", 320072933376)],
        1,
    ),
    "lshw/TM1613.lshw.json": (("Timi", "TM1613", "13138/00064437", "laptop", 8192, 1), [], 1),
    "lshw/acer-happy.lshw.json": (
        ("Acer", "AOHAPPY", "LUSEA0D010038879A01601", "laptop", 1024, 1),
        [("WD-WX11A80W7430", 160041885696)],
        2,
    ),
    "lshw/core2.lshw.json": ((None, None, None, "desktop", 1024, 1), [("S0URJDQP811025", 250059350016)], 1),
    "lshw/e5530.lshw.json": (
        ("Dell Inc.", "Latitude E5530 non-vPro", "D8FTRY1", "laptop", 8192, 2),
        [("TF755AWHKL0LHM", 500107862016)],
        1,
    ),
    "lshw/hp-pavilion-dv4000.lshw.json": (
        ("Hewlett-Packard", "Pavilion dv4000", "2CE5270ZWC", "laptop", 1024, 2),
        [("NN4FT561BDC2", 80026361856)],
        2,
    ),
    "lshw/nox.lshw.json": ((None, None, None, "desktop", 4096, 1), [("Z2A3HR7N", 500107862016)], 1),
    "lshw/optiplex-gx520.lshw.json": (
        ("Dell Inc.", "OptiPlex GX520", "6G0772J", "desktop", 1024, 2),
        [("5LR30DTZ", 80000000000)],
        1,
    ),
    "lshw/test_isard_probook.lshw.json": (
        ("HP", "HP ProBook 430 G4", "5CD7314HDY", "laptop", 8192, 1),
        [("S2ZPNB0J121952", 256060514304)],
        1,
    ),
    "lshw/virtualbox-no-hdd.lshw.json": (("innotek GmbH", "VirtualBox", None, None, 1016, 0), [], 1),
    "lshw/vostro-260.lshw.json": (
        ("Dell Inc.", "Vostro 260", "1Q63F5J", "desktop", 4096, 2),
        [("Z2AYS308", 500107862016)],
        1,
    ),
    "lshw-odd/e5530-list-wrapped.lshw.json": (
        ("Dell Inc.", "Latitude E5530 non-vPro", "D8FTRY1", "laptop", 8192, 2),
        [("TF755AWHKL0LHM", 500107862016)],
        1,
    ),
    "lshw-odd/vm-debian12-02.19.git-full.json": ((None, None, None, None, 24576, 0), [], 1),
    "lshw-odd/vm-debian12-02.19.git-network.json": ((None, None, None, None, None, 0), [], 1),
    "lshw-odd/vm-B.02.18-network.json": ((None, None, None, None, None, 0), [], 1),
    "lshw-odd/vm-B.02.19-network.json": ((None, None, None, None, None, 0), [], 1),
    "machines/acer-a315-before-ram/lshw.json": (
        ("Acer", "Aspire A315-53", "NXH9KAL0079150DA7D3400", "laptop", 4096, 1),
        [("192267801547", 240065183744)],
        1,
    ),
    "machines/hp-pro4300/lshw.json": (
        ("Hewlett-Packard", "HP Compaq Pro 4300 SFF PC", "MXL3451GTT", "desktop", 4096, 1),
        [("S2AJ3XHB", 500107862016)],
        1,
    ),
    "machines/lenovo-m73-MJ00YQXU/lshw.json": (
        ("LENOVO", "ThinkCentre M73", "MJ00YQXU", "desktop", 4096, 1),
        [("WD-WCC2E7NV4C7U", 500107862016)],
        1,
    ),
}

# file: drives as (model, serial, bytes, medium, interface, health, hours)
DRIVES = {
    "smartctl/KXG60ZNV512G_TOSHIBA_2.json": [("KXG60ZNV512G TOSHIBA", "REDACTED", 512110190592, "nvme", "nvme", "good", 12173)],
    "smartctl/ST3200820AS_16.json": [("ST3200820AS", "REDACTED", 200048565760, "unknown", "ata", "good", None)],
    "smartctl/ST3500418AS_11.json": [("ST3500418AS", "REDACTED", 500107862016, "hdd", "sata", "watch", 44670)],
    "smartctl/ide01.json": [("SAMSUNG SV2042H", "REDACTED123456", 20411080704, "unknown", "usb", "watch", None)],
    "smartctl/ide02.json": [("Hitachi HDP725016GLAT80", "REDACTED123456", 160041885696, "hdd", "usb", "unknown", None)],
    "smartctl/ide06.json": [("Maxtor 6L160P0", "REDACTED123456", 163928604672, "unknown", "usb", "watch", 1066)],
    "smartctl/mini_sata06.json": [("HGST HTS725032A7E630", "REDACTED123456", 320072933376, "hdd", "usb", "good", 1837)],
    "smartctl/nvme-null-Samsung_SSD_970_EVO_Plus_250GB-nvme0.json": [
        ("Samsung SSD 970 EVO Plus 250GB", "REDACTED", 250059350016, "nvme", "nvme", "good", 3149)
    ],
    "smartctl/sat-Phison_Driven_SSDs-KINGSTON_SA400M8120G-sda.json": [
        ("KINGSTON SA400M8120G", "REDACTED", 120034123776, "ssd", "sata", "good", 4994)
    ],
    "smartctl/sata03.json": [("WDC WD5000AAKS-00UU3A0", "REDACTED123456", 500107862016, "unknown", "usb", "watch", 20520)],
    "smartctl/sata04.json": [("ST3250310AS", "REDACTED123456", 250059350016, "unknown", "usb", "good", 62364)],
    "smartctl/sata12.json": [("WDC WD5000AZLX-08K2TA0", "REDACTED123456", 500107862016, "hdd", "usb", "good", 2558)],
    "smartctl/smart-ata-full.json": [("Samsung SSD 860 EVO 500GB", "S3YZNB0KB00864E", 500107862016, "ssd", "sata", "good", 14551)],
    "smartctl/smart-fail2.json": [("Hitachi HDS721050DLE630", "MSK423Y20S3HBC", 500107862016, "hdd", "usb", "failing", 65592)],
    "smartctl/smart-nvme.json": [("INTEL SSDPEKNW010T8", "BTNH93710FS91P0B", 1024209543168, "nvme", "nvme", "good", 2401)],
    "smartctl/smart-raid.json": [("Intel Raid 1 Volume", None, 1000202043392, "unknown", "scsi", "unknown", None)],
    "smartctl/smart-scsi2.json": [("SEAGATE ST1200MM0088", "Z4028VRY0000C810BZXB", 1200243695616, "hdd", "scsi", "good", 5675)],
    "machines/acer-a315-before-ram/smart.json": [("WDC WDS240G2G0A-00JH30", "192267801547", 240065183744, "ssd", "sata", "watch", 5332)],
    "machines/dell-e7240-two-ssd/smartctl.json": [
        ("LITEONIT LMT-256M6M mSATA 256GB", "TW0XXM305508539G1361", 256060514304, "ssd", "sata", "good", None),
        ("Samsung SSD 850 EVO mSATA 500GB", "S33HNX0J203755R", 500107862016, "ssd", "sata", "good", 17702),
    ],
    "machines/hp-pro4300/smart.json": [("ST500DM002-1BD142", "S2AJ3XHB", 500107862016, "hdd", "sata", "good", 42593)],
    "machines/lenovo-m73-MJ00YQXU/smart.json": [("WDC WD5000AAKX-08U6AA0", "WD-WCC2E7NV4C7U", 500107862016, "hdd", "sata", "good", 23576)],
}

# file: erasures as (serial, method, verification, outcome, seconds, errors, reason why it does not count)
ERASURES = {
    "nwipe/cta-shredos-2021.08-0.32-two-disks-erased.log": [
        ("WD-WXC1A14S2591", "Fill With Zeros", "last", "success", 7989, 0, None),
        ("NS8BN06381120BD03", "Fill With Zeros", "last", "success", 1237, 0, None),
    ],
    "nwipe/nwipe-0.24-dodshort-two-disks-ok.log": [
        (None, "DoD Short", "last", "success", 15, 0, "erasure.no_serial"),
        (None, "DoD Short", "last", "success", 14, 0, "erasure.no_serial"),
    ],
    "nwipe/nwipe-0.28-dodshort-two-disks-ok.log": [
        (None, "DoD Short", "last", "success", 7, 0, "erasure.no_serial"),
        (None, "DoD Short", "last", "success", 6, 0, "erasure.no_serial"),
    ],
    "nwipe/nwipe-0.34-aborted-two-disks.log": [
        (None, "RCMP TSSIT OPS-II", "none", "aborted", 26, 0, "erasure.aborted"),
        (None, "RCMP TSSIT OPS-II", "none", "aborted", 26, 0, "erasure.aborted"),
    ],
    "nwipe/nwipe-0.34-prng-noblank-unverified.log": [(None, "PRNG Stream", "none", "success", 2, 0, "erasure.unverified")],
    "nwipe/nwipe-0.34-verify-zero-dirty-FAILED.log": [(None, "Verify Zeros (0x00)", "none", "failed", 0, 524289, "erasure.failed")],
    "nwipe/nwipe-0.34-zero-verifylast-ok.log": [(None, "Fill With Zeros", "last", "success", 12, 0, "erasure.no_serial")],
    "nwipe/nwipe-0.42-two-disks-one-FAILED.log": [
        (None, "DoD Short", "last", "success", 3, 0, "erasure.no_serial"),
        (None, "DoD Short", "none", "failed", 21, 2, "erasure.failed"),
    ],
    "nwipe/nwipe-0.42-zero-verifylast-ok.log": [(None, "Fill With Zeros", "last", "success", 1, 0, "erasure.no_serial")],
    "nwipe-matched/e5530-0.42-erased-verified.log": [("TF755AWHKL0LHM", "Fill With Zeros", "last", "success", 85, 0, None)],
    "nwipe-matched/hp7900-0.42-two-erased-one-FAILED.log": [
        ("6RX7AWEZ", "Fill With Zeros", "last", "success", 34, 0, None),
        ("WD-WCARW0244414", "Fill With Zeros", "none", "failed", 20, 2, "erasure.failed"),
        ("WD-WCC2ETY84203", "Fill With Zeros", "last", "success", 94, 0, None),
    ],
}

REFUSED = {
    "lshw-odd/e5530-truncated.lshw.json": "report.truncated",
    "smartctl/smart-fail.json": "report.no_drive",
    "smartctl/vm-virtio-unable-to-detect.json": "report.no_drive",
    "glpi/tests-data-9.xml": "report.not_a_computer",
    "glpi/examples-phone_1.json": "report.not_a_computer",
    "nwipe/cta-certificate-example.pdf": "report.is_pdf",
    "migration/emmaus-modele_import_pc_v2.xlsx": "report.is_binary",
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_real_machine(name):
    (manufacturer, model, serial, chassis, ram, modules), drives, addresses = MACHINES[name]
    facts = read_hardware(real(name))

    assert (facts.manufacturer, facts.model, facts.serial, facts.chassis) == (manufacturer, model, serial, chassis)
    assert (facts.ram_mb, len(facts.ram_modules), len(facts.macs)) == (ram, modules, addresses)
    assert [(drive.serial, drive.size_bytes) for drive in facts.drives] == drives


def test_the_memory_of_a_real_laptop():
    modules = read_hardware(real("lshw/e5530.lshw.json")).ram_modules

    assert [(each.size_mb, each.form, each.type) for each in modules] == [(4096, "SODIMM", "DDR3")] * 2


@pytest.mark.parametrize("name", DRIVES)
def test_real_drives(name):
    assert [
        (each.model, each.serial, each.size_bytes, each.medium, each.interface, each.health, each.power_on_hours)
        for each in read_hardware(real(name)).drives
    ] == DRIVES[name]


@pytest.mark.parametrize("name", ERASURES)
def test_a_real_erasure(name):
    assert [
        (
            each.serial,
            each.method,
            each.verification,
            each.outcome,
            (each.ended_at - each.started_at).total_seconds(),
            each.errors,
            acceptance(each, each.medium)[1],
        )
        for each in read_erasure(real(name)).erasures
    ] == ERASURES[name]


def test_the_machine_of_a_real_erasure():
    report = read_erasure(real("nwipe/cta-shredos-2021.08-0.32-two-disks-erased.log"))

    assert (report.host.manufacturer, report.host.model, report.host.serial) == ("Dell Inc.", "Vostro 5581", "3FBJ6P2")
    assert report.tool_version == "0.32.023"
    assert report.erasures[1].ended_at == datetime(2023, 1, 24, 13, 56, 9)  # noqa: DTZ001


@pytest.mark.parametrize("machine", ["acer-a315-before-ram", "hp-pro4300", "lenovo-m73-MJ00YQXU"])
def test_a_real_machine_and_its_drive_become_one(machine):
    smart = read_hardware(real(f"machines/{machine}/smart.json"))
    facts = merge([smart, read_hardware(real(f"machines/{machine}/lshw.json"))])

    assert facts.serial
    (drive,) = facts.drives
    assert (drive.model, drive.health, drive.power_on_hours) == (
        smart.drives[0].model,
        smart.drives[0].health,
        smart.drives[0].power_on_hours,
    )
    assert facts.warnings == ()


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_file_that_is_refused(name):
    with pytest.raises(Unreadable) as refused:
        read_hardware(real(name))
    assert refused.value.code == REFUSED[name]


def test_no_file_of_these_tools_is_forgotten():
    of_these_tools = {
        str(path.relative_to(REAL))
        for pattern in ("lshw/*.json", "lshw-odd/*", "smartctl/*.json", "machines/*/*sm*.json", "machines/*/lshw.json")
        for path in REAL.glob(pattern)
    } | {str(path.relative_to(REAL)) for path in REAL.glob("nwipe*/*.log")}

    assert of_these_tools == (MACHINES.keys() | DRIVES.keys() | ERASURES.keys() | REFUSED.keys()) & of_these_tools


def code_of(read, path):
    """The code of the refusal, or None when the file is read; any other exception ends the test."""
    try:
        read(path.read_bytes(), path.name)
    except Unreadable as refused:
        return refused.code
    return None


@pytest.mark.parametrize("read", [read_hardware, read_erasure])
def test_any_other_real_file_gives_facts_or_a_refusal(read):
    codes = {str(path.relative_to(REAL)): code_of(read, path) for path in sorted(REAL.rglob("*")) if path.is_file()}

    assert set(codes.values()) - {None} <= CODES
    # Lists, customers and configurations have no tool to name; reports of other tools have.
    nameless = ("migration/", "nwipe/nwipe", "ereuse/", "windows/", "lshw/expected-ereuse/")
    assert [name for name, code in codes.items() if code == "report.not_this_tool" and not name.startswith(nameless)] == []
