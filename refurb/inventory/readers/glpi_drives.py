"""The drives among the storages of an agent's inventory, which also lists readers, keys and optical units."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.devices import is_virtual_device
from refurb.inventory.readers.facts import DriveFacts, Medium, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model, is_optical

_MEGABYTE = 1_000_000
# Windows counts whole cylinders of an invented geometry, and leaves out what does not fill one.
_CYLINDER = 255 * 63 * 512
_OPTICAL = re.compile(r"\b(cd|dvd|bd)\b|cd-?rom|dvd|optical|lecteur de cd", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"\busb\b|\b1394\b|firewire|thunderbolt|removable|external|amovible|externe|tape|floppy|card|memory stick", re.IGNORECASE
)
_VIRTUAL = re.compile(r"\bvirtual\b|\bqemu\b|\bvbox\b|vmware|virtio", re.IGNORECASE)
_INTERFACES = {
    "ide": "ata",
    "ata": "ata",
    "sata": "sata",
    "scsi": "scsi",
    "sas": "sas",
    "nvme": "nvme",
    "pcie": "nvme",
    "pci": "nvme",
    "mmc": "mmc",
}


def drives(storages: Iterable[Mapping[str, Any]], *, binary: bool = False) -> tuple[list[DriveFacts], list[ReportWarning]]:
    """The internal drives, each serial once, and what was left out or is missing; `binary` where the agent counts MiB."""
    found: dict[str, DriveFacts] = {}
    reserves: list[ReportWarning] = []
    for each in storages:
        words = " ".join(str(each.get(key) or "")[:120] for key in ("type", "description", "interface", "name", "model"))
        if is_virtual_device(str(each.get("name") or "")[:120]):
            continue
        drive = _drive(each, words, binary=binary)
        if _OPTICAL.search(words) or is_optical(words) or not (drive.serial or (drive.size_bytes or 0) > numbers.DISKETTE):
            continue
        if _is_external(each, drive, words):
            reserves.append(warning("drive.external_left_out", model=drive.model))
        else:
            found.setdefault(drive.serial or f"#{len(found)}", drive)
    for drive in found.values():
        if not drive.serial:
            reserves.append(warning("drive.no_serial", model=drive.model))
        elif not drive.size_bytes:
            reserves.append(warning("drive.no_size", serial=drive.serial))
    return list(found.values()), reserves


def _is_external(each: Mapping[str, Any], drive: DriveFacts, words: str) -> bool:
    is_removable = str(each.get("removable", "")).casefold() in {"1", "true"}
    return is_removable or _OUTSIDE.search(words) is not None or is_external_model(drive.model)


def _drive(each: Mapping[str, Any], words: str, *, binary: bool) -> DriveFacts:
    model = identity.real(each.get("model")) or _no_device_name(identity.real(each.get("name")))
    maker = identity.real(each.get("manufacturer"))
    maker = None if maker and maker.startswith("(") else maker  # "(Standard disk drives)"
    medium = _medium(each, words)
    return DriveFacts(
        manufacturer=identity.drive_maker(maker, model) or maker,
        model=model,
        serial=None if _VIRTUAL.search(words) else identity.real_drive_serial(each.get("serial") or each.get("serialnumber")),
        size_bytes=(megabytes(each.get("disksize"), 2**20) if binary else None) or megabytes(each.get("disksize")),
        medium=medium,
        interface="nvme" if medium == "nvme" else _interface(each),
    )


def megabytes(value: object, unit: int = _MEGABYTE) -> int | None:
    """A size in bytes from whole megabytes (or MiB, on macOS), exact where the capacity is a standard one."""
    size = numbers.whole(value, most=numbers.LARGEST_DRIVE // unit)
    if not size:
        return None
    return numbers.standard_bytes(size * unit, _CYLINDER + unit) or size * unit


def _no_device_name(name: str | None) -> str | None:
    return (
        None if name is None or re.match(r"\\\\|/dev/|(?:[hsv]d[a-z]|nvme\d|mmcblk|disk)\d?|PhysicalDrive", name, re.IGNORECASE) else name
    )


def _medium(each: Mapping[str, Any], words: str) -> Medium:
    folded = words.casefold()
    if "nvme" in folded:
        return "nvme"
    if "mmcblk" in folded or "emmc" in folded:
        return "emmc"
    if identity.is_solid_state(folded, str(each.get("model") or "")[:120]):
        return "ssd"
    return "hdd" if str(each.get("type") or "").strip().casefold() in {"hdd", "rotational"} or numbers.whole(each.get("rpm")) else "unknown"


def _interface(each: Mapping[str, Any]) -> str | None:
    for key in ("interface", "description"):
        word = str(each.get(key) or "").strip().casefold()
        if word in _INTERFACES:
            return _INTERFACES[word]
    return None
