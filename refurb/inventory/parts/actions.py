"""Enter spare parts, fit them, take them back, take them out of a machine, count them again."""

from typing import Any

from flask import current_app

from refurb.directory.actions import CodeTaken, CodeUnknown, fresh_code, lead_to
from refurb.directory.models import Code
from refurb.directory.queries import code_row, home
from refurb.inventory.checks.actions.reopen import reopen_checks
from refurb.inventory.devices.actions.flags import lift_flag
from refurb.inventory.devices.queries.devices import gate_of
from refurb.inventory.evidence.actions.drives import refuse_off_bench
from refurb.inventory.labels.formats import LabelFormat
from refurb.inventory.labels.printing import Label, printed
from refurb.inventory.models.devices import Device
from refurb.inventory.parts.models import Part, PartMove
from refurb.inventory.parts.queries import cost_when_fitted, fitted_count
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.inventory.words.parts import PART_KINDS, PartDeed, PartKind, PartOrigin
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import address, read_code, spell
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, Refusal


class NotEnough(Conflict):
    """Fewer pieces are in stock than were asked for; somebody may have been faster."""

    code = "part.not_enough"


class NotFittedHere(Conflict):
    """Fewer pieces of this part are in the device than were to be taken back."""

    code = "part.not_fitted_here"


class OnePiece(Refusal):
    """A labelled piece is one: it is not counted."""

    code = "part.one_piece"
    status = 422


def enter_part(
    actor: Actor, *, kind: PartKind, name: str, origin: PartOrigin, is_lot: bool = False, quantity: int = 1, code: str | None = None,
    **facts: Any,
) -> Part:  # fmt: skip
    """Enter a labelled piece, or a counted lot, that was bought or donated; with a new code, or the one of a label printed in advance.

    `facts`: `cost_cents` per piece, `supplier`, `invoice`, `funder`, `fits`, `place`, `low_at`. What is taken out of a machine enters by
    `take_out_part`, which knows the machine.
    """
    check(actor, Permission.PART_WRITE)
    if origin is PartOrigin.HARVESTED:
        raise Invalid({"origin": [Fault("part.taken_from_which")]})
    return _enter(actor, code, kind=kind, name=name, origin=origin, is_lot=is_lot, quantity=quantity if is_lot else 1, **facts)


def fit_part(actor: Actor, part: Part, device: Device, quantity: int = 1) -> int:
    """Fit pieces of a part into a device on the bench; returns how many answered checks that re-opens.

    What it cost stays with the device as it was then. A « missing part » flag that is raised is lifted: this is what it waited for.
    """
    check(actor, Permission.PART_WRITE)
    _hold(device, part)
    refuse_off_bench(device)
    if not 1 <= quantity <= part.quantity:
        raise NotEnough(part=PART_KINDS[part.kind], code=spell(part.code), left=part.quantity)
    _move(actor, part, PartDeed.FITTED, -quantity, device)
    record(device, "part_fitted", actor, part=part.kind, part_id=part.id, code=part.code, quantity=quantity)
    if FlagKind.MISSING_PART in gate_of(device).flags:
        lift_flag(actor, device, FlagKind.MISSING_PART)
    return reopen_checks(actor, device, part.kind)


def take_back_part(actor: Actor, part: Part, device: Device, quantity: int = 1) -> int:
    """Take pieces that were fitted out of a device, back to the stock; returns how many answered checks that re-opens."""
    check(actor, Permission.PART_WRITE)
    _hold(device, part)
    refuse_unless_open(device)
    inside = fitted_count(part, device)
    if not 1 <= quantity <= inside:
        raise NotFittedHere(part=PART_KINDS[part.kind], code=spell(part.code), inside=inside)
    _move(actor, part, PartDeed.TAKEN_BACK, quantity, device, cents=cost_when_fitted(part, device))
    record(device, "part_taken_back", actor, part=part.kind, part_id=part.id, code=part.code, quantity=quantity)
    return reopen_checks(actor, device, part.kind)


