"""Reads `smartctl --json`: drives of every kind with identity, size, medium, hours and health."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, Medium, ReportWarning, warning
from refurb.inventory.readers.json_text import part
from refurb.inventory.readers.smart_health import attributes, health, past_failures

_MAX_DRIVES = 500
_VIRTUAL = re.compile(
    r"\braid\b|virtual|logical volume|\bvolume\b|\blun\b|qemu|vbox|vmware|perc\b|megaraid|smart array|virtio", re.IGNORECASE
)
_SSD = re.compile(r"\bssds?\b|ssd\d|solid state", re.IGNORECASE)


def is_smartctl(document: Any) -> bool:
    """Whether a parsed document is a report of smartctl, or a list of them."""
    if isinstance(document, list):
        return bool(document) and all(is_smartctl(each) for each in document)
    if not isinstance(document, dict):
        return False
    # Some programs keep the report without the block in which smartctl names itself.
    described = isinstance(document.get("device"), dict) and bool(
        {"model_name", "scsi_model_name", "scsi_product", "serial_number"} & document.keys()
    )
    told = {"json_format_version", "smart_status", "user_capacity", "power_on_time", "scsi_grown_defect_list"} & document.keys()
    return isinstance(document.get("smartctl"), dict) or (described and bool(told))


def read(documents: Iterable[Any]) -> HardwareFacts:
    """The drives of one or several reports; raises Unreadable (`report.no_drive`) when none of them shows a drive."""
    reserves: list[ReportWarning] = []
    drives: dict[str, DriveFacts] = {}
    version = None
    for report in list(_reports(documents))[:_MAX_DRIVES]:
        version = version or _version(report)
        drive = _drive(report)
        if drive is None:
            reserves.append(warning("drive.unreadable", device=_device_name(report)))
            continue
        reserves.extend(_reserves(report, drive))
        key = f"{drive.serial}/{drive.model}/{drive.size_bytes}" if drive.serial else f"#{len(drives)}"
        drives[key] = drive
    if not drives:
        raise Unreadable("report.no_drive")
    return HardwareFacts(
        tool="smartctl",
        tool_version=version,
        drives=tuple(drives.values()),
        warnings=tuple(_once(reserves)),
    )


def _once(reserves: Iterable[ReportWarning]) -> Iterator[ReportWarning]:
    seen = set()
    for each in reserves:
        key = (each.code, tuple(each.facts.items()))
        if key not in seen:
            seen.add(key)
            yield each


def _reports(documents: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for document in documents:
        for each in document if isinstance(document, list) else [document]:
            if isinstance(each, dict):
                yield each


def _version(report: dict[str, Any]) -> str | None:
    found = part(report, "smartctl", "version")
    numbers_of_it = [str(each) for each in found if isinstance(each, int)] if isinstance(found, list) else []
    return ".".join(numbers_of_it[:3]) or None


def _device_name(report: dict[str, Any]) -> str | None:
    name = identity.clean(part(report, "device", "name"))
    if name:
        return name
    arguments = part(report, "smartctl", "argv")
    return next(
        (
            each[:60]
            for each in reversed(arguments if isinstance(arguments, list) else [])
            if isinstance(each, str) and each.startswith("/dev/")
        ),
        None,
    )


def _model(report: dict[str, Any]) -> str | None:
    model = identity.clean(report.get("model_name")) or identity.clean(report.get("scsi_model_name"))
    if model:
        return model
    vendor = identity.clean(report.get("vendor")) or identity.clean(report.get("scsi_vendor"))
    product = identity.clean(report.get("product")) or identity.clean(report.get("scsi_product"))
    return " ".join(each for each in (vendor, product) if each) or None if product else None


def _drive(report: dict[str, Any]) -> DriveFacts | None:
    model = _model(report)
    if model is None:
        return None
    virtual = _is_virtual(report, model)
    family = identity.clean(report.get("model_family"))
    vendor = identity.real(report.get("vendor")) or identity.real(report.get("scsi_vendor"))
    return DriveFacts(
        manufacturer=identity.drive_maker(model, vendor, family) or vendor,
        model=model,
        # A volume's serial is the name that an administrator gave it, the same on every such machine.
        serial=None if virtual else identity.drive_serial(report.get("serial_number")),
        size_bytes=_size(report),
        medium="unknown" if virtual else _medium(report, f"{model} {family or ''}"),
        interface=_interface(report),
        health="unknown" if virtual else health(report),
        power_on_hours=_hours(report),
    )


def _reserves(report: dict[str, Any], drive: DriveFacts) -> Iterator[ReportWarning]:
    if _is_virtual(report, drive.model or ""):
        yield warning("drive.virtual", model=drive.model)
    elif not drive.serial:
        yield warning("drive.no_serial", model=drive.model)
    elif not drive.size_bytes:
        yield warning("drive.no_size", serial=drive.serial)
    hours = numbers.whole(part(report, "power_on_time", "hours"))
    if hours is not None and hours > numbers.CREDIBLE_HOURS:
        yield warning("drive.hours_unreliable", serial=drive.serial, hours=hours)
    for name in past_failures(attributes(report)):
        yield warning("drive.failed_in_past", serial=drive.serial, attribute=name)


def _is_virtual(report: dict[str, Any], model: str) -> bool:
    return part(report, "device", "protocol") not in ("ATA", "NVMe") and _VIRTUAL.search(model) is not None


def _size(report: dict[str, Any]) -> int | None:
    for path in (("user_capacity", "bytes"), ("nvme_total_capacity",)):
        size = numbers.drive_bytes(part(report, *path))
        if size:
            return size
    spaces = report.get("nvme_namespaces")
    sizes = (part(space, "size", "bytes") for space in (spaces if isinstance(spaces, list) else []))
    return numbers.drive_bytes(sum(numbers.drive_bytes(size) or 0 for size in sizes))


def _is_nvme(report: dict[str, Any]) -> bool:
    return bool(part(report, "device", "protocol") == "NVMe" or part(report, "device", "type") == "nvme")


def _medium(report: dict[str, Any], names: str) -> Medium:
    if _is_nvme(report):
        return "nvme"
    speed = numbers.whole(report.get("rotation_rate"), most=100_000)
    if speed is not None:
        return "hdd" if speed else "ssd"
    return "ssd" if _SSD.search(names) else "unknown"


def _interface(report: dict[str, Any]) -> str | None:
    """The connection seen: a disk behind a USB bridge is `usb`, whatever it is inside."""
    kind = part(report, "device", "type")
    shown = part(report, "device", "info_name")
    if (isinstance(kind, str) and kind.startswith("usb")) or (isinstance(shown, str) and "[USB" in shown):
        return "usb"
    if _is_nvme(report):
        return "nvme"
    if "sata_version" in report or "interface_speed" in report:
        return "sata"
    if isinstance(part(report, "scsi_transport_protocol", "name"), str):
        return "sas" if "SAS" in part(report, "scsi_transport_protocol", "name") else "scsi"
    protocol = part(report, "device", "protocol")
    return protocol.casefold()[:20] if isinstance(protocol, str) and protocol else None


def _hours(report: dict[str, Any]) -> int | None:
    for path in (("power_on_time", "hours"), ("nvme_smart_health_information_log", "power_on_hours")):
        hours = numbers.whole(part(report, *path))
        if hours is not None:
            return hours if hours <= numbers.CREDIBLE_HOURS else None
    return None
