"""Inventories that are odd in one way each, and the tools that are a second source: what is read of them."""

import json
from dataclasses import replace

import pytest

from refurb.inventory.readers import identity
from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.devices import is_virtual_device
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts
from refurb.inventory.readers.merge import merge
from refurb.inventory.readers.merge_drives import unite
from refurb.inventory.readers.soldered import may_be_soldered
from refurb.inventory.readers.text import decode
from tests.inventory.readers.reports import case, sample


def codes(facts):
    return {each.code for each in facts.warnings}


def named(facts):
    return facts.manufacturer, facts.model, facts.serial, facts.chassis


def drives(facts):
    return [(each.serial, each.size_bytes, each.medium) for each in facts.drives]


# --- ghosts, cuts and code pages -----------------------------------------------------------------------------------------


def test_the_whole_machine_of_lshw_b0219_which_never_closes_its_root():
    facts = read_hardware(case("lshw-0219-whole.json"))

    assert named(facts) == ("Exemple", "EXEMPLE BOOK 14", "EXB0000219", "laptop")
    assert (facts.uuid, facts.ram_mb, len(facts.ram_modules)) == ("00112233-4455-6677-8899-aabbccddee01", 8192, 1)
    assert drives(facts) == [("EXD0000219", 256060514304, "ssd")]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_the_same_cut_short_stays_refused(cut):
    text = case("lshw-0219-whole.json")
    for end in (b"", b"\n]\n") if cut < 0.9 else (b"",):
        with pytest.raises(Unreadable):
            read_hardware(text[: int(len(text) * cut)] + end)


@pytest.mark.parametrize(
    "text",
    ['[{"a":1]', '[{"id":"a","class":"system"},{"id":"b","class":"system"]', '{"id":"a","class":"system"]', '[[{"id":"a","class":"x"]]'],
)
def test_a_bracket_ends_no_other_object(text):
    with pytest.raises(Unreadable):
        read_hardware(text.encode())


def test_hwinfo_names_an_nvme_drive_otherwise_and_it_is_one():
    assert drives(read_hardware(case("snapshot-nvme-twice.json"))) == [("EXD0000301", 1024209543168, "nvme")]


def test_two_such_drives_are_two():
    lshw = json.loads(case("snapshot-nvme-twice.json"))["data"]
    twice = lshw["hwinfo"] + lshw["hwinfo"].split("\n\n")[1].replace("38:", "39:").replace("nvme0n1", "nvme1n1") + "\n"
    assert len(read_hardware(json.dumps({"type": "Snapshot", "uuid": "x", "data": {**lshw, "hwinfo": twice}}).encode()).drives) == 2


def test_a_drive_without_serial_that_another_tool_names_otherwise_is_another():
    seen = DriveFacts(model="MARAIS N1", serial="NV00001", size_bytes=10**12, medium="nvme")
    other = DriveFacts(model="VIENNE X2", size_bytes=10**12, medium="nvme")

    def together(tool, second):
        return len(unite([HardwareFacts(tool="lshw", drives=(seen,)), HardwareFacts(tool=tool, drives=(second,))])[0])

    assert (together("hwinfo", other), together("inxi", other)) == (1, 2)
    assert together("hwinfo", replace(other, medium="ssd")) == 2


def test_a_volume_of_zfs_is_no_drive():
    assert drives(read_hardware(case("snapshot-virtual-block-device.json"))) == [("EXD0000302", 256060514304, "ssd")]


@pytest.mark.parametrize("path", ["/dev/zd0", "/dev/md127", "/dev/dm-0", "loop3", "/dev/zram0", "/dev/nbd0", "/dev/bcache0", "/dev/ram0",
                                  "/dev/mmcblk0boot0", "/dev/mapper/vg-root", "/dev/drbd0", "sr0"])  # fmt: skip
def test_what_is_no_drive(path):
    assert is_virtual_device(path)


@pytest.mark.parametrize("path", ["/dev/sda", "/dev/nvme0n1", "/dev/mmcblk0", "/dev/hda", "/dev/vda", None])
def test_what_may_be_one(path):
    assert not is_virtual_device(path)


