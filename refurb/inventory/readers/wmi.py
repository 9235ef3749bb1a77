"""Reads dumps of WMI classes as `Name=value` (`wmic … /value` and the agents' own): drives, and the machine when its classes are there."""

import re
from collections.abc import Iterator, Mapping

from refurb.inventory.readers import identity, memory, numbers
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, Medium, RamModule, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model

TOOL = "WMI"
_LINE = re.compile(r"([A-Z][A-Za-z0-9]{1,60})=(.{0,500})")
_RECOGNISED = re.compile(
    r"^(MediaType|InterfaceType|BusType|IdentifyingNumber|SMBIOSBIOSVersion|TotalPhysicalMemory|DeviceLocator|NumberOfCores|ProcessorId)=",
    re.MULTILINE,
)
# Win32_PhysicalMemory.FormFactor, and its SMBIOSMemoryType (DSP0134, tables 72 and 73).
_FORMS = {"8": "DIMM", "12": "SODIMM", "13": "RIMM"}
_KINDS = {
    "20": "DDR", "21": "DDR2", "24": "DDR3", "26": "DDR4", "27": "LPDDR", "28": "LPDDR2", "29": "LPDDR3", "30": "LPDDR4", "34": "DDR5",
    "35": "LPDDR5",
}  # fmt: skip
_MODULE, _PROCESSOR, _BIOS = {"Capacity", "DeviceLocator"}, {"NumberOfCores", "ProcessorId"}, {"SMBIOSBIOSVersion", "BIOSVersion"}
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
    modules: list[RamModule] = []
    cpu = None
    for each in instances:
        if "MediaType" in each and "Size" in each and ("Model" in each or "FriendlyName" in each):
            take_drive(each, drives, reserves)
        elif each.keys() >= _MODULE:
            modules += _module(each)
        elif each.keys() & _PROCESSOR:
            cpu = cpu or identity.real(each.get("Name"))
        elif each.keys() & _BIOS:
            # Its maker and name are those of the firmware.
            machine.setdefault("SerialNumber", each.get("SerialNumber", ""))
        else:
            machine.update({name: value for name, value in each.items() if value})
    maker, serial = (
        identity.real(machine.get("Manufacturer")),
        identity.real(machine.get("IdentifyingNumber") or machine.get("SerialNumber")),
    )
    if not drives and not modules and not cpu and not serial and not (maker and machine.get("Model")):
        raise Unreadable("report.no_machine")
    if not maker and not drives:
        reserves.append(warning("hardware.partial"))
    return HardwareFacts(
        tool=TOOL,
        manufacturer=maker,
        model=identity.commercial_name(maker, machine.get("Model") or machine.get("Name"), machine.get("Version")) if maker else None,
        serial=serial if machine else None,
        uuid=identity.real_uuid(machine.get("UUID")),
        cpu=cpu,
        ram_mb=sum(module.size_mb for module in modules) or None,
        ram_modules=tuple(modules),
        drives=tuple(drives),
        warnings=tuple(reserves),
    )


def _module(each: Mapping[str, str]) -> list[RamModule]:
    found = memory.module(
        numbers.mebibytes(each.get("Capacity")),
        form=_FORMS.get(each.get("FormFactor", "")),
        kind=_KINDS.get(each.get("SMBIOSMemoryType", "")),
        speed=numbers.whole(each.get("ConfiguredClockSpeed")) or numbers.whole(each.get("Speed")),
        maker=each.get("Manufacturer"),
        part=each.get("PartNumber"),
        serial=each.get("SerialNumber"),
        slot=each.get("DeviceLocator"),
    )
    return [found] if found else []


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


def take_drive(each: Mapping[str, str], drives: list[DriveFacts], reserves: list[ReportWarning]) -> None:
    """Take one instance of a class of disks, unless it hangs outside; MediaType and BusType are the numbers of MSFT_PhysicalDisk."""
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
    return identity.real_drive_serial(re.sub(r"\s*_\d{4,8}\.?\Z", "", value)) if value else None
