"""Reads dumps of WMI classes as `Name=value` (`wmic … /value` and the agents' own): drives, and the machine when its classes are there."""

import re
from collections.abc import Iterator, Mapping

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, Medium, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model

TOOL = "WMI"
_LINE = re.compile(r"([A-Z][A-Za-z0-9]{1,60})=(.{0,500})")
_RECOGNISED = re.compile(r"^(MediaType|InterfaceType|BusType|IdentifyingNumber|SMBIOSBIOSVersion|TotalPhysicalMemory)=", re.MULTILINE)
# MSFT_PhysicalDisk: MediaType and BusType.
_MEDIA: Mapping[str, Medium] = {"3": "hdd", "4": "ssd"}
_BUSES: Mapping[str, str] = {
    "1": "scsi",
    "3": "ata",
    "7": "usb",
    "8": "raid",
    "10": "sas",
    "11": "sata",
    "12": "sd",
    "13": "mmc",
    "17": "nvme",
}
_CYLINDER = 255 * 63 * 512
_MAX_INSTANCES = 500


def is_wmi(head: str) -> bool:
    """Whether the beginning of a text is a dump of WMI classes that we read."""
    return _RECOGNISED.search(head) is not None


def read(text: str) -> HardwareFacts:
    """The facts of every instance in the text; raises Unreadable (`report.no_machine`) when none is of a machine or a drive."""
    instances = list(_instances(text))[:_MAX_INSTANCES]
    drives: list[DriveFacts] = []
    reserves: list[ReportWarning] = []
    machine: dict[str, str] = {}
    for each in instances:
        if "MediaType" in each and "Size" in each and ("Model" in each or "FriendlyName" in each):
            _take(each, drives, reserves)
        else:
            machine.update({name: value for name, value in each.items() if value})
    maker, serial = (
        identity.real(machine.get("Manufacturer")),
        identity.real(machine.get("IdentifyingNumber") or machine.get("SerialNumber")),
    )
    if not drives and not (maker and machine.get("Model")) and not machine.get("IdentifyingNumber"):
        raise Unreadable("report.no_machine")
    return HardwareFacts(
        tool=TOOL,
        manufacturer=maker,
        model=identity.commercial_name(maker, machine.get("Model") or machine.get("Name"), machine.get("Version")) if maker else None,
        serial=serial if machine else None,
        uuid=identity.real_uuid(machine.get("UUID")),
        drives=tuple(drives),
        warnings=tuple(reserves),
    )


def _instances(text: str) -> Iterator[dict[str, str]]:
    """Instances: a name that comes again begins the next one."""
    said: dict[str, str] = {}
    for line in text.split("\n"):
        found = _LINE.fullmatch(line.strip().lstrip("\ufeff"))
        if not found:
            continue
        if found.group(1) in said:
            yield said
            said = {}
        said[found.group(1)] = found.group(2).strip()
    if said:
        yield said


def _take(each: Mapping[str, str], drives: list[DriveFacts], reserves: list[ReportWarning]) -> None:
    model = identity.real(each.get("Model") or each.get("FriendlyName"))
    bus = _BUSES.get(each.get("BusType", ""), each.get("InterfaceType", "").casefold() or None)
    if bus in {"usb", "sd", "1394"} or is_external_model(model) or "emovable" in each["MediaType"]:
        reserves.append(warning("drive.external_left_out", model=model))
        return
    size = numbers.drive_bytes(each.get("Size"))
    serial = _adapter_serial(each.get("AdapterSerialNumber")) or identity.real_drive_serial(each.get("SerialNumber", "").rstrip("."))
    is_nvme = bus == "nvme" or "nvme" in (model or "").casefold()
    drive = DriveFacts(
        manufacturer=identity.drive_maker(model),
        model=model,
        serial=serial,
        size_bytes=(numbers.standard_bytes(size, _CYLINDER) or size) if size else None,
        medium="nvme" if is_nvme else _MEDIA.get(each["MediaType"], "unknown"),
        interface="nvme" if is_nvme else bus,
    )
    if drive.serial or drive.size_bytes:
        drives.append(drive)
        if not drive.serial:
            reserves.append(warning("drive.no_serial", model=drive.model))


def _adapter_serial(value: str | None) -> str | None:
    """An NVMe controller's serial number, to which Windows adds the number of the namespace."""
    return identity.real_drive_serial(re.sub(r"\s*_\d{4}\.?\Z", "", value)) if value else None
