"""The real files of the erasers other than nwipe's logs: each is read as it is, or refused; skipped where they are absent."""

import pytest

from refurb.inventory.evidence.erasure_rules import acceptance
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import CODES, Unreadable
from tests.inventory.readers.reports import REAL, real

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside this checkout")

PURGED = (None, None, "Sanitize, block erase", "purge", "device", "success")
RUNNING = (None, None, "Sanitize, block erase", "purge", "none", "unknown")
GB160, GB250, GB320, GB500 = 160041885696, 250059350016, 320072933376, 500107862016

# file: drives as (serial, bytes, method, level, verification, outcome)
ERASURES = {
    "nvme/block_inprogress_655.nvme-cli-3.json": [RUNNING],
    "nvme/block_ok_0x101.nvme-cli-16.json": [PURGED],
    "nvme/block_ok_0x101.nvme-cli-16.txt": [PURGED],
    "nvme/block_ok_0x101.nvme-cli-23.json": [PURGED],
    "nvme/block_ok_0x101.nvme-cli-3.human.txt": [PURGED],
    "nvme/block_ok_0x101.nvme-cli-3.json": [PURGED],
    "nvme/never_0.nvme-cli-16.json": [(None, None, None, None, "none", "unknown")],
    "nvme/overwrite_failed_0x3.nvme-cli-23.json": [(None, None, "Sanitize, overwrite", "purge", "none", "failed")],
    "nvme/real-inprogress-stuck-ssdpeknw.txt": [RUNNING],
    "hdparm/security-erase-success-toshiba250.txt": [(None, None, "ATA Security Erase", "clear", "device", "success")],
    "blancco/blancco5-mobile-flattened.xml": [("IMEI:353314074717628", 16000000000, "Apple iOS erasure", "clear", "none", "success")],
    "ereuse-erase/usody-sanitize-success-hitachi.json": [
        ("120312E2M3121K00UN6S", GB320, "Basic Erasure", "clear", "sample", "success"),
    ],
    "ereuse/complete.export.snapshot.json": [
        ("E2024242CV86HJ", GB250, "EraseBasic", "clear", "none", "success"),
        ("WD-WX11A80W7430", GB160, "EraseBasic", "clear", "none", "failed"),
        ("WD-WX11A80W7430", GB160, "EraseSectors", "clear", "all", "success"),
    ],
    "ereuse/erase-sectors-2-hdd.snapshot.yaml": [
        ("WD-WCAV29008961", GB320, "EraseBasic", "clear", "none", "success"),
        ("WD-WCAV27984668", GB320, "EraseBasic", "clear", "none", "success"),
    ],
    "ereuse/acer.happy.battery.snapshot.yaml": [("WD-WX11A80W7430", GB160, "EraseBasic", "clear", "none", "success")],
    "ereuse/asus-1001pxd.snapshot.11.yaml": [("E2024242CV86HJ", GB250, "EraseSectors", "clear", "all", "success")],
    "ereuse/dell-optiplexgx520.snapshot.11.yaml": [("5LR30DTZ", 79999008768, "EraseBasic", "clear", "none", "success")],
    "ereuse/hp1.snapshot.11.yaml": [("5ND202LZ", 200049647616, "EraseBasic", "clear", "none", "success")],
    "ereuse/hp_probook_450.json": [("S3P9A80F", GB500, "EraseSectors", "clear", "all", "success")],
    "ereuse/lenovo-3493BAG.snapshot.11.yaml": [("Z2AYPLNP", GB250, "EraseBasic", "clear", "none", "success")],
    "ereuse/snapshot01.json": [(None, 500000000000, "EraseSectors", "clear", "all", "success")],
    "nwipe-matched/e5530-0.42-disk-TF755AWHKL0LHM.pdf": [("TF755AWHKL0LHM", GB500, "Fill With Zeros", "clear", "last", "success")],
    "nwipe-matched/e5530-0.42-system.pdf": [("TF755AWHKL0LHM", GB500, "Fill With Zeros", "clear", "last", "success")],
    "nwipe-matched/hp7900-0.42-disk-6RX7AWEZ.pdf": [("6RX7AWEZ", GB160, "Fill With Zeros", "clear", "last", "success")],
    "nwipe-matched/hp7900-0.42-disk-WD_WCARW0244414.pdf": [("WD-WCARW0244414", GB320, "Fill With Zeros", "clear", "none", "failed")],
    "nwipe-matched/hp7900-0.42-disk-WD_WCC2ETY84203.pdf": [("WD-WCC2ETY84203", GB500, "Fill With Zeros", "clear", "last", "success")],
    "nwipe-matched/hp7900-0.42-system.pdf": [
        ("6RX7AWEZ", GB160, "Fill With Zeros", "clear", "last", "success"),
        ("WD-WCARW0244414", GB320, "Fill With Zeros", "clear", "none", "failed"),
        ("WD-WCC2ETY84203", GB500, "Fill With Zeros", "clear", "last", "success"),
    ],
    "nwipe/nwipe-0.42-two_disks_one_io_error-disk-loop1.pdf": [(None, 209715200, "DoD Short", "clear", "last", "success")],
    "nwipe/nwipe-0.42-two_disks_one_io_error-disk-loop2.pdf": [(None, 268435456, "DoD Short", "clear", "none", "failed")],
    "nwipe/nwipe-0.42-two_disks_one_io_error-system.pdf": [
        (None, 209715200, "DoD Short", "clear", "last", "success"),
        (None, 268435456, "DoD Short", "clear", "none", "failed"),
    ],
    "nwipe/nwipe-0.42-zero_verifylast_success-disk-loop0.pdf": [(None, 268435456, "Fill With Zeros", "clear", "last", "success")],
    "nwipe/nwipe-0.42-zero_verifylast_success-system.pdf": [(None, 268435456, "Fill With Zeros", "clear", "last", "success")],
}