def test_the_console_of_a_french_windows():
    facts = read_hardware(case("systeminfo-fr-cp850.txt"))

    assert (facts.manufacturer, facts.model, facts.ram_mb, facts.serial) == ("Exemple", "EXEMPLE BOOK 14", 8043, None)
    assert "hardware.no_identity" in codes(facts)


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "cp1252", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_words_whatever_their_numbers(encoding):
    words = "Propriétaire enregistré: à l'hôtel, modèle du système, 8\u00a0043 Mo, où ça, Größe, Español, naïf"

    assert decode(words.encode(encoding)) == words
    assert decode("ÉTÉ À PÂQUES".encode("cp1252")) == "ÉTÉ À PÂQUES"


# --- wrong facts ---------------------------------------------------------------------------------------------------------


def test_the_screen_of_the_bench_is_not_the_laptops():
    assert read_hardware(case("hwinfo-bench-screen-first.txt")).display == 'EXEMPLE PANEL LCD Monitor, 12.5", 1366x768'
    alone = case("hwinfo-bench-screen-first.txt").partition(b"\n\n32:")[0]
    assert read_hardware(alone).display is None


def test_the_screen_of_an_all_in_one_shows_its_largest_mode():
    text = case("hwinfo-bench-screen-first.txt").replace(b"0x0a (Notebook)", b"0x0d (All-in-One)")

    assert read_hardware(text).display == 'ATELIER 27X, 27.0", 2560x1440'


def test_a_graphics_card_bears_no_name_of_a_machine():
    text = case("hwinfo-graphics-named-after-machine.txt")
    assert read_hardware(text).gpu == "HD Graphics 620"
    assert (
        read_hardware(text.replace(b'Model: "Exemple EXEMPLE BOOK 14"', b'Model: "Intel HD Graphics 620"')).gpu == "Intel HD Graphics 620"
    )


@pytest.mark.parametrize(
    "old,new", [(b"", b""), (b"Location: Fake", b"Location: Rear"), (b"-Virtual Battery 0-", b"Exemple"), (b"CRB Battery 0", b"EX1")]
)
def test_a_virtual_battery_is_none(old, new):
    assert read_hardware(case("dmidecode-virtual-battery.txt").replace(old, new)).battery is None


def test_an_agent_on_macos_counts_mebibytes():
    assert drives(read_hardware(case("glpi-macos-mebibytes.xml"))) == [("EXD0000307", 1000204886016, "unknown")]
    elsewhere = case("glpi-macos-mebibytes.xml").replace(b"Mac OS X", b"Microsoft Windows 10").replace(b"953869", b"1000204")
    assert drives(read_hardware(elsewhere)) == [("EXD0000307", 1000204886016, "unknown")]


def test_a_telephone_is_no_computer_whatever_it_says():
    with pytest.raises(Unreadable) as refused:
        read_hardware(case("glpi-android.xml"))
    assert refused.value.code == "report.not_a_computer"


def test_inxis_processor_behind_its_cores():
    assert read_hardware(case("inxi-cpu-info.txt")).cpu == "Intel Core i7-7500U"


def test_in_old_inxi_a_lone_resolution_is_the_screen_of_a_laptop():
    line = b"driver: i915 v: kernel\n"
    display = b"           Display: x11 server: X.Org 1.20 driver: modesetting resolution: 1366x768~60Hz\n"
    assert read_hardware(case("inxi-cpu-info.txt").replace(line, line + display)).display == "1366x768"


def test_of_two_batteries_the_worse_is_told():
    text = case("inxi-cpu-info.txt").decode().replace(
        "(77%)", "(77%)\n           ID-2: BAT1 charge: 1.0 Wh condition: 3.6/23.9 Wh (15%)"
    )  # fmt: skip
    battery = read_hardware(text.encode()).battery
    assert (battery.design_mwh, battery.health_percent) == (47800, 15)


def test_the_maker_in_old_inxi():
    assert named(read_hardware(case("inxi-2-portable.txt"))) == ("EXEMPLE", "41EX001", "EXB0000311", "laptop")


