"""What people do with evidence that no drive of ours bears the serial of: attach it to its drive, set it aside, take it up again."""

from refurb.inventory.evidence.actions.drives import DriveDestroyed
from refurb.inventory.evidence.actions.erasures import tell_verdict, withdraw
from refurb.inventory.evidence.actions.former_holders import lock_holders
from refurb.inventory.evidence.actions.loose_drives import refuse_same_serial
from refurb.inventory.evidence.verdicts import NAMES_NONE, NO_SERIAL, NOT_MATCHED, judge, withdrawn_by
from refurb.inventory.models.evidence import Drive, Erasure
from refurb.inventory.readers.errors import AMBIGUOUS
from refurb.inventory.readers.serials import may_be_one_drive
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.errors import Conflict, Refusal

SET_ASIDE = "erasure.set_aside"


class NotWaiting(Conflict):
    """This line of evidence is attached to a drive, or was decided upon."""

    code = "erasure.not_waiting"


class OtherSerial(Refusal):
    """The evidence names another serial number than the drive bears: it is no evidence about this drive."""

    code = "erasure.other_drive"


class NamesNoDrive(Refusal):
    """The evidence names no serial number: nothing ties it to a drive. A technician states the erasure instead, and another confirms it."""

    code = "erasure.names_no_drive"


def attach_erasure(actor: Actor, erasure: Erasure, drive: Drive, *, reason: str) -> None:
    """Attach evidence to the drive it speaks of, and judge it there; only where the serial numbers agree, or the drive has none yet.

    A drive without a readable serial number takes the one of the evidence, which somebody has read on it.
    """
    check(actor, Permission.DEVICE_ERASE)
    lock_holders(drive)
    lock(drive)
    lock(erasure)
    if erasure.drive_id is not None or erasure.status not in {ErasureStatus.UNMATCHED, ErasureStatus.SET_ASIDE, ErasureStatus.REFUSED}:
        raise NotWaiting
    if erasure.serial is None:
        raise NamesNoDrive
    if drive.destroyed_at is not None:
        raise DriveDestroyed(serial=drive.serial)
    if drive.serial is not None and not may_be_one_drive(erasure.serial, drive.serial):
        raise OtherSerial(serial=erasure.serial, other=drive.serial)
    if drive.serial is None:
        drive.serial = erasure.serial
        refuse_same_serial(drive)
    judge(erasure, drive)
    write_beside(record(drive, "erasure_attached", actor, erasure=erasure.id, serial=erasure.serial), {"reason": reason})
    tell_verdict(actor, erasure, drive)
    withdraw(actor, withdrawn_by(erasure, drive), drive)


def set_aside(actor: Actor, erasure: Erasure, *, reason: str) -> None:
    """Put evidence away, with the reason: it speaks of no drive of ours. Should the drive appear one day, it is judged after all."""
    check(actor, Permission.DEVICE_ERASE)
    lock(erasure)
    if not is_waiting(erasure):
        raise NotWaiting
    erasure.status, erasure.reason = ErasureStatus.SET_ASIDE, SET_ASIDE
    write_beside(record(erasure, "set_aside", actor, serial=erasure.serial), {"reason": reason})


def take_up_again(actor: Actor, erasure: Erasure) -> None:
    """Put evidence that was set aside back in the queue."""
    check(actor, Permission.DEVICE_ERASE)
    lock(erasure)
    if erasure.status != ErasureStatus.SET_ASIDE:
        raise NotWaiting
    unnamed = erasure.doubt if erasure.doubt in AMBIGUOUS else None if erasure.serial else NO_SERIAL
    erasure.status = ErasureStatus.REFUSED if unnamed else ErasureStatus.UNMATCHED
    erasure.reason = unnamed or NOT_MATCHED
    record(erasure, "taken_up_again", actor, serial=erasure.serial)


def is_waiting(erasure: Erasure) -> bool:
    """Whether somebody is still to look at this evidence: its drive has not appeared, or it names none."""
    unread = erasure.status == ErasureStatus.REFUSED and erasure.drive_id is None and erasure.reason in NAMES_NONE
    return erasure.status == ErasureStatus.UNMATCHED or unread
