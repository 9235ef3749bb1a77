"""Join two records of one machine, or tell them apart; one remains, and the other's code, drives, reports and flags become its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from refurb.directory.actions import lead_to
from refurb.directory.models import Code
from refurb.inventory.bench.models import Holding
from refurb.inventory.devices.actions.devices import words_of
from refurb.inventory.devices.gate import read_gate
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.donations.queries.donations import line_of
from refurb.inventory.duplicates.models import ToldApart
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import DriveStay, ErasureStatement, HardwareReport
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.parts.models import Part, PartMove
from refurb.inventory.readers.serials import plain_serial
from refurb.inventory.words.devices import MERGEABLE, DeviceState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Conflict, Refusal

S = DeviceState

# How a record that we know comes back to the workshop when its machine is met there.
WAYS_BACK = {S.HANDED_OVER: "come_back", S.LOST: "find"}
# Facts of the machine that the remaining record takes where it has none.
_FACTS = ("manufacturer", "model", "serial", "uuid", "cpu", "ram_mb", "gpu")
# Rows that only change whose they are: (table, the column that says it).
_FOLLOW: tuple[tuple[Any, str], ...] = (
    (Part, "source_device_id"),
    (PartMove, "device_id"),
    (DeclaredItem, "device_id"),
    (Release, "device_id"),
)


class SameRecord(Refusal):
    """A record is joined to another one."""

    code = "merge.same_record"


class CannotRemain(Conflict):
    """The record that should remain stands where nothing can be added to it: promised, lent, taken apart, gone."""

    code = "merge.cannot_remain"


class TwoMachines(Conflict):
    """Their makers or serial numbers differ: they are two machines, or one of the two was misread and is to be corrected first."""

    code = "merge.two_machines"


class KindsDiffer(Conflict):
    """One record says laptop, the other desktop: the checks that were made depend on it."""

    code = "merge.kinds_differ"


def merge_devices(actor: Actor, duplicate: Device, survivor: Device, *, reason: str) -> None:
    """Join the record of a machine to another record of the same machine, which remains.

    A machine that was handed over or lost, and is met again, comes back first: its erasures and checks are void by that. What was proven
    and checked under the other record counts no more than before; what was refused, raised or left unproven there, counts on.
    """
    check(actor, Permission.DEVICE_MERGE)
    if duplicate.id == survivor.id:
        raise SameRecord
    # Whoever enters machines holds the donation first, then the machines; its lines are about to be counted down.
    for donation in sorted({duplicate.donation, survivor.donation}, key=lambda each: each.id):
        lock(donation)
    for device in sorted((duplicate, survivor), key=lambda each: each.id):
        lock(device)
    if survivor.state in WAYS_BACK:
        told = {"reason": reason} if WAYS_BACK[survivor.state] == "come_back" else {}
        device_machine.fire(survivor, WAYS_BACK[survivor.state], actor, **told)
    device_machine.fire(duplicate, "merge", actor, into=survivor.id, reason=reason)


def tell_apart(actor: Actor, one: Device, other: Device) -> None:
    """Say that two devices that look alike are two machines."""
    check(actor, Permission.DEVICE_MERGE)
    lower, higher = sorted((one, other), key=lambda each: each.id)
    if lower.id == higher.id:
        raise SameRecord
    if db.session.get(ToldApart, (lower.id, higher.id)) is None:
        db.session.add(ToldApart(lower_id=lower.id, higher_id=higher.id, at=now(), actor_id=actor.id))
        record(lower, "told_apart", actor, other=higher.id)


@device_machine.does("merge")
def absorb(duplicate: Device, actor: Actor, facts: dict[str, Any]) -> None:
    """Everything that the duplicate held becomes the survivor's; the caller holds both locks."""
    survivor = db.session.get(Device, facts["into"])
    if survivor is None or survivor.id == duplicate.id:
        raise SameRecord
    lock(survivor)
    _refuse_two(duplicate, survivor)
    if survivor.state == S.READY and _closes_the_gate(duplicate):
        device_machine.fire(survivor, "back_to_bench", actor, reason=facts["reason"])
    drives = _move_drives(duplicate, survivor)
    _move_evidence(duplicate, survivor)
    counted = _count_once(duplicate, survivor)
    facts |= {"code": duplicate.code, "drives": drives, "serial": duplicate.serial, "uuid": duplicate.uuid, "counted": counted}
    taken = _take_facts(duplicate, survivor)
    _lead_all_codes(duplicate, survivor)
    record(survivor, "absorbed", actor, device=duplicate.id, code=duplicate.code, drives=drives, taken=taken)
    duplicate.search = words_of(duplicate)
    # Together with the state, which the machine sets next: one is not true without the other.
    duplicate.merged_into_id = survivor.id


