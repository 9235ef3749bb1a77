"""Put the drives that reports see into their devices, move them from one to another, take them out."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from refurb.inventory.checklists.questions import DRIVE
from refurb.inventory.checks.actions.reopen import reopen_checks
from refurb.inventory.devices.actions.devices import PastTheGate
from refurb.inventory.evidence.actions.former_holders import stop_former_holders
from refurb.inventory.evidence.queries.evidence import drives_named, stays_in
from refurb.inventory.evidence.verdicts import GONE, counts, judge
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts
from refurb.inventory.words.devices import PAST_THE_GATE, DeviceState
from refurb.inventory.words.drives import Health, Medium
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_time, record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Conflict

S = DeviceState

# Where the drives of a device may change by a report: on the bench, before the gate.
WORKSHOP = frozenset({S.RECEIVED, S.TO_ERASE, S.ERASING, S.TO_REFURBISH, S.TESTING})
# The moves by which a device comes back from people who may have put a drive in it.
RETURNS = frozenset({"come_back", "leave_pool", "find"})

# What hwinfo has in place of the model of an NVMe drive whose controller is in no list of names.
_PCI_NUMBER = re.compile(r"(?:pci\s+)?0x[0-9a-f]{4}(?:[\s:]+0x[0-9a-f]{4})?|[0-9a-f]{4}:[0-9a-f]{4}", re.IGNORECASE)


class NotOnBench(Conflict):
    """The device has left the workshop for good: as parts, as waste, lost or refused."""

    code = "device.not_on_bench"


class DriveElsewhere(Conflict):
    """The drive is on record in a device that is past the gate."""

    code = "drive.elsewhere"


class DriveDestroyed(Conflict):
    """The drive is on record as destroyed."""

    code = "drive.destroyed"


class DriveNotHere(Conflict):
    """The drive has left this device already."""

    code = "drive.not_here"


def remove_drive(actor: Actor, device: Device, drive: Drive) -> None:
    """Note that a drive was taken out of a device; it still counts for the device's gate."""
    check(actor, Permission.DEVICE_DIAGNOSE)
    lock(device)
    _refuse_past_the_gate(device)
    stay = open_stay(drive)
    if stay is None or stay.device_id != device.id:
        raise DriveNotHere(serial=drive.serial)
    stay.until = now()
    record(device, "drive_removed", actor, drive=drive.id, serial=drive.serial)
    reopen_checks(actor, device, DRIVE)


def leave_device(actor: Actor, drive: Drive) -> None:
    """Take a drive out of the device that holds it, if any; refused past the gate. The caller holds the device's lock."""
    stay = open_stay(drive)
    if stay is not None:
        _refuse_past_the_gate(stay.device)
        stay.until = now()
        reopen_checks(actor, stay.device, DRIVE)


def refuse_off_bench(device: Device) -> None:
    """Refuse to read the hardware of a device that is not on the bench; the caller holds its lock."""
    _refuse_past_the_gate(device)
    if device.state not in WORKSHOP:
        raise NotOnBench(code=spell(device.code))


def settle_drives(actor: Actor, device: Device, merged: HardwareFacts, mentioned: set[tuple[str | None, int | None]]) -> list[Drive]:
    """Put the drives that a report mentions in this device, each found by its serial, or new.

    What the report says of a drive        which drive it is
    a serial that we know                  that drive, wherever it was: it has moved here
    a serial that we do not know           the nameless drive of this device of the same size and model, which gets its name; else a new one
    no serial                              the drive of this device of the same size and model that no serial claims; else a new one
    a serial that two of its drives share  as without: such a serial names neither, and proves nothing

    Example: the device holds VS1 (256 GB) and a nameless one (1 TB). A report that mentions VS2 of 1 TB names the second; one that mentions
    VS2 of 512 GB adds a third; one that mentions VS1 alone changes nothing of the second, since only a person takes a drive out.

    Serials come first, so that a drive without one never takes the place of a drive that has its own. A destroyed drive that is seen again
    is refused (`DriveDestroyed`): one of the two was misread. A drive that turns out larger than its proof covers is judged anew.

    The caller holds the locks of this device and of every device that held one of them. That a device is clean only when every drive it
    ever held is: NIST SP 800-88 Rev. 2, which sanitises media, not machines; the wall is the trigger `drive_stays_ready_gate`.
    """
    seen = [drive for drive in merged.drives if mention_of(drive) in mentioned]
    shared = Counter(drive.serial for drive in seen)
    stays = stays_in(device)
    unclaimed = [stay.drive for stay in stays if stay.until is None]
    known = drives_named(serial for serial in shared if serial)
    # Claimed by serial first, so that a drive without one never takes the place of a drive that has its own.
    claimed = [known.get(serial) for drive in seen if (serial := drive.serial) and shared[serial] == 1]
    unclaimed = [drive for drive in unclaimed if drive not in claimed]
    found: list[Drive] = []
    for facts in seen:
        # A serial that two drives share names neither of them, and proves nothing.
        serial = facts.serial
        serial = serial if shared[serial] == 1 else None
        drive = known.get(serial) if serial else None
        drive = drive or _alike(facts, unclaimed, nameless=serial is not None)
        if drive is None:
            # Whole before it is written: nothing was ever proven of it, so nothing is judged again.
            drive = Drive(serial=serial, medium=Medium.UNKNOWN, health=Health.UNKNOWN, size_bytes=facts.size_bytes)
            _update(drive, facts, serial)
            db.session.add(drive)
            place_drive(actor, device, drive, stays)
        elif drive.destroyed_at is not None:
            raise DriveDestroyed(serial=drive.serial)
        else:
            place_drive(actor, device, drive, stays)
            _update(drive, facts, serial)
        found.append(drive)
    if found:
        device.without_drive_since = None
    return found


