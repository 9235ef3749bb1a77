"""Leaving as waste: a batch is opened, filled, taken away, and certified."""

from typing import Any

from sqlalchemy import select

from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive
from refurb.inventory.readers.serials import kept_drive_serial
from refurb.inventory.waste.models import WasteBatch, WasteLine
from refurb.inventory.waste.queries import recycler_named
from refurb.inventory.waste.states import waste_machine
from refurb.inventory.waste.words import WasteState
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, record
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound, Refusal

MOST_CERTIFICATE_BYTES = 10 * 2**20
_CERTIFICATES = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n")


class BatchFrozen(Conflict):
    """The batch has left: what it held is history."""

    code = "waste.frozen"


class NotDiscarded(Refusal):
    """The device is not on record as waste."""

    code = "waste.not_discarded"


class WasRefused(Refusal):
    """The device was refused on arrival: it was never collected, so it cannot leave as our waste (code de l'environnement L.541-1-1)."""

    code = "waste.was_refused"


class DriveNotDestroyed(Refusal):
    """The drive is not on record as destroyed."""

    code = "waste.drive_not_destroyed"


class LeftAlready(Conflict):
    """The thing is in a batch already; a thing leaves once."""

    code = "waste.left_already"


class NothingScanned(Refusal):
    """What was scanned is no label of a device, nor the serial number of a drive."""

    code = "waste.unknown_scan"


class InABatch(Refusal):
    """The device is in a batch of waste: it is not taken up again from there."""

    code = "waste.in_a_batch"


class LeftWithASlip(Refusal):
    """The device was discarded with the slip of an operator: it is not here any more."""

    code = "waste.left_with_a_slip"


def open_batch(actor: Actor, **facts: Any) -> WasteBatch:
    """Open a batch on the dock, for one operator and one code of the nomenclature."""
    check(actor, Permission.DEVICE_DISCARD)
    batch = WasteBatch(reference=next_reference("DE"), opened_at=now(), **_said(facts))
    db.session.add(batch)
    db.session.flush()
    record(batch, "created", actor, waste_code=batch.waste_code)
    return batch


def change_batch(actor: Actor, batch: WasteBatch, **facts: Any) -> None:
    """Correct for whom an open batch is, or of what."""
    check(actor, Permission.DEVICE_DISCARD)
    _hold(batch)
    for name, value in _said(facts).items():
        setattr(batch, name, value)
    record(batch, "corrected", actor)


def scan_into(actor: Actor, batch: WasteBatch, scan: str) -> WasteLine:
    """Put one thing into an open batch by what is read on it: the label of a discarded device, or the serial of a destroyed drive."""
    check(actor, Permission.DEVICE_DISCARD)
    _hold(batch)
    code = find_code(scan)
    if code is not None:
        try:
            return _add_device(actor, batch, device_by_code(actor, code))
        except NotFound:
            pass
    drive = db.session.scalar(select(Drive).where(Drive.serial == kept_drive_serial(scan)))
    if drive is None:
        raise NothingScanned(scan=scan[:120])
    return _add_drive(actor, batch, drive)


def add_loose(actor: Actor, batch: WasteBatch, *, what: str, count: int) -> WasteLine:
    """Put so many of something that was never inventoried into an open batch."""
    check(actor, Permission.DEVICE_DISCARD)
    _hold(batch)
    line = _add(batch, what=what, count=count)
    record(batch, "loose_added", actor, count=count)
    return line


def take_out_line(actor: Actor, batch: WasteBatch, line_id: int) -> None:
    """Take one line out of an open batch."""
    check(actor, Permission.DEVICE_DISCARD)
    _hold(batch)
    line = next((each for each in batch.lines if each.id == line_id), None)
    if line is None:
        raise NotFound
    record(batch, "line_taken_out", actor, device=line.device_id, drive=line.drive_id, count=line.count)
    batch.lines.remove(line)
    db.session.flush()