REFUSED = {
    "nwipe/cta-certificate-example.pdf": "report.pdf_unknown",
    "nwipe/nwipe.conf": "report.not_this_tool",
    "nwipe/nwipe_customers.csv": "report.not_this_tool",
    "hdparm/hdparm-I-linux1.txt": "report.no_erasure",
    "hdparm/hdparm-I-linux4.txt": "report.no_erasure",
    "blancco/blancco-export-request.xml": "report.no_erasure",
    "ereuse/snapshot-workbench11.json": "report.no_erasure",
    "ereuse/snapshot_workbench-script.json": "report.no_erasure",
    "ereuse/computer-monitor.snapshot.yaml": "report.no_erasure",
    "lshw/e5530.lshw.json": "report.other_tool",
}


@pytest.mark.parametrize("name", ERASURES)
def test_an_erasure(name):
    found = read_erasure(real(name)).erasures

    assert [(each.serial, each.size_bytes, each.method, each.level, each.verification, each.outcome) for each in found] == ERASURES[name]


@pytest.mark.parametrize("name", REFUSED)
def test_no_erasure(name):
    with pytest.raises(Unreadable) as refused:
        read_erasure(real(name))
    assert refused.value.code == REFUSED[name]


@pytest.mark.parametrize("name", ["e5530-0.42-disk-TF755AWHKL0LHM.pdf", "hp7900-0.42-system.pdf"])
def test_a_certificate_and_its_log_agree(name):
    machine = name.partition("-")[0]
    log = next(REAL.glob(f"nwipe-matched/{machine}*.log"))

    def proven(data):
        return {
            each.serial: (*acceptance(each, "hdd"), each.started_at, each.ended_at, each.errors) for each in read_erasure(data).erasures
        }

    assert proven(real(f"nwipe-matched/{name}")) == proven(log.read_bytes())


def test_whatever_the_file_it_is_read_or_refused():
    for path in sorted(REAL.rglob("*")):
        if not path.is_file() or path.suffix == ".pdf":
            continue
        try:
            read_erasure(path.read_bytes())
        except Unreadable as refused:
            assert refused.code in CODES, path  # noqa: PT017 - both ways out are right
