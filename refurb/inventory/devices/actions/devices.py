"""Enter a device, correct its facts, say that it holds no drive; and what its moves write besides."""

from typing import Any

from sqlalchemy import select, update

from refurb.directory.actions import CodeTaken, CodeUnknown, fresh_code, lead_to
from refurb.directory.models import Code
from refurb.directory.queries import code_row
from refurb.directory.sites.actions import move_to_site
from refurb.inventory.devices.actions.held import meet_release
from refurb.inventory.devices.queries.drives import drives_ever_in
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.actions.declared import meet_declared
from refurb.inventory.donations.queries.donations import line_of
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.models.evidence import DriveStay, Erasure, ErasureStatement
from refurb.inventory.readers.identity import is_placeholder
from refurb.inventory.readers.serials import spellings_of
from refurb.inventory.words.devices import HERE, SOLDERED, DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.pieces import LONGEST
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import read_code, spell
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, Refusal
from refurb.kernel.speech.folding import squeeze

# Where what a thing is can still be corrected: before it is declared ready.
STILL_SORTING = frozenset({DeviceState.RECEIVED, DeviceState.TO_ERASE, DeviceState.ERASING, DeviceState.TO_REFURBISH, DeviceState.TESTING})


class NotReceived(Refusal):
    """A device enters with a donation that has arrived."""

    code = "donation.not_received"


class SerialTaken(Conflict):
    """Another device of the same maker has this serial number: they are the same machine, or one of the two was misread."""

    code = "device.serial_taken"


class KindSettled(Refusal):
    """The kind decides which checks a device passes: it is not changed once they have been passed."""

    code = "device.kind_settled"


class HasDrives(Refusal):
    """Drives of this device are known: it cannot be said to have none."""

    code = "device.has_drives"


class MemoryIsSoldered(Refusal):
    """A tablet or a telephone has a memory that nobody takes out: it is stated as reset, never as absent."""

    code = "device.memory_is_soldered"


class NotDeclared(Conflict):
    """Nobody has said that this device holds no drive."""

    code = "device.no_drive_not_declared"


class NotHere(Conflict):
    """The device is not among what stands at our places as a device: it has left, or it is lent and moves with its item."""

    code = "device.not_here"


class PastTheGate(Conflict):
    """The device is declared ready, or out: its drives are not touched before it is back on the bench."""

    code = "device.past_the_gate"


def intake_device(actor: Actor, donation: Donation, kind: DeviceKind, *, code: str | None = None) -> Device:
    """Enter one more device of a donation that has arrived, and count it; with a new code, or the one of a label printed in advance."""
    check(actor, Permission.DEVICE_INTAKE)
    lock(donation)
    if donation.state not in {DonationState.RECEIVED, DonationState.SORTED}:
        raise NotReceived(reference=donation.reference)
    line = line_of(donation, kind)
    if line is None:
        line = DonationLine(donation_id=donation.id, kind=kind, announced=0, received=0)
        db.session.add(line)
    line.received = (line.received or 0) + 1
    return enter_device(actor, donation, kind, code=code)


def enter_device(actor: Actor, donation: Donation, kind: DeviceKind, *, code: str | None = None) -> Device:
    """Make a device's row and its history; the caller holds the donation and counts."""
    claimed = fresh_code() if code is None else _printed(code)
    at = now()
    device = Device(
        code=claimed.code,
        donation_id=donation.id,
        site_id=donation.site_id,
        kind=kind,
        received_at=at,
        moved_at=at,
        labelled_at=None if code is None else at,
    )
    device.search = words_of(device)
    device_machine.begin(device, actor, donation_id=donation.id, kind=kind, code=claimed.code)
    lead_to(claimed, device)
    return device


def _printed(typed: str) -> Code:
    code = code_row(read_code(typed))
    if code is None:
        raise CodeUnknown(code=spell(read_code(typed)))
    if code.subject_kind is not None:
        raise CodeTaken(code=spell(code.code))
    return code


def words_of(device: Any) -> str:
    """By which words a device is found: code, maker, model, serial number, each without blanks or signs."""
    return squeeze(device.code, device.manufacturer, device.model, device.serial)[:LONGEST]


def move_device(actor: Actor, device: Device, site_id: int) -> None:
    """Say that a device is at another place of ours; what is lent goes with its item, and what has left us is nowhere of ours."""
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    if device.state not in HERE:
        raise NotHere
    move_to_site(actor, device, site_id)


def correct_device(
    actor: Actor, device: Device, *, kind: DeviceKind, manufacturer: str | None, model: str | None, serial: str | None
) -> None:
    """Correct what is known of a device; a serial number that a factory left empty is none, and one of another device is refused."""
    check(actor, Permission.DEVICE_DIAGNOSE)
    if kind != device.kind:  # Its count is about to move; whoever counts holds the donation first.
        lock(device.donation)
    lock(device)
    facts = {"kind": kind, "manufacturer": manufacturer or None, "model": model or None, "serial": serial or None}
    if facts["serial"] and is_placeholder(facts["serial"]):
        raise Invalid({"serial": [Fault("device.serial_placeholder", serial=facts["serial"])]})
    changed = {name: [getattr(device, name), value] for name, value in facts.items() if getattr(device, name) != value}
    if not changed:
        return
    if "kind" in changed and device.state not in STILL_SORTING:
        raise KindSettled(state=device_machine.looks[device.state].word)
    if (kind in SOLDERED) != (device.kind in SOLDERED):  # What was declared of the one is not true of the other.
        device.without_drive_since = None
        _void_statements(device)
    if "kind" in changed:
        _count_as(device, kind)
    for name, value in facts.items():
        setattr(device, name, value)
    refuse_same_serial(device)
    meet_declared(device)
    meet_release(device)
    device.search = words_of(device)
    record(device, "corrected", actor, changed=changed)


