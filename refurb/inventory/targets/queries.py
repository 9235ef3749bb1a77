"""Looking up what devices are worth, and what it takes to weigh them; all of them in a few queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Integer, bindparam, select

from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.devices.queries.devices import Standing
from refurb.inventory.evidence.queries.evidence import Holder
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, HardwareReport
from refurb.inventory.targets.configuration import Configuration, Storage
from refurb.inventory.targets.firmware import Firmware, firmware_in
from refurb.inventory.targets.models import DeviceTarget
from refurb.kernel.deeds import files
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.file_stores import FileLost

# Drives give no word of the firmware, and their reports are many.
_SILENT = frozenset({"smartctl"})
_MOST_REPORTS = 6


def target_of(device: Holder) -> DeviceTarget | None:
    """What a device is worth, if it was weighed."""
    return db.session.get(DeviceTarget, device.id)


def look_answered(device: Standing | Device) -> str | None:
    """How a machine looks by the answer that stands in its checklist, in the reader's language; None where there is none."""
    question = next((each for each in checklist_of(device.kind).questions if each.key == LOOK), None)
    if question is None:
        return None
    said = db.session.scalar(_LOOK_SAID, {"device": device.id})
    return next((each.text for each in question.options if each.value == said), None)


def weighed_otherwise(version: str, after: int, most: int) -> Sequence[int]:
    """The ids of devices that were never weighed, or under another version of the policy, from an id on."""
    return db.session.scalars(
        select(Device.id)
        .outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id)
        .where(Device.id > after, (DeviceTarget.policy.is_(None)) | (DeviceTarget.policy != version))
        .order_by(Device.id)
        .limit(most)
    ).all()


def devices_holding(drive_ids: Collection[int]) -> set[int]:
    """The ids of the devices in which these drives are."""
    if not drive_ids:
        return set()
    return set(db.session.scalars(select(DriveStay.device_id).where(DriveStay.drive_id.in_(drive_ids), DriveStay.until.is_(None))))


@dataclass
class _Told:
    """What the reports of one device say beside its columns."""

    battery: int | None = None
    display: str | None = None
    raw: list[str] = field(default_factory=list)


LOOK = "look"
"""The question of the checklists that asks how a machine looks."""

_LOOK_SAID = (
    select(CheckResult.answer)
    .where(CheckResult.device_id == bindparam("device"), CheckResult.question == LOOK, CheckResult.voided_at.is_(None))
    .order_by(CheckResult.id.desc())
    .limit(1)
)
# Built once: every unit that touched a device asks.
_AMONG = bindparam("devices", type_=Integer, expanding=True)
_DRIVES = (
    select(DriveStay.device_id, Drive.medium, Drive.size_bytes)
    .join(Drive, Drive.id == DriveStay.drive_id)
    .where(DriveStay.device_id.in_(_AMONG), DriveStay.until.is_(None), Drive.destroyed_at.is_(None))
    .order_by(DriveStay.id)
)
_REPORTS = (
    select(HardwareReport.device_id, HardwareReport.tool, HardwareReport.file, HardwareReport.facts)
    .where(HardwareReport.device_id.in_(_AMONG))
    .order_by(HardwareReport.id.desc())
)
_DEVICES = (
    select(Device.id, Device.kind, Device.cpu, Device.ram_mb, DeviceTarget)
    .outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id)
    .where(Device.id.in_(_AMONG))
)


def configurations(device_ids: Collection[int]) -> dict[int, tuple[Configuration, DeviceTarget | None]]:
    """What is known of each device, with the target it has already; three queries, however many devices."""
    if not device_ids:
        return {}
    asked = {"devices": list(device_ids)}
    drives: dict[int, list[Storage]] = {}
    for stay in db.session.execute(_DRIVES, asked):
        drives.setdefault(stay.device_id, []).append(Storage(stay.medium, stay.size_bytes))
    told = _told(device_ids)
    found = {}
    for device in db.session.execute(_DEVICES, asked):
        said, target = told.get(device.id, _Told()), device.DeviceTarget
        machine = Configuration(
            kind=device.kind,
            cpu=device.cpu,
            cpu_mark=target.cpu_mark if target else None,
            ram_mb=device.ram_mb,
            drives=tuple(drives.get(device.id, ())),
            display=said.display,
            battery_percent=said.battery,
            firmware=_firmware(said.raw, target),
        )
        found[device.id] = machine, target
    return found


def _told(device_ids: Collection[int]) -> dict[int, _Told]:
    told: dict[int, _Told] = {}
    for report in db.session.execute(_REPORTS, {"devices": list(device_ids)}):
        said = told.setdefault(report.device_id, _Told())
        battery = report.facts.get("battery") or {}
        said.battery = battery.get("health_percent") if said.battery is None else said.battery
        said.display = said.display or report.facts.get("display")
        if report.tool not in _SILENT and len(said.raw) < _MOST_REPORTS:
            said.raw.append(report.file)
    return told


def _firmware(digests: Sequence[str], target: DeviceTarget | None) -> Firmware:
    """What the raw reports say of the firmware; what was told of it wins."""
    read = firmware_in(content for digest in digests if (content := _raw(digest)) is not None)
    if target is None:
        return read
    return Firmware(
        read.uefi if target.uefi is None else target.uefi,
        read.secure_boot if target.secure_boot is None else target.secure_boot,
        read.tpm if target.tpm is None else target.tpm,
    )


def _raw(digest: str) -> bytes | None:
    try:
        return files.fetch(digest)
    except FileLost:  # A file that went missing is found by the check of the files, not by a grade.
        return None
