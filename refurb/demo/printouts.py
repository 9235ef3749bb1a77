"""What the bench's tools print in the demonstration: `lshw -json`, `smartctl --json` and the log of nwipe, for invented machines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from refurb.demo.catalogue import Disk, Model
from refurb.kernel.speech.clock import local

NWIPE = "0.38"
_PATHS = {"nvme": "nvme0n1", "emmc": "mmcblk0"}


@dataclass(frozen=True)
class FoundDisk:
    """A drive of one machine, with its own serial."""

    disk: Disk
    serial: str
    hours: int
    is_worn: bool = False

    def path(self, place: int) -> str:
        """The name that Linux gives the drive, by its place in the machine."""
        return _PATHS.get(self.disk.medium, f"sd{chr(97 + place)}")


@dataclass(frozen=True)
class Bench:
    """One machine as the tools see it."""

    model: Model
    serial: str
    ram_gib: int
    disks: tuple[FoundDisk, ...]
    seed: int


# --- battery ----------------------------------------------------------------------------------------------------------


def battery(bench: Bench) -> bytes | None:
    """What Linux says of a laptop's battery, after some years of use; None for a machine that has none."""
    if bench.model.chassis != "notebook":
        return None
    design = 48_000_000  # µWh
    left = Random(bench.seed + 1).randint(52, 96)
    return (
        "POWER_SUPPLY_NAME=BAT0\nPOWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_TECHNOLOGY=Li-ion\n"
        f"POWER_SUPPLY_ENERGY_FULL_DESIGN={design}\nPOWER_SUPPLY_ENERGY_FULL={design // 100 * left}\n"
        "POWER_SUPPLY_MODEL_NAME=BAT-48\nPOWER_SUPPLY_MANUFACTURER=Chauvigny\n"
    ).encode()


# --- dmidecode --------------------------------------------------------------------------------------------------------


def dmidecode(bench: Bench) -> bytes:
    """The output of `dmidecode -t system -t memory`."""
    model = bench.model
    modules = "".join(
        f"\nHandle 0x{17 + number:04X}, DMI type 17, 40 bytes\nMemory Device\n\tSize: {bench.ram_gib // model.banks} GB\n"
        f"\tForm Factor: {'SODIMM' if model.chassis == 'notebook' else 'DIMM'}\n\tLocator: ChannelA-DIMM{number}\n\tType: DDR4\n"
        f"\tSpeed: 2400 MT/s\n\tManufacturer: Kingston\n\tSerial Number: {Random(bench.seed + number).randrange(16**8):08X}\n"
        for number in range(model.banks)
    )
    product = model.product.partition(" (")[0]  # lshw adds the number of the variant, dmidecode has a line for it
    return (
        f"# dmidecode 3.4\nSMBIOS 3.1.1 present.\n\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"
        f"\tManufacturer: {model.maker}\n\tProduct Name: {product}\n\tVersion: {model.version or 'Not Specified'}\n"
        f"\tSerial Number: {bench.serial}\n{modules}"
    ).encode()


# --- lshw -------------------------------------------------------------------------------------------------------------


def lshw(bench: Bench) -> bytes:
    """The output of `lshw -json`."""
    model, draw = bench.model, Random(bench.seed)
    banks = [
        {
            "id": f"bank:{number}",
            "class": "memory",
            "description": f"{'SODIMM' if model.chassis == 'notebook' else 'DIMM'} DDR4 Synchronous Unbuffered 2400 MHz",
            "vendor": "Kingston",
            "slot": f"ChannelA-DIMM{number}",
            "units": "bytes",
            "size": bench.ram_gib * 2**30 // model.banks,
            "clock": 2_400_000_000,
        }
        for number in range(model.banks)
    ]
    core: list[dict[str, Any]] = [
        {"id": "firmware", "class": "memory", "description": "BIOS", "vendor": model.maker, "version": "1.21.0"},
        {"id": "memory", "class": "memory", "description": "System Memory", "size": bench.ram_gib * 2**30, "children": banks},
        {"id": "cpu", "class": "processor", "description": "CPU", "product": model.cpu, "vendor": "Intel Corp."},
        {
            "id": "pci",
            "class": "bridge",
            "description": "Host bridge",
            "children": [
                {"id": "display", "class": "display", "description": "VGA compatible controller", "product": model.gpu},
                _network(draw),
                *_storage(bench.disks),
            ],
        },
    ]
    if model.chassis == "notebook":
        core.append({"id": "battery", "class": "power", "product": "Li-ion", "vendor": model.maker, "capacity": 47_000})
    root = {
        "id": "banc",
        "class": "system",
        "description": model.chassis.title(),
        "product": model.product,
        "vendor": model.maker,
        "version": model.version,
        "serial": bench.serial,
        "configuration": {"chassis": model.chassis, "uuid": str(UUID(int=draw.getrandbits(128), version=4))},
        "children": [{"id": "core", "class": "bus", "description": "Motherboard", "children": core}],
    }
    return json.dumps(root, indent=1).encode()


