"""What people do with drives as things of their own: entered by hand, put in a machine, corrected."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from refurb.inventory.devices.actions.devices import MemoryIsSoldered
from refurb.inventory.devices.rules import DrivesUnknown
from refurb.inventory.evidence.actions.drives import DriveDestroyed, open_stay, place_drive, refuse_off_bench
from refurb.inventory.evidence.actions.erasures import judge_waiting, tell_verdict
from refurb.inventory.evidence.queries.evidence import stays_in
from refurb.inventory.evidence.verdicts import counts, judge
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, HardwareReport
from refurb.inventory.readers.identity import is_placeholder
from refurb.inventory.readers.serials import kept_drive_serial, may_be_one_drive
from refurb.inventory.words.devices import PAST_THE_GATE, SOLDERED, WITHOUT_DATA
from refurb.inventory.words.drives import Health, Medium
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class DriveSerialTaken(Conflict):
    """Another drive has this serial number: they are the same drive, or one of the two was misread."""

    code = "drive.serial_taken"


class SerialWasRead(Conflict):
    """A tool has read the serial number in the drive itself: what is printed on it may be written otherwise, but not be another."""

    code = "drive.serial_was_read"


class SizeWasRead(Conflict):
    """A tool has read how much the drive holds: by hand it is not made less, or a wipe that left a part out would look whole."""

    code = "drive.size_was_read"


class HeldPastTheGate(Conflict):
    """The drive is in a device that is declared ready, or out: nothing about it changes before the device is back on the bench."""

    code = "drive.past_the_gate"


class DestructionPending(Conflict):
    """The drive was declared destroyed, and waits for its witness: it is put in no machine."""

    code = "drive.destruction_pending"


def add_drive(
    actor: Actor,
    device: Device | None,
    *,
    serial: str | None,
    medium: Medium,
    manufacturer: str | None = None,
    model: str | None = None,
    size_bytes: int | None = None,
) -> Drive:
    """Enter a drive that no tool has read: one found in a machine on the bench, or in a drawer (then it is in stock).

    A card out of a tablet or a telephone goes into the stock: it says nothing of the memory that is soldered in.
    """
    check(actor, Permission.DEVICE_DIAGNOSE)
    if device is not None:
        lock(device)
        refuse_off_bench(device)
        _refuse_soldered(device)
    drive = Drive(
        serial=_typed(serial),
        medium=medium,
        manufacturer=manufacturer or None,
        model=model or None,
        size_bytes=size_bytes,
        health=Health.UNKNOWN,
    )
    refuse_same_serial(drive)
    db.session.add(drive)
    db.session.flush()
    record(drive, "drive_entered", actor, serial=drive.serial, device=device.id if device else None)
    if device is not None:
        _put(actor, device, drive)
    judge_waiting(actor, [drive])
    return drive


def install_drive(actor: Actor, device: Device, drive: Drive) -> None:
    """Put a drive of the stock, or of another machine on the bench, in this machine; past the gate no drive enters, clean or not.

    What the machine came with is known before: its own drive was read or entered, or somebody has said that there was none.
    """
    check(actor, Permission.DEVICE_DIAGNOSE)
    stay = open_stay(drive)
    for each in sorted({device, *([stay.device] if stay else [])}, key=lambda each: each.id):
        lock(each)
    lock(drive)
    refuse_off_bench(device)
    _refuse_soldered(device)
    if not stays_in(device) and device.without_drive_since is None and device.kind not in WITHOUT_DATA:
        raise DrivesUnknown
    if drive.destroyed_at is not None:
        raise DriveDestroyed(serial=drive.serial)
    if any(each.declined_at is None for each in drive.destructions):
        raise DestructionPending(serial=drive.serial)
    _put(actor, device, drive)


def correct_drive(
    actor: Actor,
    drive: Drive,
    *,
    serial: str | None,
    medium: Medium,
    manufacturer: str | None,
    model: str | None,
    size_bytes: int | None,
    reason: str,
) -> None:
    """Correct what is known of a drive, and say why; what was proven under another serial number, size or medium is judged anew.

    A serial number that a tool has read is only ever written otherwise (O for 0, a tail cut off), never made another: else the log of one
    drive could be given to another; nor is a size that a tool has read made less. Refused while the drive is in a device past the gate.
    """
    check(actor, Permission.DEVICE_DIAGNOSE)
    stay = open_stay(drive)
    if stay is not None:
        lock(stay.device)
    lock(drive)
    if drive.destroyed_at is not None:
        raise DriveDestroyed(serial=drive.serial)
    if stay is not None and stay.device.state in PAST_THE_GATE:
        raise HeldPastTheGate(code=spell(stay.device.code))
    told: dict[str, Any] = {
        "serial": _typed(serial),
        "medium": medium,
        "manufacturer": manufacturer or None,
        "model": model or None,
        "size_bytes": size_bytes,
    }
    changed = {name: [getattr(drive, name), value] for name, value in told.items() if getattr(drive, name) != value}
    if not changed:
        return
    _refuse_what_was_read_otherwise(drive, told, changed)
    for name, value in told.items():
        setattr(drive, name, value)
    refuse_same_serial(drive)
    write_beside(record(drive, "drive_corrected", actor, changed=changed), {"reason": reason})
    _judge_anew(actor, drive)
    judge_waiting(actor, [drive])


def refuse_same_serial(drive: Drive) -> None:
    """Refuse a serial number that another drive has already."""
    if drive.serial is None:
        return
    with db.session.no_autoflush:
        other = db.session.scalar(select(Drive).where(Drive.serial == drive.serial, Drive.id != drive.id).limit(1))
    if other is not None and other is not drive:
        raise DriveSerialTaken(serial=drive.serial, number=other.id)


def _put(actor: Actor, device: Device, drive: Drive) -> None:
    place_drive(actor, device, drive, stays_in(device))
    device.without_drive_since = None
    db.session.flush()
    db.session.refresh(drive)
    record(device, "drive_put_in", actor, drive=drive.id, serial=drive.serial)


def _judge_anew(actor: Actor, drive: Drive) -> None:
    """What was proven of the drive as it was known before may not be proven of it as it is known now."""
    for erasure in [each for each in drive.erasures if counts(each) and not each.statement]:
        judge(erasure, drive)
        if erasure.serial and drive.serial and not may_be_one_drive(erasure.serial, drive.serial):
            erasure.status, erasure.reason = erasure.status.REFUSED, "erasure.other_serial"
        if not counts(erasure):
            tell_verdict(actor, erasure, drive)


def _refuse_soldered(device: Device) -> None:
    """A drive put in by hand would stand for the memory that nobody takes out."""
    if device.kind in SOLDERED:
        raise MemoryIsSoldered


def _refuse_what_was_read_otherwise(drive: Drive, told: dict[str, Any], changed: Iterable[str]) -> None:
    """Compare with what was read, not with what an earlier correction made of it: several small steps lead no further than one."""
    read = _readings(drive)
    serials = [serial for each in read if (serial := kept_drive_serial(each.get("serial")))]
    if "serial" in changed and serials and not any(may_be_one_drive(each, told["serial"]) for each in serials):
        raise SerialWasRead(serial=serials[0])
    largest = max((each.get("size_bytes") or 0 for each in read), default=0)
    if "size_bytes" in changed and (told["size_bytes"] or 0) < largest:
        raise SizeWasRead(size_gb=round(largest / 10**9))


def _readings(drive: Drive) -> list[dict[str, Any]]:
    """What tools read of the drive, in the devices that held it; without a serial number it is known by its size."""
    reports = db.session.scalars(select(HardwareReport.facts).where(HardwareReport.device_id.in_({stay.device_id for stay in drive.stays})))
    return [
        each
        for facts in reports
        for each in facts.get("drives", ())
        if (
            may_be_one_drive(told, drive.serial)
            if (told := kept_drive_serial(each.get("serial")))
            else each.get("size_bytes") == drive.size_bytes
        )
    ]


def _typed(serial: str | None) -> str | None:
    told = kept_drive_serial(serial)
    if told and is_placeholder(told):
        raise Invalid({"serial": [Fault("device.serial_placeholder", serial=told)]})
    return told
