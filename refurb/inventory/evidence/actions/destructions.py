"""A drive is destroyed: one person says so, a second one confirms having seen it, the waste slip may follow later."""

from refurb.inventory.evidence.actions.drives import DriveDestroyed, leave_device
from refurb.inventory.evidence.actions.statements import AlreadyDecided, SecondPersonNeeded, person
from refurb.inventory.models.evidence import Destruction, Drive
from refurb.inventory.words.techniques import DestructionMethod
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal


class DestructionWaits(Conflict):
    """The drive was declared destroyed already, and waits for its witness."""

    code = "destruction.waits"


class OtherWitness(Refusal):
    """Another person was named as the witness."""

    code = "destruction.other_witness"


class NotDestroyed(Conflict):
    """The drive is not on record as destroyed: there is no slip to name."""

    code = "destruction.none"


def declare_destruction(
    actor: Actor,
    drive: Drive,
    *,
    method: DestructionMethod,
    note: str,
    slip: str | None = None,
    photo: bytes | None = None,
    witness_id: int | None = None,
) -> Destruction:
    """Say that a drive was destroyed, and how; it leaves its device, and counts as destroyed when a second person has confirmed it.

    `slip` is the waste slip (code de l'environnement R.541-45), which may be named later; `witness_id` the account that is to confirm.
    """
    by = person(actor, Permission.DEVICE_DISCARD)
    device = drive.stays[-1].device if drive.stays else None
    if device is not None:
        lock(device)
    lock(drive)
    if drive.destroyed_at is not None:
        raise DriveDestroyed(serial=drive.serial)
    if standing(drive) is not None:
        raise DestructionWaits(serial=drive.serial)
    if witness_id == by:
        raise SecondPersonNeeded
    leave_device(actor, drive)
    declared = Destruction(
        drive=drive,
        method=method,
        note=note,
        slip=slip or None,
        photo=files.keep(photo) if photo else None,
        declared_at=now(),
        declared_by=by,
        witness_id=witness_id,
    )
    db.session.add(declared)
    record(drive, "destruction_declared", actor, method=method, slip=slip or None, witness=witness_id)
    return declared


def confirm_destruction(actor: Actor, declared: Destruction) -> None:
    """Confirm, as the second person, having seen the drive destroyed."""
    by = person(actor, Permission.DEVICE_APPROVE)
    drive = _held(declared)
    if declared.declared_by == by:
        raise SecondPersonNeeded
    if declared.witness_id not in {None, by}:
        raise OtherWitness
    declared.confirmed_at, declared.confirmed_by = now(), by
    db.session.flush()  # Before what it proves: the wall behind it asks for the confirmation.
    drive.destroyed_at, drive.destruction_note, drive.destruction_slip = declared.declared_at, declared.note, declared.slip
    record(drive, "destruction_confirmed", actor)
    if drive.stays:
        record(drive.stays[-1].device, "drive_destroyed", actor, drive=drive.id, serial=drive.serial, slip=declared.slip)


def decline_destruction(actor: Actor, declared: Destruction, *, reason: str) -> None:
    """Say that the drive was not destroyed after all: it is in stock."""
    by = person(actor, Permission.DEVICE_APPROVE)
    drive = _held(declared)
    declared.declined_at, declared.declined_by = now(), by
    write_beside(record(drive, "destruction_declined", actor), {"reason": reason})


def name_slip(actor: Actor, drive: Drive, *, slip: str) -> None:
    """Name the waste slip of a destroyed drive, once the operator has given it, or correct it."""
    check(actor, Permission.DEVICE_DISCARD)
    lock(drive)
    declared = standing(drive)
    if declared is None and drive.destroyed_at is None:
        raise NotDestroyed
    if declared is not None:
        declared.slip = slip
    if drive.destroyed_at is not None:
        drive.destruction_slip = slip
    record(drive, "slip_named", actor, slip=slip)


def standing(drive: Drive) -> Destruction | None:
    """The destruction of a drive that stands: confirmed, or waiting for it."""
    return db.session.query(Destruction).filter(Destruction.drive_id == drive.id, Destruction.declined_at.is_(None)).first()


def _held(declared: Destruction) -> Drive:
    drive = declared.drive
    if drive.stays:
        lock(drive.stays[-1].device)
    lock(drive)
    lock(declared)
    if declared.confirmed_at is not None or declared.declined_at is not None:
        raise AlreadyDecided
    return drive