def _network(draw: Random) -> dict[str, Any]:
    address = ":".join(["d8", "9e", "f3", *(f"{draw.randrange(256):02x}" for _ in range(3))])
    return {"id": "network", "class": "network", "description": "Ethernet interface", "logicalname": "enp0s31f6", "serial": address}


def _storage(disks: Sequence[FoundDisk]) -> list[dict[str, Any]]:
    return [_STORAGE.get(each.disk.medium, _sata)(each, place) for place, each in enumerate(disks)]


def _sata(found: FoundDisk, place: int) -> dict[str, Any]:
    disk = {
        "id": f"disk:{place}",
        "class": "disk",
        "description": "ATA Disk",
        "product": found.disk.model[:16],  # lshw cuts what the drive says of itself.
        "businfo": f"scsi@{place}:0.0.0",
        "logicalname": f"/dev/{found.path(place)}",
        "serial": found.serial,
        "units": "bytes",
        "size": found.disk.size,
        **({"capabilities": {"7200rpm": "7200 rotations per minute"}} if found.disk.medium == "hdd" else {}),
    }
    return {"id": f"sata:{place}", "class": "storage", "description": "SATA controller", "children": [disk]}


def _nvme(found: FoundDisk, place: int) -> dict[str, Any]:
    del place
    below = {"id": "namespace:1", "class": "disk", "description": "NVMe disk", "logicalname": "/dev/nvme0n1", "size": found.disk.size}
    return {
        "id": "nvme",
        "class": "storage",
        "description": "NVMe device",
        "product": found.disk.model,
        "businfo": "pci@0000:02:00.0",
        "logicalname": "/dev/nvme0",
        "serial": found.serial,
        "children": [below | {"units": "bytes"}],
    }


def _emmc(found: FoundDisk, place: int) -> dict[str, Any]:
    del place
    below = {"id": "interface", "class": "disk", "logicalname": "/dev/mmcblk0", "units": "bytes", "size": found.disk.size}
    card = {
        "id": "device",
        "class": "generic",
        "description": "SD/MMC Device",
        "product": found.disk.model,
        "vendor": found.disk.maker,
        "serial": found.serial,
        "businfo": "mmc@0:0001",
        "capabilities": {"mmc": True},
        "children": [below],
    }
    return {"id": "mmc0", "class": "bus", "description": "MMC Host", "logicalname": "mmc0", "children": [card]}


_STORAGE = {"nvme": _nvme, "emmc": _emmc}

# --- smartctl ---------------------------------------------------------------------------------------------------------


def smartctl(bench: Bench) -> bytes | None:
    """The output of `smartctl --json --all`, one after the other for several drives; None where no drive speaks SMART, as eMMC."""
    told = [_smart(each, place) for place, each in enumerate(bench.disks) if each.disk.medium != "emmc"]
    return json.dumps(told, indent=1).encode() if told else None


