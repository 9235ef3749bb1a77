"""The real inventories beside the checkout: each is read as its machine is; skipped where they are absent."""

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.merge import merge
from tests.inventory.readers.real_inventories import INVENTORIES, OTHERS
from tests.inventory.readers.reports import REAL, real

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside this checkout")

FOLDERS = ("battery", "dmidecode", "ereuse", "glpi", "hwinfo", "inxi", "lshw-xml", "smartctl-text", "windows", "machines")


@pytest.mark.parametrize("name", INVENTORIES)
def test_a_real_inventory(name):
    machine, drives = INVENTORIES[name]
    facts = read_hardware(real(name))

    assert (
        facts.tool,
        facts.manufacturer,
        facts.model,
        facts.serial,
        facts.chassis,
        facts.ram_mb,
        len(facts.ram_modules),
        len(facts.macs),
    ) == machine
    assert [(each.model, each.serial, each.size_bytes, each.medium, each.health) for each in facts.drives] == drives


@pytest.mark.parametrize("name", OTHERS)
def test_a_real_file_that_is_no_inventory_is_refused(name):
    with pytest.raises(Unreadable) as refused:
        read_hardware(real(name))
    assert refused.value.code == OTHERS[name]


def test_no_inventory_is_forgotten():
    there = {str(path.relative_to(REAL)) for folder in FOLDERS for path in (REAL / folder).rglob("*") if path.is_file()}
    elsewhere = {name for name in there if name.startswith("machines/") and name.endswith(("lshw.json", "smart.json", "smartctl.json"))}

    assert there - elsewhere - INVENTORIES.keys() - OTHERS.keys() == set()


@pytest.mark.parametrize(
    "machine,tools",
    [
        ("acer-a315-before-ram", "dmidecode + lshw + hwinfo + smartctl"),
        ("hp-pro4300", "dmidecode + lshw + hwinfo + smartctl"),
        ("lenovo-m73-MJ00YQXU", "dmidecode + lshw + hwinfo + smartctl"),
        ("dell-e7240-two-ssd", "dmidecode + inxi + smartctl"),
    ],
)
def test_all_the_files_of_a_real_machine_agree(machine, tools):
    names = [path.name for path in sorted((REAL / "machines" / machine).iterdir()) if path.name != "lspci.txt"]
    facts = merge([read_hardware(real(f"machines/{machine}/{name}")) for name in names])

    assert facts.tool == tools
    assert {each.code for each in facts.warnings} <= {"drive.unreadable"}
    assert all(drive.serial and drive.health != "unknown" and drive.medium != "unknown" for drive in facts.drives)


def test_one_real_machine_seen_twice_has_one_uuid():
    """lshw B.02.18 printed the bytes as they lie, the snapshot's lshw and dmidecode as SMBIOS 2.6 means them."""
    (later,) = (name for name in INVENTORIES if name.startswith("ereuse/2022-4-13"))
    assert read_hardware(real("lshw/8100.lshw.json")).uuid == read_hardware(real(later)).uuid


def test_before_smbios_2_6_the_bytes_stay_as_they_lie():
    assert read_hardware(real("lshw/optiplex-gx520.lshw.json")).uuid == "44454c4c-4700-1030-8037-b6c04f37324a"
    assert read_hardware(real("dmidecode/dell-fx160.txt")).uuid == "44454c4c-3800-1033-8054-c3c04f35344a"


def test_real_batteries():
    batteries = {name: read_hardware(real(f"battery/{name}")).battery for name in ("e5530.battery.ini", "upower-infos_1.txt")}
    assert {name: (each.design_mwh, each.health_percent) for name, each in batteries.items()} == {
        "e5530.battery.ini": (62160, 36),
        "upower-infos_1.txt": (51504, 76),
    }


def test_a_real_panel():
    assert read_hardware(real("glpi/examples-computer_1.json")).display == 'Sharp Corporation DJCP6, 13.2", 1920x1080'