def take_out_part(
    actor: Actor, device: Device, *, kind: PartKind, name: str | None = None, keep: bool = True, code: str | None = None, **facts: Any
) -> Part | None:
    """Take a piece that came with a device out of it: kept as a part of the stock, or thrown away (then None).

    From a device on the bench, whose checks it re-opens, or from one that is kept for parts. Drives are not parts: those that the device
    ever held count for it as before.
    """
    check(actor, Permission.PART_WRITE)
    lock(device)
    refuse_unless_open(device)
    if not keep:
        record(device, "part_thrown_away", actor, part=kind)
        reopen_checks(actor, device, kind)
        return None
    called = name or " ".join(filter(None, (str(PART_KINDS[kind]), device.name)))
    part = _enter(actor, code, kind=kind, name=called[:160], origin=PartOrigin.HARVESTED, source_device_id=device.id, **facts)
    record(device, "part_taken_out", actor, part=kind, part_id=part.id, code=part.code)
    reopen_checks(actor, device, kind)
    return part


def count_part(actor: Actor, part: Part, *, quantity: int, reason: str) -> int:
    """Say how many are really there, and why that differs; returns the difference. The reason stays beside the history."""
    check(actor, Permission.PART_WRITE)
    lock(part)
    if not part.is_lot and quantity > 1:
        raise OnePiece
    difference = quantity - part.quantity
    if difference:
        _move(actor, part, PartDeed.COUNTED, difference, None, reason=reason)
    return difference


def change_part(actor: Actor, part: Part, **facts: Any) -> None:
    """Correct what is known of a part, its stock apart: name, what it fits, place, threshold, cost, supplier, invoice, funder."""
    check(actor, Permission.PART_WRITE)
    lock(part)
    changed = [name for name, value in facts.items() if getattr(part, name) != (value if value != "" else None)]
    for name in changed:
        setattr(part, name, facts[name] if facts[name] != "" else None)
    if changed:
        part.search = _words(part)
        record(part, "corrected", actor, changed=changed)


def refuse_unless_open(device: Device) -> None:
    """Refuse to open a device that is neither on the bench nor kept for parts; the caller holds its lock."""
    if device.state is not DeviceState.PARTS:
        refuse_off_bench(device)


def _hold(device: Device, part: Part) -> None:
    # Always in this order, so that two benches never wait for each other.
    lock(device)
    lock(part)


def _enter(actor: Actor, typed: str | None, *, quantity: int = 1, is_lot: bool = False, **facts: Any) -> Part:
    claimed = fresh_code() if not typed else _printed(typed)
    told = {name: value if value != "" else None for name, value in facts.items()}
    part = Part(code=claimed.code, is_lot=is_lot, quantity=quantity, entered_at=now(), **told)
    part.search = _words(part)
    db.session.add(part)
    db.session.flush()
    lead_to(claimed, part)
    record(part, "entered", actor, part=part.kind, quantity=quantity, origin=part.origin, source=part.source_device_id)
    db.session.add(_row(actor, part, PartDeed.ENTERED, quantity, None, part.cost_cents))
    return part


def _move(
    actor: Actor, part: Part, deed: PartDeed, delta: int, device: Device | None, *, reason: str | None = None, cents: int | None = None
) -> None:
    part.quantity += delta
    db.session.add(_row(actor, part, deed, delta, device, part.cost_cents if cents is None else cents))
    happened = record(part, deed.value, actor, delta=delta, device=device.code if device else None)
    if reason:
        write_beside(happened, {"reason": reason})


def _row(actor: Actor, part: Part, deed: PartDeed, delta: int, device: Device | None, cents: int | None) -> PartMove:
    return PartMove(
        part_id=part.id,
        device_id=device.id if device else None,
        deed=deed,
        delta=delta,
        unit_cents=cents,
        at=now(),
        actor_id=actor.id,
    )


def _words(part: Part) -> str:
    return fold(part.code, spell(part.code), str(PART_KINDS[part.kind]), part.name, part.fits, part.place, part.supplier, part.funder)[:800]


def _printed(typed: str) -> Code:
    code = code_row(read_code(typed))
    if code is None:
        raise CodeUnknown(code=spell(read_code(typed)))
    if code.subject_kind is not None:
        raise CodeTaken(code=spell(code.code))
    return code


def draw_part_label(part: Part, made: LabelFormat, first_cell: int = 0) -> bytes:
    """The PDF of the label of a part, or of the box of a lot: what it is, what it fits, where it is kept."""
    facts = tuple(fact[:40] for fact in (part.fits, part.place) if fact)
    label = Label(part.code, address(part.code, current_app.config["BASE_URL"]), part.name, facts, home().name, str(PART_KINDS[part.kind]))
    return printed([label], made, first_cell)