def _smart(found: FoundDisk, place: int) -> dict[str, Any]:
    nvme = found.disk.medium == "nvme"
    told: dict[str, Any] = {
        "json_format_version": [1, 0],
        "smartctl": {"version": [7, 3], "exit_status": 0},
        "device": {
            "name": f"/dev/{found.path(place)}",
            "type": "nvme" if nvme else "sat",
            "protocol": "NVMe" if nvme else "ATA",
        },
        "model_name": found.disk.model,
        "serial_number": found.serial,
        "user_capacity": {"bytes": found.disk.size},
        "smart_status": {"passed": True},
        "power_on_time": {"hours": found.hours},
    }
    if nvme:
        wear = {"critical_warning": 0, "available_spare": 100, "available_spare_threshold": 10, "percentage_used": 6, "media_errors": 0}
        return told | {"nvme_smart_health_information_log": wear}
    moved = 24 if found.is_worn else 0
    row = {"id": 5, "name": "Reallocated_Sector_Ct", "value": 100, "worst": 100, "thresh": 10, "when_failed": "", "raw": {"value": moved}}
    return told | {"rotation_rate": 7200 if found.disk.medium == "hdd" else 0, "ata_smart_attributes": {"table": [row]}}


# --- nwipe ------------------------------------------------------------------------------------------------------------


def nwipe(disks: Sequence[FoundDisk], ended: datetime, *, minutes: int = 55) -> bytes:
    """The log of one run over some drives that ended then; a worn drive fails half-way, as they do."""
    start, written = ended - timedelta(minutes=minutes), ended - timedelta(minutes=minutes // 2)
    lines = [_line(start, "info", f"nwipe {NWIPE}"), _line(start, "info", "Linux version 6.1.0 (ShredOS)")]
    for place, each in enumerate(disks):
        path, size = each.path(place), each.disk.size
        bus = {"nvme": "NVME", "emmc": "MMC"}.get(each.disk.medium, "ATA")
        lines += [
            _line(start, "notice", f"Found /dev/{path}, {bus}, {each.disk.model}, {size // 10**9} GB, S/N={each.serial}"),
            _line(start, "info", f"No hidden sectors on /dev/{path}"),
            _line(start, "notice", f"/dev/{path} has serial number {each.serial}"),
            _line(start, "notice", f"/dev/{path}, sect/blk/dev 512/4096/{size}"),
        ]
    options = (f"banner       = nwipe {NWIPE}", "method       = PRNG Stream", "rounds       = 1", "verify       = 1 (last pass)")
    lines += [_line(start, "notice", f"  {each}") for each in options]
    for place, each in enumerate(disks):
        lines += _work(f"/dev/{each.path(place)}", each, start, written, ended)
    return "\n".join([*lines, *_table(disks, minutes), _line(ended, "info", "Nwipe successfully completed."), ""]).encode()


def _line(when: datetime, level: str, text: str) -> str:
    return f"[{local(when):%Y/%m/%d %H:%M:%S}] {level:>7}: {text}"


def _work(path: str, found: FoundDisk, start: datetime, written: datetime, ended: datetime) -> list[str]:
    begun = [
        _line(start, "notice", f"Invoking method 'PRNG Stream' on {path}"),
        _line(start, "notice", f"Starting round 1 of 1 on {path}"),
        _line(start, "notice", f"Starting pass 1/1, round 1/1, on {path}"),
    ]
    if found.is_worn:
        return [*begun, _line(written, "error", f"Write error on '{path}' at offset {found.disk.size // 3 // 4096 * 4096}.")]
    return [
        *begun,
        _line(written, "notice", f"{found.disk.size} bytes written to {path}"),
        _line(ended, "notice", f"Verified pass 1 of 1, round 1 of 1, on '{path}'."),
        _line(ended, "notice", f"Finished final round 1 of 1 on {path}"),
    ]


def _table(disks: Sequence[FoundDisk], minutes: int) -> list[str]:
    stars, dashes = "*" * 80, "-" * 80
    rows = [
        f"{'!' if each.is_worn else ' '} {each.path(place):>8} |{'-FAILED-' if each.is_worn else ' Erased '}|  90 MB/s |"
        f" {minutes // 60:02d}:{minutes % 60:02d}:00 | {each.disk.model[:17]}/{each.serial}"
        for place, each in enumerate(disks)
    ]
    return [stars, "!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number", dashes, *rows, dashes]