def test_placeholders_name_nothing():
    facts = read_hardware(case("lshw-placeholder-serials.xml"))

    assert (facts.serial, facts.model) == (None, None)
    assert "hardware.no_identity" in codes(facts)


FILLERS = (
    *("To be filled by O.E.M.", "Default string", "System Serial Number", "None", "0", "xxxxxxx", "123456789", "INVALID", "EVAL"),
    *("Not Specified", "Serial number xxxxxx", "System Name", "Chassis Serial Number", "Product Name", "System Version", "SKU Number"),
    *("S/N: 00000", "No Serial", "ABCDEFGHIJ", "987654321", "00000000", "................"),
)


@pytest.mark.parametrize("text", FILLERS)
def test_what_factories_leave(text):
    assert identity.real(text) is None


@pytest.mark.parametrize("text", ["PF1A2B3C", "5CD7314HDY", "MXL3451GTT", "VMware-56 4d", "Serial500X", "Modele 12"])
def test_what_they_do_not(text):
    assert identity.real(text) == text


def test_a_notice_of_copyright_is_no_maker():
    assert identity.real_maker("Copyright 1983-1999 Apple Computer, Inc. All Rights Reserved") == "Apple Computer, Inc"
    assert identity.real_maker("Exemple") == "Exemple"


def test_a_small_machine_without_a_drive_raises_a_doubt():
    text = sample("laptop.lshw.txt").decode()
    start, end = text.index("           *-disk"), text.index("  *-battery")
    bare = text[:start] + text[end:]
    assert "hardware.memory_soldered" not in codes(read_hardware(bare.encode()))
    small = bare.replace("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "Intel(R) Celeron(R) CPU N3350 @ 1.10GHz")
    facts = read_hardware(small.encode())
    assert "hardware.memory_soldered" in codes(facts)
    assert "hardware.memory_soldered" not in codes(merge([facts, read_hardware(sample("laptop.lsblk.json"))]))


@pytest.mark.parametrize(
    "cpu",
    ["Intel(R) Atom(TM) x5-Z8350", "Intel(R) Celeron(R) N4020", "Intel(R) Pentium(R) Silver N5030", "Intel(R) N100", "MediaTek MT8183"],
)
def test_the_processors_of_soldered_memories(cpu):
    assert may_be_soldered(cpu)
    assert not may_be_soldered("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz")


# --- refused wrongly -----------------------------------------------------------------------------------------------------


def test_the_battery_of_dmidecode_alone():
    text = b"# dmidecode 3.3\nHandle 0x0015, DMI type 22, 26 bytes\nPortable Battery\n\tName: EX1\n\tDesign Capacity: 45000 mWh\n"
    facts = read_hardware(text)

    assert (facts.battery.model, facts.battery.design_mwh) == ("EX1", 45000)
    assert "hardware.partial" in codes(facts)


def test_a_sas_drive_without_the_block_of_smartctl():
    facts = read_hardware(
        b'{"device":{"name":"/dev/sda","type":"scsi","protocol":"SCSI"},"scsi_vendor":"SEAGATE",'
        b'"scsi_product":"EX1200","serial_number":"Z4028EXD",'
        b'"user_capacity":{"bytes":1200243695616},"rotation_rate":10500,"smart_status":{"passed":true}}'
    )
    assert drives(facts) == [("Z4028EXD", 1200243695616, "hdd")]


def test_the_classes_of_wmi_together_and_alone():
    facts = read_hardware(sample("parts.wmi.txt"))
    assert (facts.serial, facts.cpu, facts.ram_mb) == ("EXB0000361", "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 8192)
    (module,) = facts.ram_modules
    assert (module.form, module.type, module.speed_mhz, module.slot) == ("SODIMM", "DDR4", 2400, "ChannelA-DIMM0")
    for alone in sample("parts.wmi.txt").decode().strip().split("\n\n\n"):
        assert "hardware.partial" in codes(read_hardware(alone.encode()))


# --- new tools -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name,machine,drive",
    [
        ("macbook.system_profiler.txt", ("Apple", "MacBookPro11,1", "C02EXB000321", "laptop"), ("S1K4EXD0000321", 251000193024, "ssd")),
        ("macbook.system_profiler.json", ("Apple", "MacBookAir10,1", "C02EXB000322", "laptop"), ("EXD0000322", 251000193024, "nvme")),
        ("macbook.system_profiler.spx", ("Apple", "MacBookAir10,1", "C02EXB000322", "laptop"), ("EXD0000322", 251000193024, "nvme")),
    ],
)
def test_a_mac(name, machine, drive):
    facts = read_hardware(sample(name))

    assert (named(facts), drives(facts), facts.ram_mb) == (machine, [drive], 8192)
    (cycles,) = (each for each in facts.warnings if each.code == "battery.cycles")
    assert (facts.battery.health_percent, cycles.facts["cycles"]) in {(78, 331), (91, 120)}
    assert facts.display.startswith("Color LCD")


def test_a_mac_in_french_and_behind_a_prompt():
    text = sample("macbook.system_profiler.txt").decode()
    for old, new in (
        ("Hardware Overview", "Informations sur le matériel"),
        ("Hardware:", "Matériel :"),
        ("Model Identifier:", "Identifiant du modèle :"),
        ("Serial Number (system):", "Numéro de série (système) :"),
        ("Memory: 8 GB", "Mémoire : 8 Go"),
    ):
        text = text.replace(old, new)
    facts = read_hardware(text.encode())
    assert (facts.model, facts.serial) == ("MacBookPro11,1", "C02EXB000321")
    assert read_hardware(b"\n".join(b"    " + line for line in sample("macbook.system_profiler.txt").split(b"\n"))).serial == "C02EXB000321"


def test_a_damaged_property_list_is_refused():
    with pytest.raises(Unreadable):
        read_hardware(sample("macbook.system_profiler.spx")[:900])
    with pytest.raises(Unreadable):
        read_hardware(sample("macbook.system_profiler.spx").replace(b"<plist", b'<!DOCTYPE a [<!ENTITY b "c">]><plist'))


def test_lshw_in_plain_text():
    facts = read_hardware(sample("laptop.lshw.txt"))

    assert named(facts) == ("Exemple", "EXEMPLE BOOK 14", "EXB0000331", "laptop")
    assert (facts.uuid, facts.cpu, facts.ram_mb, facts.gpu) == (
        "00112233-4455-6677-8899-aabbccddee31", "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 8192, "UHD Graphics 620",
    )  # fmt: skip
    assert drives(facts) == [("EXD0000331", 256060514304, "ssd"), ("EXD0000332", 512110190592, "nvme")]
    assert (facts.battery.design_mwh, facts.macs) == (57020, ("9c:b6:d0:00:00:31",))


def test_lsblk():
    facts = read_hardware(sample("laptop.lsblk.json"))

    assert drives(facts) == [("EXD0000351", 256060514304, "ssd"), ("EXD0000352", 512110190592, "nvme")]
    assert codes(facts) == {"hardware.partial", "drive.external_left_out"}


@pytest.mark.parametrize(
    "name,expected",
    [
        ("disks.physicaldisk.txt", [("EXD0000341", 256060514304, "ssd"), ("EXD0000342", 1000204886016, "hdd")]),
        ("disk-list.physicaldisk.txt", [("EXD0000343", 256060514304, "nvme")]),
        ("disk.physicaldisk.json", [("EXD0000344", 256060514304, "ssd")]),
        ("disk.physicaldisk.csv", [("EXD0000345", 500107862016, "hdd")]),
    ],
)
def test_powershells_disks(name, expected):
    assert drives(read_hardware(sample(name))) == expected


def test_a_second_source_of_drives_is_one_with_the_first():
    merged = merge(
        [read_hardware(sample("laptop.lshw.txt")), read_hardware(sample("laptop.lsblk.json").replace(b"EXD000035", b"EXD000033"))]
    )

    assert [each[0] for each in drives(merged)] == ["EXD0000331", "EXD0000332"]
    assert merged.serial == "EXB0000331"
