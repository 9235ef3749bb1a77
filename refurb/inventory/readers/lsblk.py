"""Reads `lsblk -J -O` (with `-b` or without): the drives that the kernel sees, a second source of their serials and sizes."""

from collections.abc import Iterable, Mapping
from typing import Any

from refurb.inventory.readers import capacity, identity, numbers
from refurb.inventory.readers.devices import is_virtual_device
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, Medium, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model

TOOL = "lsblk"
_MAX_DEVICES = 500
_INTERFACES = {"sata": "sata", "ata": "ata", "nvme": "nvme", "mmc": "mmc", "sas": "sas", "scsi": "scsi"}
Device = Mapping[str, Any]


def is_lsblk(document: Any) -> bool:
    """Whether a parsed document is lsblk's."""
    found = document.get("blockdevices") if isinstance(document, dict) else None
    return isinstance(found, list) and all(isinstance(each, dict) and "name" in each for each in found[:_MAX_DEVICES])


def read(documents: Iterable[Any]) -> HardwareFacts:
    """The internal drives; raises Unreadable (`report.no_drive`) when there is none, as where lsblk was not asked for serials (`-O`)."""
    devices = [each for document in documents for each in document["blockdevices"][:_MAX_DEVICES]]
    reserves: list[ReportWarning] = [warning("hardware.partial")]
    found: dict[str, DriveFacts] = {}
    for device in devices:
        if not _is_disk(device):
            continue
        drive = _drive(device)
        if _text(device, "tran") == "usb" or _is_true(device.get("rm")) or is_external_model(drive.model):
            reserves.append(warning("drive.external_left_out", model=drive.model))
            continue
        key = drive.serial or f"#{len(found)}"
        known = found.get(key)
        # The namespaces of an NVMe drive are one drive.
        found[key] = _larger(known, drive) if known and known.medium == "nvme" else drive
    if not found and len(reserves) == 1:
        raise Unreadable("report.no_drive")
    reserves += [warning("drive.no_serial", model=drive.model) for drive in found.values() if not drive.serial]
    return HardwareFacts(tool=TOOL, drives=tuple(found.values()), warnings=tuple(reserves))


def _is_disk(device: Device) -> bool:
    name = _text(device, "path") or _text(device, "name")
    size = _size(device)
    return (
        _text(device, "type") in {"disk", ""}
        and not is_virtual_device(name)
        and not name.rpartition("/")[2].startswith(("vd", "xvd"))
        and bool(_text(device, "serial") or (size or 0) > numbers.DISKETTE)
    )


def _drive(device: Device) -> DriveFacts:
    model, vendor = identity.real(device.get("model")), identity.real(device.get("vendor"))
    name = _text(device, "name").rpartition("/")[2]
    medium = _medium(device, name, model)
    return DriveFacts(
        manufacturer=identity.drive_maker(model, vendor),
        model=model and model.replace("_", " "),
        serial=identity.real_drive_serial(device.get("serial")),
        size_bytes=_size(device),
        medium=medium,
        interface="nvme" if medium == "nvme" else "mmc" if medium == "emmc" else _INTERFACES.get(_text(device, "tran")),
    )


def _medium(device: Device, name: str, model: str | None) -> Medium:
    if name.startswith("nvme") or _text(device, "tran") == "nvme":
        return "nvme"
    if name.startswith("mmcblk"):
        return "emmc"
    if "rota" in device and device["rota"] is not None:
        return "hdd" if _is_true(device["rota"]) else "ssd"
    return "ssd" if identity.is_solid_state(model) else "unknown"


def _size(device: Device) -> int | None:
    """In bytes with `-b`; else powers of 1024 with one decimal."""
    size = device.get("size")
    return numbers.drive_bytes(size) or capacity.from_binary_text(size)


def _larger(one: DriveFacts, other: DriveFacts) -> DriveFacts:
    sizes = (one.size_bytes or 0) + (other.size_bytes or 0)
    return DriveFacts(**{**one.to_json(), "size_bytes": numbers.drive_bytes(sizes)})


def _text(device: Device, name: str) -> str:
    value = device.get(name)
    return value.strip().casefold() if isinstance(value, str) else ""


def _is_true(value: object) -> bool:
    return value is True or value in {"1", 1, "true"}
