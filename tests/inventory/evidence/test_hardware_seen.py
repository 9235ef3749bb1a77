"""What the reports of a device say together, on its page."""

import json
from datetime import timedelta

import pytest

from refurb.inventory.evidence.hardware import SITTING, hardware_seen
from refurb.inventory.evidence.queries.evidence import reports_shown
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.inventory.readers.reports import sample
from tests.support.story import evidence
from tests.support.story.evidence import Disk, lshw


@pytest.fixture
def device(context):
    return evidence.arrive()[0]


def dmidecode(ram_gib: int = 8, model: str = "Marais 14") -> bytes:
    return (
        "# dmidecode 3.4\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: Vienne Informatique\n"
        f"\tProduct Name: {model}\n\tSerial Number: VI14K00731\n\nHandle 0x0011, DMI type 17, 40 bytes\nMemory Device\n"
        f"\tSize: {ram_gib} GB\n\tForm Factor: SODIMM\n\tType: DDR4\n"
    ).encode()


def codes(seen):
    return [each.code for each in seen.disagreements]


def test_files_of_several_tools_make_one_machine(device):
    evidence.read(device, lshw(Disk()), dmidecode())
    seen = hardware_seen(reports_shown(device))

    assert (seen.facts.chassis, seen.facts.gpu, seen.facts.ram_mb) == ("laptop", "UHD Graphics 620", 8192)
    assert seen.facts.ram_modules[0].type == "DDR4"
    assert codes(seen) == []


def test_files_that_came_together_and_disagree_are_told(device):
    evidence.read(device, lshw(Disk()), dmidecode(ram_gib=4, model="Pictave 15"))

    assert codes(hardware_seen(reports_shown(device))) == ["hardware.models_differ", "hardware.ram_differs"]


def test_memory_added_since_the_last_visit_is_no_disagreement(device):
    evidence.read(device, dmidecode(ram_gib=4))
    with unit_of_work():
        for report in reports_shown(device):
            report.received_at -= SITTING + timedelta(hours=1)
    evidence.read(device, lshw(Disk(), ram_gib=16))
    seen = hardware_seen(reports_shown(device))

    assert (seen.facts.ram_mb, codes(seen)) == (16384, [])


def test_a_device_without_report_shows_nothing(device):
    assert hardware_seen(reports_shown(device)) is None


def test_a_tool_that_is_trusted_less_does_not_rename_the_machine_but_tells_its_memory(device):
    evidence.read(device, dmidecode(ram_gib=4, model="Marais 14 Pro"))
    evidence.read(device, lshw(Disk(), ram_gib=16))

    assert (device.model, device.ram_mb) == ("Marais 14 Pro", 16384)


def test_a_drive_read_later_by_smartctl_alone_joins_what_the_snapshot_saw(device):
    reading = evidence.read(device, json.dumps({"type": "Snapshot", "data": {"lshw": json.loads(lshw(Disk()))}, "uuid": "x"}).encode())
    evidence.read(device, sample("drives.smartctl.json"))

    assert (reading.reports[0].tool, reading.drives) == ("eReuse Workbench", 1)