def mention_of(drive: DriveFacts) -> tuple[str | None, int | None]:
    """What names a drive in a report: its serial, or else its size."""
    return (drive.serial, None if drive.serial else drive.size_bytes)


def _alike(facts: DriveFacts, unclaimed: list[Drive], *, nameless: bool) -> Drive | None:
    """The drive of this device that the facts can only mean: same size, and a model of which one is the beginning of the other."""
    for drive in unclaimed:
        if nameless and drive.serial is not None:
            continue
        one, other = (drive.model or "").casefold(), (facts.model or "").casefold()
        if drive.size_bytes == facts.size_bytes and (one.startswith(other) or other.startswith(one)):
            unclaimed.remove(drive)
            return drive
    # hwinfo names an NVMe drive after its PCI number and gives no serial: one of the same size is that one. Any other name that differs is
    # of another drive, which nothing proves clean.
    if facts.serial is None and facts.medium == "nvme" and (not facts.model or _PCI_NUMBER.fullmatch(facts.model)):
        for drive in unclaimed:
            if drive.size_bytes and drive.size_bytes == facts.size_bytes and drive.medium == Medium.NVME:
                unclaimed.remove(drive)
                return drive
    return None


def _update(drive: Drive, facts: DriveFacts, serial: str | None) -> None:
    """Write what the report says; what it does not know stays."""
    drive.serial = serial or drive.serial
    drive.manufacturer = _text(facts.manufacturer, 120) or drive.manufacturer
    model = _text(facts.model, 160)
    # lshw cuts models to sixteen characters.
    if model and not (drive.model or "").casefold().startswith(model.casefold()):
        drive.model = model
    drive.interface = _text(facts.interface, 32) or drive.interface
    drive.medium = Medium(facts.medium) if facts.medium != "unknown" else drive.medium
    drive.health = Health(facts.health) if facts.health != "unknown" else drive.health
    drive.power_on_hours = facts.power_on_hours if facts.power_on_hours is not None else drive.power_on_hours
    if facts.size_bytes and facts.size_bytes != drive.size_bytes:
        drive.size_bytes = facts.size_bytes
        _judge_again(drive)


def _judge_again(drive: Drive) -> None:
    """A proof that covers less than the drive turns out to hold proves nothing."""
    for erasure in drive.erasures:
        if counts(erasure) and not erasure.statement:  # What a person stated names no size.
            judge(erasure, drive)
    stop_former_holders(drive)


def _text(value: str | None, longest: int) -> str | None:
    return value[:longest] if value else None


def place_drive(actor: Actor, device: Device, drive: Drive, stays: Sequence[DriveStay]) -> None:
    """Put a drive in a device, out of the one that held it; the caller holds the locks of both. `stays` are those of the device."""
    stay = open_stay(drive)
    if stay is not None and stay.device_id == device.id:
        return
    if stay is not None:
        if stay.device.state in PAST_THE_GATE:
            raise DriveElsewhere(serial=drive.serial, code=spell(stay.device.code))
        stay.until = now()
        record(stay.device, "drive_moved_out", actor, drive=drive.id, serial=drive.serial, to=spell(device.code))
        if stay.device.state in GONE:
            _void_erasures(drive)
            stop_former_holders(drive)
        else:
            reopen_checks(actor, stay.device, DRIVE)
    db.session.add(DriveStay(drive=drive, device=device, since=_since(device, drive, stays)))
    reopen_checks(actor, device, DRIVE)


def _void_erasures(drive: Drive) -> None:
    """What was proven of a drive before it left our hands no longer counts."""
    for erasure in drive.erasures:
        erasure.voided_at = erasure.voided_at or now()


def _since(device: Device, drive: Drive, stays: Sequence[DriveStay]) -> datetime:
    """The drives of a device's first reading came with it; one that appears later came now."""
    return now() if stays or drive.stays else arrival_of(device)


def arrival_of(device: Device) -> datetime:
    """When a device last came to us: it was received, or it came back from a family or from the pool."""
    return last_time(device, RETURNS) or device.received_at


def open_stay(drive: Drive) -> DriveStay | None:
    """The stay of a drive that is in a device now; None when it is in stock, or gone."""
    return next((stay for stay in drive.stays if stay.until is None), None)


def _refuse_past_the_gate(device: Device) -> None:
    if device.state in PAST_THE_GATE:
        raise PastTheGate(code=spell(device.code))
