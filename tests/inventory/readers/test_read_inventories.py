"""One invented laptop as every tool tells it, and the ways in which real files come damaged and are read all the same."""

import json

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.kept import from_json
from refurb.inventory.readers.merge import merge
from tests.inventory.readers.reports import sample

SERIAL, UUID, MAC = "VI14K00731", "3a0c1e5b-447d-ec11-90d6-0242ac130003", ("00:1a:2b:3c:4d:5e",)
NVME, DISK = ("PF256A0001", 256060514304), ("WD-WX00A0000001", 1000204886016)
NAMELESS_DISK, NAMELESS_NVME = (None, 1000204886016), (None, 256060514304)

# file: (tool, serial, uuid, chassis, MiB, modules), drives, addresses
TOLD = {
    "laptop.dmidecode.txt": (("dmidecode", SERIAL, UUID, "laptop", 12288, 2), [], ()),
    "laptop.lshw.xml": (("lshw", SERIAL, UUID, "laptop", 12288, 0), [DISK], MAC),
    "laptop.inxi.txt": (("inxi", SERIAL, None, "laptop", 11827, 0), [NVME, NAMELESS_DISK], MAC),
    "laptop.inxi.json": (("inxi", SERIAL, None, "laptop", 12288, 2), [NVME], ()),
    "laptop.hwinfo.txt": (("hwinfo", SERIAL, UUID, "laptop", 12288, 2), [DISK], MAC),
    "laptop.glpi.json": (("GLPI Agent", SERIAL, UUID, "laptop", 12288, 2), [NVME, DISK], MAC),
    "laptop.fusioninventory.xml": (("GLPI Agent", SERIAL, None, "laptop", 12288, 2), [DISK], MAC),
    "laptop.ereuse.yaml": (("eReuse Workbench", SERIAL, None, "laptop", 12288, 2), [DISK], MAC),
    "laptop.computerinfo.txt": (("Get-ComputerInfo", SERIAL, None, "laptop", 12288, 0), [], ()),
    "laptop.msinfo32.txt": (("msinfo32", None, None, "laptop", 12288, 0), [NAMELESS_NVME], MAC),
    "laptop.nfo": (("msinfo32", None, None, "laptop", 12288, 0), [], ()),
    "drive.wmi.txt": (("WMI", None, None, None, None, 0), [NVME], ()),
    "battery.uevent.txt": (("uevent", None, None, None, None, 0), [], ()),
}


def codes(facts):
    return [each.code for each in facts.warnings]


@pytest.mark.parametrize("name", TOLD)
def test_each_tool_tells_the_laptop(name):
    machine, drives, addresses = TOLD[name]
    facts = read_hardware(sample(name))

    assert (facts.tool, facts.serial, facts.uuid, facts.chassis, facts.ram_mb, len(facts.ram_modules)) == machine
    assert [(each.serial, each.size_bytes) for each in facts.drives] == drives
    assert facts.macs == addresses
    if machine[3]:
        assert facts.model == "Marais 14"
        assert "i5-8250U" in facts.cpu


def test_what_every_tool_says_together_is_one_laptop_without_a_disagreement():
    told = [read_hardware(sample(name)) for name in TOLD if name != "laptop.lshw.xml"]
    facts = merge([*told, read_hardware(sample("laptop.lshw.json").replace(b"5B1E0C3A-7D44-11EC", b"3a0c1e5b-447d-ec11"))])

    assert [(each.serial, each.size_bytes) for each in facts.drives] == [NVME, DISK]
    assert (facts.drives[0].health, facts.drives[0].power_on_hours, facts.drives[1].model) == ("good", 812, "WDC WD10ZZZX-22QAT0")
    assert (facts.battery.design_mwh, facts.battery.health_percent) == (48000, 84)
    assert set(codes(facts)) == {"drive.external_left_out"}


