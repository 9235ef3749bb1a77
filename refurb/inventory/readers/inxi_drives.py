"""The drives that inxi lists: a group of pairs for each, cut at its ID."""

import re
from collections.abc import Iterator, Sequence

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.facts import DriveFacts, Health, Medium, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model

Pairs = Sequence[tuple[str, str]]
_STARTS = re.compile(r"(ID|Optical|Floppy|Message|Local Storage|RAID)(-\d{1,3})?")
_HEALTHS: dict[str, Health] = {"PASSED": "good", "OK": "good", "FAIL": "failing", "FAILED": "failing"}
_RUNNING = re.compile(r"(?:(\d{1,3})y )?(?:(\d{1,4})d )?(?:(\d{1,6})h)?")


def drives(pairs: Pairs) -> tuple[list[DriveFacts], list[ReportWarning]]:
    """The internal drives, and what was left out or is missing."""
    found: list[DriveFacts] = []
    reserves: list[ReportWarning] = []
    for group in _groups(pairs):
        said: dict[str, str] = {}
        for name, value in group[1:]:
            said.setdefault(name, value)
        drive = _drive(group[0][1], said)
        if _is_external(said, drive):
            reserves.append(warning("drive.external_left_out", model=drive.model))
        elif drive.serial or (drive.size_bytes or 0) > numbers.DISKETTE:
            found.append(drive)
            if not drive.serial:
                reserves.append(warning("drive.no_serial", model=drive.model))
    return found, reserves


def _groups(pairs: Pairs) -> Iterator[list[tuple[str, str]]]:
    group: list[tuple[str, str]] = []
    for name, value in pairs:
        if _STARTS.fullmatch(name):
            if group:
                yield group
            group = [(name, value)] if name.startswith("ID") and value.startswith("/dev/") else []
        elif group:
            group.append((name, value))
    if group:
        yield group


def _drive(device: str, said: dict[str, str]) -> DriveFacts:
    model = identity.real(said.get("model"))
    vendor = identity.real(said.get("vendor"))
    hours = _hours(said.get("on"))
    return DriveFacts(
        manufacturer=identity.drive_maker(vendor, model) or vendor,
        model=model.replace("_", " ") if model else None,
        serial=None if _is_virtual(device) else identity.real_drive_serial(said.get("serial")),
        size_bytes=numbers.rounded_bytes(said.get("size")),
        medium=_medium(device, said),
        interface="nvme" if "nvme" in device else "mmc" if "mmcblk" in device else "sata" if "sata" in said else None,
        health=_HEALTHS.get(said.get("health", "").split(" ")[0].rstrip("!"), "unknown"),
        power_on_hours=hours if hours is None or hours <= numbers.CREDIBLE_HOURS else None,
    )


def _is_virtual(device: str) -> bool:
    return device.startswith(("/dev/vd", "/dev/xvd", "/dev/zram", "/dev/loop"))


def _is_external(said: dict[str, str], drive: DriveFacts) -> bool:
    kind = said.get("type", "").casefold()
    return kind.startswith(("usb", "removable", "firewire")) or is_external_model(drive.model)


def _medium(device: str, said: dict[str, str]) -> Medium:
    if "nvme" in device:
        return "nvme"
    if "mmcblk" in device:
        return "emmc"
    kind = f"{said.get('type', '')} {said.get('tech', '')} {said.get('model', '')}".casefold()
    is_ssd = "ssd" in kind or identity.is_solid_state(said.get("model"))
    return "ssd" if is_ssd else "hdd" if "hdd" in kind or "rpm" in said or "rotation" in said else "unknown"


def _hours(text: str | None) -> int | None:
    """The hours in "2y 7d 14h", inxi's years being of 365 days."""
    found = _RUNNING.match(text or "")
    if not text or found is None or not any(found.groups()):
        return None
    years, days, hours = (int(each or 0) for each in found.groups())
    return (years * 365 + days) * 24 + hours
