"""Reading `lshw -json` of every dialect."""

import json

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.lshw import without_sku
from tests.inventory.readers.reports import sample


def laptop(**changes):
    tree = json.loads(sample("laptop.lshw.json"))
    tree.update(changes)
    return read_hardware(json.dumps(tree).encode())


def codes(facts):
    return [each.code for each in facts.warnings]


def test_a_laptop_gives_its_identity_memory_and_drives():
    facts = laptop()

    assert (facts.tool, facts.manufacturer, facts.model, facts.serial, facts.chassis) == (
        "lshw",
        "Vienne Informatique",
        "Marais 14",
        "VI14K00731",
        "laptop",
    )
    assert facts.uuid == "5b1e0c3a-7d44-11ec-90d6-0242ac130003"
    assert facts.cpu == "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz"
    assert facts.ram_mb == 12288
    assert facts.gpu == "UHD Graphics 620"
    assert (facts.battery.model, facts.battery.design_mwh) == ("BAT-MR14", 48000)


def test_memory_modules_are_those_present_without_the_bios_chip():
    first, second = laptop().ram_modules

    assert (first.size_mb, first.form, first.type, first.speed_mhz) == (8192, "SODIMM", "DDR4", 2400)
    assert first.model == "MAR4800809123456"  # its letters were written in hexadecimal
    assert (second.manufacturer, second.model, second.serial) == ("Kingston", None, None)


def test_drives_are_the_internal_ones():
    nvme, disk = laptop().drives

    assert (nvme.serial, nvme.medium, nvme.interface, nvme.size_bytes) == ("PF256A0001", "nvme", "nvme", 256060514304)
    assert (disk.serial, disk.medium, disk.interface, disk.manufacturer) == (
        "WD-WX00A0000001",
        "hdd",
        "sata",
        "Western Digital",
    )
    assert codes(laptop()) == ["drive.external_left_out"]


def test_addresses_are_those_soldered_in_the_machine():
    assert laptop().macs == ("00:1a:2b:3c:4d:5e",)


def test_b_02_19_is_read_although_it_is_no_json():
    facts = read_hardware(sample("desktop-B.02.19.lshw.json"))

    with pytest.raises(ValueError, match="delimiter"):
        json.loads(sample("desktop-B.02.19.lshw.json"))
    assert (facts.model, facts.chassis, facts.ram_mb, facts.uuid) == ("ThinkStation Z9", "desktop", 8192, None)
    assert [drive.serial for drive in facts.drives] == ["ZZ500001", "ZZ500002"]


def test_a_drive_that_hides_its_size_is_still_a_drive():
    facts = read_hardware(sample("desktop-B.02.19.lshw.json"))

    assert facts.drives[1].size_bytes is None
    assert codes(facts) == ["drive.no_size"]


def test_soldered_flash_is_a_drive_and_the_card_beside_it_is_not():
    facts = read_hardware(sample("tablet-emmc.lshw.json"))

    (drive,) = facts.drives
    assert (drive.medium, drive.serial, drive.size_bytes) == ("emmc", "218103808", 31268536320)


def test_a_forgotten_identity_is_no_identity():
    facts = read_hardware(sample("tablet-emmc.lshw.json"))

    assert (facts.manufacturer, facts.model, facts.serial, facts.uuid) == (None, None, None, None)
    assert codes(facts) == ["hardware.no_identity"]


def test_several_objects_without_brackets_are_read():
    facts = read_hardware(
        b'   {"id":"network","class":"network","businfo":"pci@0","serial":"00:1a:2b:00:00:01"},\n'
        b' {"id":"disk","class":"disk","description":"ATA Disk","serial":"ZZ9","size":5000000000}\n'
    )

    assert facts.macs == ("00:1a:2b:00:00:01",)
    assert facts.drives[0].serial == "ZZ9"
    assert codes(facts) == ["hardware.partial"]


def test_an_nvme_controller_that_old_versions_cannot_describe_is_told():
    controller = {"id": "storage", "class": "storage", "description": "Non-Volatile memory controller"}

    assert codes(laptop(children=[controller])) == ["hardware.nvme_not_described"]


def test_modules_and_total_that_differ_are_told_and_the_modules_win():
    bank = {"id": "bank:0", "class": "memory", "description": "DIMM DDR3", "size": 4 * 2**30}
    memory = {"id": "memory", "class": "memory", "description": "System Memory", "size": 8 * 2**30, "children": [bank]}
    facts = laptop(children=[memory])

    assert facts.ram_mb == 4096
    assert facts.warnings[-1].to_json() == {"code": "hardware.ram_differs", "kept": 4096, "other": 8192}


@pytest.mark.parametrize("slot,product", [("Fake", "BAT"), ("Front", "-Virtual Battery 0-")], ids=["fake slot", "virtual battery"])
def test_an_invented_battery_is_none(slot, product):
    battery = {"id": "battery", "class": "power", "slot": slot, "product": product, "capacity": 1}

    assert laptop(children=[battery]).battery is None


@pytest.mark.parametrize(
    "product,sku,model",
    [
        ("Latitude Z1 (0ABC)", "0ABC", "Latitude Z1"),
        ("Latitude Z1 (0ABC)", None, "Latitude Z1"),
        ("Z1 (Sku Number)", "Sku Number", "Z1"),
        ("Z1 (To be filled by O.E.M.)", None, "Z1"),
        ("Mac mini (Late)", None, "Mac mini (Late)"),
        (None, None, None),
    ],
)
def test_the_stock_number_is_cut_from_the_model(product, sku, model):
    assert without_sku(product, sku) == model


@pytest.mark.parametrize("value", [None, 3, 1.5, True, "x", [], {}, [[]], "9" * 400, {"size": {}}], ids=lambda value: repr(value)[:20])
def test_any_type_in_any_place_is_survived(value):
    tree = json.loads(sample("laptop.lshw.json"))

    def everywhere(node):
        for name in list(node):
            if name == "children":
                for child in node[name]:
                    everywhere(child)
            elif name not in {"id", "class"}:
                node[name] = value

    everywhere(tree)
    facts = read_hardware(json.dumps(tree).encode())
    assert facts.serial in {None, "x"}


def test_nothing_of_a_computer_is_refused():
    with pytest.raises(Unreadable) as refused:
        read_hardware(b'[{"id": "display", "class": "display", "product": "Z"}]')
    assert refused.value.code == "report.no_machine"