def test_the_text_of_smartctl_says_what_its_json_says():
    nvme, disk, sas = read_hardware(sample("drives.smartctl.txt")).drives

    assert (nvme.serial, nvme.medium, nvme.health, nvme.power_on_hours) == ("PF256A0001", "nvme", "good", 1812)
    assert (disk.size_bytes, disk.medium, disk.health, disk.power_on_hours) == (1000204886016, "hdd", "watch", 15011)
    assert (sas.serial, sas.interface, sas.health, sas.power_on_hours) == ("LDN0000042", "sas", "failing", 5675)


@pytest.mark.parametrize("name", ["laptop.hwinfo.txt", "laptop.inxi.txt", "laptop.glpi.json"])
def test_the_screen_inside_is_the_laptops_and_not_the_one_beside_it(name):
    display = read_hardware(sample(name)).display
    assert display.startswith("Saintonge 14FHD, 1")
    assert display.endswith('", 1920x1080')


def prompted(text):
    return "personne@banc:~$ sudo outil\n[sudo] Mot de passe de personne :\n" + text + "\n[personne@banc ~]$ exit\n"


MISHAPS = {
    "as it is": lambda text: text.encode(),
    "lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "redirected by PowerShell": lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
    "copied from a terminal": lambda text: prompted(text).encode(),
    "blank lines before": lambda text: ("\n\n" + text).encode(),
}


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("name", [*(name for name in TOLD if name != "laptop.ereuse.yaml"), "laptop.lshw.json", "drives.smartctl.txt"])
def test_a_mishap_on_the_way_changes_nothing(name, mishap):
    clean = read_hardware(sample(name))
    assert read_hardware(MISHAPS[mishap](sample(name).decode())) == clean


def test_latin_letters_of_an_old_agent_are_read():
    facts = read_hardware(sample("laptop.fusioninventory.xml").decode().replace("Marais 14", "Marécage 14").encode("latin-1"))
    assert facts.model == "Marécage 14"


def test_dmidecode_without_handles_and_indents_is_read():
    quiet = "\n".join(line.strip() for line in sample("laptop.dmidecode.txt").decode().split("\n") if not line.startswith("Handle"))
    facts = read_hardware(quiet.encode())
    assert (facts.serial, facts.chassis) == (SERIAL, "laptop")


def test_the_memory_alone_is_a_part_of_a_machine():
    facts = read_hardware(b"# dmidecode 3.4\nHandle 0x1, DMI type 17, 40 bytes\nMemory Device\n\tSize: 16 GB\n\tType: DDR5\n")
    assert (facts.ram_mb, codes(facts)) == (16384, ["hardware.partial"])


def test_a_lenovo_is_called_by_its_version():
    for text in (
        "System Information\n\tManufacturer: LENOVO\n\tProduct Name: 20L5CTO1WW\n\tVersion: ThinkPad T480\n\tSerial Number: PF0ZZ\n",
        "CsManufacturer : LENOVO\nCsModel : 20L5CTO1WW\nCsSystemFamily : ThinkPad T480\nBiosSerialNumber : PF0ZZ\n",
        "Machine:\n  Type: Laptop System: LENOVO product: 20L5CTO1WW v: ThinkPad T480 serial: PF0ZZ\n",
    ):
        assert read_hardware(text.encode()).model == "ThinkPad T480"


def test_an_old_inxi_is_read():
    text = (
        "12System:    Host: banc Kernel: 4.9.0-8-amd64 x86_64\n"
        "12Machine:   Device: laptop System: Vienne product: Marais 9 v: 1 serial: VI09K1\n"
        "12CPU:       Dual core Intel Core i5-4200M (-HT-MCP-) cache: 3072 KB\n"
        "12Drives:    HDD Total Size: 500.1GB\n           ID-1: /dev/sda model: CHAUVIGNY_HDD_500 size: 500.1GB serial: CH500Z\n"
    )
    facts = read_hardware(text.encode())

    assert (facts.serial, facts.cpu, facts.chassis) == ("VI09K1", "Intel Core i5-4200M", "laptop")
    assert [(each.model, each.size_bytes) for each in facts.drives] == [("CHAUVIGNY HDD 500", 500107862016)]