def _refuse_two(duplicate: Device, survivor: Device) -> None:
    if survivor.state not in MERGEABLE:
        raise CannotRemain(code=spell(survivor.code), state=device_machine.looks[survivor.state].word)
    if duplicate.kind != survivor.kind:
        raise KindsDiffer(code=spell(survivor.code))
    if duplicate.serial and survivor.serial and plain_serial(duplicate.serial) != plain_serial(survivor.serial):
        raise TwoMachines(one=duplicate.serial, other=survivor.serial)
    if duplicate.manufacturer and survivor.manufacturer and fold(duplicate.manufacturer) != fold(survivor.manufacturer):
        raise TwoMachines(one=duplicate.manufacturer, other=survivor.manufacturer)


def _closes_the_gate(duplicate: Device) -> bool:
    gate = read_gate(duplicate.id)
    return bool(gate.unproven or gate.flags or not all(gate.answers.values()))


def _move_drives(duplicate: Device, survivor: Device) -> list[int]:
    """Whatever was ever in the one was in the other: its stays are written again there, and end here."""
    stays: Sequence[DriveStay] = db.session.scalars(
        select(DriveStay).where(DriveStay.device_id == duplicate.id).order_by(DriveStay.id)
    ).all()
    inside = [stay for stay in stays if stay.until is None]
    for stay in inside:
        stay.until = now()
    db.session.flush()  # A drive is in one device at a time: it leaves before it enters.
    for stay in stays:
        until = None if stay in inside else stay.until
        db.session.add(DriveStay(drive_id=stay.drive_id, device_id=survivor.id, since=stay.since, until=until))
    if stays:
        survivor.without_drive_since = None
    db.session.flush()
    return sorted({stay.drive_id for stay in stays})


def _move_evidence(duplicate: Device, survivor: Device) -> None:
    """Reports, answers, flags, addresses and parts; what the survivor has already stays behind."""
    known = set(db.session.scalars(select(HardwareReport.file).where(HardwareReport.device_id == survivor.id)))
    _hand_on(HardwareReport, duplicate, survivor, HardwareReport.file.not_in(known))
    known = set(db.session.scalars(select(DeviceMac.mac).where(DeviceMac.device_id == survivor.id)))
    _hand_on(DeviceMac, duplicate, survivor, DeviceMac.mac.not_in(known))
    raised = set(db.session.scalars(select(Flag.kind).where(Flag.device_id == survivor.id, Flag.lifted_at.is_(None))))
    _hand_on(Flag, duplicate, survivor, Flag.lifted_at.is_not(None) | Flag.kind.not_in(raised))
    left = update(Flag).where(Flag.device_id == duplicate.id, Flag.lifted_at.is_(None))  # The survivor has the same one.
    _change(left, lifted_at=now())
    # A machine is not checked by half under two names: what passed there is asked again, what failed there still counts.
    _change(
        update(CheckResult).where(CheckResult.device_id == duplicate.id, CheckResult.passed, CheckResult.voided_at.is_(None)),
        voided_at=now(),
    )
    _hand_on(CheckResult, duplicate, survivor)
    _change(
        update(ErasureStatement).where(ErasureStatement.device_id == duplicate.id, ErasureStatement.voided_at.is_(None)), voided_at=now()
    )
    _hand_on(ErasureStatement, duplicate, survivor)
    _change(update(Holding).where(Holding.device_id == duplicate.id, Holding.until.is_(None)), until=now())
    for table, column in _FOLLOW:
        _change(update(table).where(getattr(table, column) == duplicate.id), **{column: survivor.id})


def _hand_on(table: Any, duplicate: Device, survivor: Device, *conditions: Any) -> None:
    _change(update(table).where(table.device_id == duplicate.id, *conditions), device_id=survivor.id)


def _change(statement: Any, **values: Any) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session="fetch"))


def _count_once(duplicate: Device, survivor: Device) -> bool:
    """A machine that came once was counted twice; one that came with two donations was rightly counted with each."""
    if duplicate.donation_id != survivor.donation_id:
        return False
    line = line_of(db.session.get_one(Donation, duplicate.donation_id), duplicate.kind)
    if line is None:
        return False
    lock(line)
    if not line.received:
        return False
    line.received -= 1
    return True


def _take_facts(duplicate: Device, survivor: Device) -> list[str]:
    """Give the survivor what it does not know; a serial is one record's at a time."""
    said = {name: getattr(duplicate, name) for name in _FACTS}
    duplicate.serial = duplicate.uuid = None
    db.session.flush()
    taken = [name for name, value in said.items() if value is not None and getattr(survivor, name) is None]
    for name in taken:
        setattr(survivor, name, said[name])
    if duplicate.labelled_at is not None and survivor.labelled_at is None:
        survivor.labelled_at = duplicate.labelled_at  # Its label is on the machine, and leads here.
    survivor.search = words_of(survivor)
    return taken


def _lead_all_codes(duplicate: Device, survivor: Device) -> None:
    """The labels of the duplicate, and of those that were joined to it before, lead to the survivor."""
    for code in db.session.scalars(select(Code).where(Code.subject_kind == Device.KIND, Code.subject_id == duplicate.id)):
        lead_to(code, survivor, instead_of=duplicate)
    _change(update(Device).where(Device.merged_into_id == duplicate.id), merged_into_id=survivor.id)
