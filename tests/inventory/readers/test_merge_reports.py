"""Several files about one machine."""

import json
from dataclasses import replace

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.merge import merge
from tests.inventory.readers.reports import sample


def laptop():
    return read_hardware(sample("laptop.lshw.json"))


def smart():
    return read_hardware(sample("drives.smartctl.json"))


def codes(facts):
    return [each.code for each in facts.warnings]


@pytest.mark.parametrize("order", [1, -1], ids=["machine first", "drives first"])
def test_the_machine_comes_from_lshw_and_the_drives_from_smartctl(order):
    facts = merge([laptop(), smart()][::order])

    assert (facts.tool, facts.serial, facts.ram_mb) == ("lshw + smartctl", "VI14K00731", 12288)
    nvme, disk = facts.drives
    assert (nvme.serial, nvme.manufacturer, nvme.health, nvme.power_on_hours) == ("PF256A0001", "Poitou Flash", "good", 812)
    assert (disk.model, disk.medium, disk.health) == ("WDC WD10ZZZX-22QAT0", "hdd", "good")


def test_the_disk_in_the_dock_is_not_a_part_of_the_machine():
    facts = merge([laptop(), smart()])

    assert "ZZDOCK0001" not in [drive.serial for drive in facts.drives]
    assert codes(facts).count("drive.external_left_out") == 2


def test_an_internal_drive_that_only_smartctl_saw_is_added_and_told():
    facts = merge([replace(laptop(), drives=()), smart()])

    assert [drive.serial for drive in facts.drives] == ["PF256A0001", "WD-WX00A0000001"]
    assert codes(facts).count("drive.only_in_smart") == 2


def test_a_drive_without_serial_is_united_by_model_and_size():
    nameless = [replace(drive, serial=None) for drive in laptop().drives]
    facts = merge([replace(laptop(), drives=tuple(nameless)), smart()])

    assert [(drive.serial, drive.health) for drive in facts.drives] == [
        ("PF256A0001", "good"),
        ("WD-WX00A0000001", "good"),
    ]


def test_sizes_that_differ_are_told():
    shrunk = tuple(replace(drive, size_bytes=1000) for drive in laptop().drives)

    assert "drive.sizes_differ" in codes(merge([replace(laptop(), drives=shrunk), smart()]))


def test_two_machines_are_told():
    facts = merge([laptop(), replace(laptop(), serial="VI14K00732", drives=())])

    assert facts.serial == "VI14K00731"
    assert "hardware.serials_differ" in codes(facts)


def test_one_serial_on_two_unlike_drives_is_told_and_both_are_kept():
    reports = json.loads(sample("drives.smartctl.json"))[:2]
    for report in reports:
        report["serial_number"] = "SAME0001"
    facts = merge([read_hardware(json.dumps(reports).encode()), replace(laptop(), drives=())])

    assert len(facts.drives) == 2
    assert "drive.serial_twice" in codes(facts)


def test_one_file_is_itself():
    assert merge([laptop()]) == laptop()


def test_nothing_is_refused():
    with pytest.raises(Unreadable):
        merge([])