def test_systeminfo_in_french_is_read():
    text = (
        "Nom de l'hôte:                              BANC-4\n"
        "Fabricant du système:                       Vienne Informatique\n"
        "Modèle du système:                          Marais 14\n"
        "Processeur(s):                              1 processeur(s) installé(s).\n"
        "                                            [01] : Intel64 Family 6 Model 142 Stepping 10 GenuineIntel ~1800 MHz\n"
        "Mémoire physique totale:                    12 159 Mo\n"
    )
    facts = read_hardware(text.encode())
    assert (facts.tool, facts.model, facts.ram_mb) == ("systeminfo", "Marais 14", 12159)


def test_the_raw_outputs_inside_a_snapshot_are_read_by_their_own_readers():
    snapshot = {
        "type": "Snapshot",
        "software": "workbench-script",
        "version": "0.0.1",
        "data": {
            "lshw": json.loads(sample("laptop.lshw.json")),
            "dmidecode": sample("laptop.dmidecode.txt").decode(),
            "smartctl": sample("drives.smartctl.json").decode(),
            "inxi": "",
            "hwinfo": "cut",
        },
    }
    facts = read_hardware(json.dumps({"type": "x", "save": 1, "data": snapshot["data"], "uuid": "y"}).encode())
    whole = read_hardware(json.dumps(snapshot).encode())

    assert (whole.tool, whole.serial, whole.drives[0].health) == ("eReuse Workbench", SERIAL, "good")
    assert "report.part_unread" in codes(whole)
    assert facts.drives == whole.drives


def test_a_snapshot_of_workbench_10_is_read():
    snapshot = {
        "@type": "devices:Snapshot",
        "device": {"@type": "Computer", "type": "Desktop", "manufacturer": "Vienne", "model": "Plaine", "serialNumber": "VI1"},
        "components": [{"@type": "HardDrive", "serialNumber": "CH320", "model": "CHAUVIGNY 320", "size": 305245}],
    }
    facts = read_hardware(json.dumps(snapshot).encode())
    assert (facts.serial, facts.chassis, facts.drives[0].size_bytes) == ("VI1", "desktop", 320072933376)


def test_only_what_is_inside_becomes_a_drive():
    storages = [
        {"model": "Cle", "disksize": 16000, "interface": "USB"},
        {"model": "Generic- Multi-Card", "disksize": 31000},
        {"name": "sr0", "type": "cdrom", "disksize": 700},
        {"model": "QEMU DVD-ROM", "serial": "QM00003", "disksize": 0},
        {"name": "fd0", "description": "disquette", "disksize": 1},
        {"model": "CHAUVIGNY SSD 256", "serial": "To be filled by O.E.M.", "disksize": 256060},
    ]
    facts = read_hardware(json.dumps({"deviceid": "x", "content": {"storages": storages}}).encode())

    assert [(each.model, each.serial, each.medium) for each in facts.drives] == [("CHAUVIGNY SSD 256", None, "ssd")]


def test_windows_serials_of_drives_are_put_right():
    def serial(said):
        storages = [{"model": "X", "serial": said, "disksize": 256060}]
        return read_hardware(json.dumps({"deviceid": "x", "content": {"storages": storages}}).encode()).drives[0].serial

    assert serial("ACE4_2E61_9000_7804.") is None
    turned = "".join(f"{ord(letter):x}" for letter in "HC0010Z00000")
    assert serial("2020202020202020" + turned) == "CH0001Z00000".replace("CH0001Z", "CH0001")[:6] + "0Z0000"


def test_a_report_kept_is_the_same_again():
    for name in ("laptop.glpi.json", "laptop.lshw.json"):
        facts = read_hardware(sample(name))
        assert from_json(facts.to_json()).to_json() == facts.to_json()


def test_a_tool_in_another_format_is_named():
    with pytest.raises(Unreadable) as refused:
        read_hardware(b"00:02.0 VGA compatible controller: Intel Corporation UHD Graphics 620\n")
    assert refused.value.facts == {"tool": "lspci"}