def _count_as(device: Device, kind: DeviceKind) -> None:
    """Count a machine on the line of what it turned out to be: it was counted under another kind."""
    before, after = line_of(device.donation, device.kind), line_of(device.donation, kind)
    if before is None or not before.received:
        return
    if after is None:
        after = DonationLine(donation_id=device.donation_id, kind=kind, announced=0, received=0)
        db.session.add(after)
    before.received -= 1
    after.received = (after.received or 0) + 1


def refuse_same_serial(device: Device) -> None:
    """Refuse a serial number that another device of the same maker, or of a maker not known, has already."""
    if not device.serial:
        return
    with db.session.no_autoflush:
        others = db.session.execute(
            select(Device.code, Device.manufacturer).where(Device.serial.in_(spellings_of(device.serial)), Device.id != device.id)
        ).all()
    for other in others:
        if other.manufacturer == device.manufacturer or other.manufacturer is None or device.manufacturer is None:
            raise SerialTaken(serial=device.serial, code=spell(other.code))


def declare_without_drive(actor: Actor, device: Device) -> None:
    """Say that the device was opened and holds no drive; refused when drives of it are known.

    A tablet or a telephone always has a memory: it is stated as reset (`statements.state_memory_reset`), and confirmed by a second person.
    """
    check(actor, Permission.DEVICE_DIAGNOSE)
    lock(device)
    if device.kind in SOLDERED:
        raise MemoryIsSoldered
    known = len(drives_ever_in(device))
    if known:
        raise HasDrives(count=known)
    if device.without_drive_since is None:
        device.without_drive_since = now()
        record(device, "no_drive_declared", actor)


def withdraw_without_drive(actor: Actor, device: Device, *, reason: str) -> None:
    """Take back that the device holds no drive, because one was found after all; refused past the gate."""
    check(actor, Permission.DEVICE_DIAGNOSE)
    lock(device)
    if device.state not in STILL_SORTING:
        raise PastTheGate(code=spell(device.code))
    if device.without_drive_since is None:
        raise NotDeclared
    device.without_drive_since = None
    _void_statements(device)
    write_beside(record(device, "no_drive_withdrawn", actor), {"reason": reason})


@device_machine.does("come_back")
def void_on_return(device: Device, _actor: Actor, facts: dict[str, Any]) -> None:
    """What was proven and tested before it left no longer counts: it is wiped and tested again. Nobody signs for it any more."""
    device.unsigned_since = None
    _void_proofs(device, facts)


@device_machine.does("leave_pool")
def void_on_leaving_pool(device: Device, _actor: Actor, facts: dict[str, Any]) -> None:
    """Borrowers have written on its drives: it is wiped and tested again."""
    _void_proofs(device, facts)


@device_machine.does("find")
def void_on_finding(device: Device, _actor: Actor, facts: dict[str, Any]) -> None:
    """Nobody knows who held it meanwhile: it is wiped and tested again."""
    _void_proofs(device, facts)


@device_machine.does("back_to_bench")
def void_checks_of_ready(device: Device, _actor: Actor, facts: dict[str, Any]) -> None:
    """A ready device that goes back is tested anew; one that fails half-way keeps the answers that were right."""
    if device.state == DeviceState.READY:
        facts["checks_voided"] = _void_checks(device)


def _void_proofs(device: Device, facts: dict[str, Any]) -> None:
    inside = select(DriveStay.drive_id).where(DriveStay.device_id == device.id, DriveStay.until.is_(None))
    erasures: Any = db.session.execute(
        update(Erasure)
        .where(Erasure.drive_id.in_(inside), Erasure.voided_at.is_(None))
        .values(voided_at=now())
        .execution_options(synchronize_session="fetch")
    )
    _void_statements(device)
    facts["erasures_voided"] = int(erasures.rowcount)
    facts["checks_voided"] = _void_checks(device)
    # Somebody may have put a drive in since: that there is none is to be said again.
    device.without_drive_since = None


def _void_statements(device: Device) -> None:
    """What was stated of the memory of the device as a whole no longer counts, nor waits for a second person."""
    db.session.execute(
        update(ErasureStatement)
        .where(ErasureStatement.device_id == device.id, ErasureStatement.voided_at.is_(None))
        .values(voided_at=now())
        .execution_options(synchronize_session="fetch")
    )


def _void_checks(device: Device) -> int:
    done: Any = db.session.execute(
        update(CheckResult)
        .where(CheckResult.device_id == device.id, CheckResult.voided_at.is_(None))
        .values(voided_at=now())
        .execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount)