def keep_certificate(actor: Actor, batch: WasteBatch, content: bytes, filename: str) -> None:
    """Keep the operator's certificate with a batch that has left; a second one takes the place of the first until it is certified."""
    check(actor, Permission.DEVICE_DISCARD)
    lock(batch)
    if batch.state != WasteState.COLLECTED:
        raise BatchFrozen(reference=batch.reference)
    if len(content) > MOST_CERTIFICATE_BYTES or not content.startswith(_CERTIFICATES):
        raise Invalid({"file": [Fault("waste.not_a_certificate")]})
    batch.certificate, batch.certificate_name = files.keep(content), filename[:200]
    record(batch, "certificate_kept", actor, file=batch.certificate)


@device_machine.does("take_up_again")
def stay_in_the_batch(device: Device, _actor: Actor, _facts: dict[str, Any]) -> None:
    """What is in a batch is waste: whoever wants it back takes it out of the batch first, while that is open."""
    where = db.session.scalar(select(WasteBatch.reference).join(WasteBatch.lines).where(WasteLine.device_id == device.id))
    if where is not None:
        raise InABatch(code=spell(device.code), reference=where)
    discarded = next((each for each in events_of(device) if each.move == "discard"), None)
    if device.state == DeviceState.WASTE and discarded is not None and discarded.facts.get("slip"):
        raise LeftWithASlip(code=spell(device.code), slip=discarded.facts["slip"])


@waste_machine.does("collect")
def note_collection(batch: WasteBatch, _actor: Actor, facts: dict[str, Any]) -> None:
    """Write what the operator's paper says; from here on the batch is frozen."""
    batch.collected_on, batch.weight_g = facts["collected_on"], facts["weight"]
    batch.slip_type, batch.slip_number = facts["slip_type"], facts["slip_number"]
    batch.carrier = facts.get("carrier") or None


@waste_machine.does("certify")
def note_treatment(batch: WasteBatch, _actor: Actor, facts: dict[str, Any]) -> None:
    """Write what became of it."""
    batch.treatment = (facts.get("treatment") or "").upper() or None


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    """What was told; an operator that the directory knows is told whole, where its number and address were left empty."""
    known = recycler_named(facts["operator"]) if facts.get("operator") else None
    told = {"operator_siret": known.siret, "operator_address": known.postal_address} if known else {}
    return told | {name: value or told.get(name) or None for name, value in facts.items()}


def _hold(batch: WasteBatch) -> None:
    lock(batch)
    if batch.state != WasteState.OPEN:
        raise BatchFrozen(reference=batch.reference)


def _add_device(actor: Actor, batch: WasteBatch, device: Device) -> WasteLine:
    lock(device)
    if device.state == DeviceState.REFUSED:
        raise WasRefused(code=spell(device.code))
    if device.state != DeviceState.WASTE:
        raise NotDiscarded(code=spell(device.code))
    _refuse_twice(WasteLine.device_id, device.id, spell(device.code))
    line = _add(batch, device_id=device.id)
    record(device, "left_as_waste", actor, batch=batch.reference)
    return line


def _add_drive(actor: Actor, batch: WasteBatch, drive: Drive) -> WasteLine:
    lock(drive)
    if drive.destroyed_at is None:
        raise DriveNotDestroyed(serial=drive.serial)
    _refuse_twice(WasteLine.drive_id, drive.id, drive.serial or "")
    line = _add(batch, drive_id=drive.id)
    record(drive, "left_as_waste", actor, batch=batch.reference)
    return line


def _refuse_twice(column: Any, subject: int, mark: str) -> None:
    where = db.session.scalar(select(WasteBatch.reference).join(WasteBatch.lines).where(column == subject))
    if where is not None:
        raise LeftAlready(mark=mark, reference=where)


def _add(batch: WasteBatch, **facts: Any) -> WasteLine:
    line = WasteLine(batch=batch, **facts)
    db.session.add(line)
    db.session.flush()
    return line
