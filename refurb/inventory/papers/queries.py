"""All that is on record about one donation, gathered in a few queries: what its papers say, and what its donor may see."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from refurb.accounts.queries import known_people
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Destruction, Drive, DriveStay, Erasure, ErasureStatement
from refurb.inventory.words.devices import SOLDERED, DeviceState
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db

IN_USE = frozenset({DeviceState.HANDED_OVER, DeviceState.IN_POOL})


@dataclass(frozen=True)
class DriveOnRecord:
    """A drive that came with the donation, the device it came in, and the proof that it was erased, if one counts."""

    drive: Drive
    device: Device
    proof: Erasure | None
    destruction: Destruction | None = None

    @property
    def done_at(self) -> datetime | None:
        """When nothing was left on it: erased with a proof that counts, or destroyed."""
        return self.drive.destroyed_at or (self.proof.ended_at if self.proof else None)


@dataclass(frozen=True)
class DonationRecord:
    """The donation with its devices, those refused on arrival apart, and the drives that came in them."""

    donation: Donation
    devices: tuple[Device, ...]
    refused: int
    drives: tuple[DriveOnRecord, ...]
    # What two people stated of the soldered memories, by device; and everybody who did something, by account: name and role.
    resets: dict[int, ErasureStatement] = field(default_factory=dict)
    people: dict[int, tuple[str, Role]] = field(default_factory=dict)

    @property
    def announced(self) -> int:
        """How many machines were announced."""
        return sum(line.announced for line in self.donation.lines)

    @property
    def counted(self) -> int:
        """How many machines were counted on arrival, those refused then included."""
        return sum(line.received or 0 for line in self.donation.lines)

    @property
    def accepted(self) -> int:
        """How many became ours; a machine entered without having been counted was received all the same."""
        return max(self.counted - self.refused, len(self.devices))

    @cached_property
    def done(self) -> tuple[DriveOnRecord, ...]:
        """The drives with nothing left on them, in the order of their devices."""
        return tuple(each for each in self.drives if each.done_at is not None)

    @property
    def erased(self) -> int:
        """How many drives were erased with a proof that counts, and still exist."""
        return sum(1 for each in self.done if each.drive.destroyed_at is None)

    @property
    def destroyed(self) -> int:
        """How many drives were destroyed, erased before or not."""
        return len(self.done) - self.erased

    @property
    def waiting(self) -> int:
        """How many drives are still to be erased or destroyed."""
        return len(self.drives) - len(self.done)

    @cached_property
    def without_drive(self) -> tuple[Device, ...]:
        """The devices in which somebody looked for a drive and found none."""
        return tuple(each for each in self._declared if each.kind not in SOLDERED)

    @cached_property
    def memory_reset(self) -> tuple[Device, ...]:
        """The devices whose soldered memory the workshop says that it reset."""
        return tuple(each for each in self._declared if each.kind in SOLDERED)

    @cached_property
    def _declared(self) -> tuple[Device, ...]:
        holding = {each.device.id for each in self.drives}
        return tuple(each for each in self.devices if each.without_drive_since is not None and each.id not in holding)

    @cached_property
    def states(self) -> Counter[DeviceState]:
        """How many of the devices stand where. One that left and whose slip is not signed yet counts as promised."""
        return Counter(DeviceState.RESERVED if device.unsigned_since else device.state for device in self.devices)

    def standing_in(self, states: Iterable[DeviceState]) -> int:
        """How many of the devices stand in any of these states."""
        return sum(self.states[state] for state in states)


def donation_record(donation: Donation) -> DonationRecord:
    """Gather it: devices, drives and proofs, in three queries beside those of the donation itself."""
    devices = db.session.scalars(select(Device).where(Device.donation_id == donation.id).order_by(Device.id)).all()
    refused = sum(1 for device in devices if device.state == DeviceState.REFUSED)
    # A machine that came back with this donation stands under the record of its first coming.
    remaining = {device.id: _remaining(device) for device in devices if device.state != DeviceState.REFUSED}
    kept = dict(sorted(remaining.items(), key=lambda each: each[1].id))
    found = [(drive, kept[device_id]) for drive, device_id in _drives_come_with(donation) if device_id in kept]
    proofs = _proofs(drive.id for drive, _device in found)
    destroyed = _destructions(drive.id for drive, _device in found)
    drives = [DriveOnRecord(drive, device, proofs.get(drive.id), destroyed.get(drive.id)) for drive, device in found]
    resets = _resets(each.id for each in kept.values() if each.kind in SOLDERED)
    order = {device.id: place for place, device in enumerate(kept.values())}
    return DonationRecord(
        donation,
        tuple({device.id: device for device in kept.values()}.values()),
        refused,
        tuple(sorted(drives, key=lambda each: (order[each.device.id], each.drive.id))),
        resets,
        _people(drives, resets),
    )


def _remaining(device: Device) -> Device:
    return device if device.merged_into_id is None else db.session.get_one(Device, device.merged_into_id)


def _drives_come_with(donation: Donation) -> list[tuple[Drive, int]]:
    """The drives that came with this donation, each with the device under which its machine was counted."""
    returned = db.session.execute(came_again(donation.id, Drive)).all()
    rows = db.session.execute(came_first(donation.id, Drive)).all()
    return list({drive.id: (drive, device_id) for drive, device_id in (*returned, *rows)}.values())


def came_first(donation_id: int, shown: Any) -> Select[Any]:
    """What is `shown` of the drives whose first stay here was in a device of this donation, and the id of that device.

    One that was put in later came from somebody else.
    """
    again = aliased(Device)
    # Once a machine has come again with somebody else's donation, what is found in it is of that one.
    came_later = select(again.id).where(
        again.merged_into_id == Device.id, again.donation_id != donation_id, again.moved_at < DriveStay.since
    )
    return (
        select(shown, DriveStay.device_id)
        .join(DriveStay, DriveStay.drive_id == Drive.id)
        .join(Device, Device.id == DriveStay.device_id)
        .where(Device.donation_id == donation_id, _first_seen(), ~came_later.exists())
    )


def came_again(donation_id: int, shown: Any) -> Select[Any]:
    """What is `shown` of the drives of machines that we knew and that came again with this donation, and the id each was counted under.

    Those inside when that was noticed, and those that were first seen in it afterwards.
    """
    again = aliased(Device)
    inside = and_(DriveStay.since <= again.moved_at, or_(DriveStay.until.is_(None), DriveStay.until >= again.moved_at))
    return (
        select(shown, again.id)
        .join(DriveStay, DriveStay.drive_id == Drive.id)
        .join(Device, Device.id == DriveStay.device_id)
        .join(again, again.merged_into_id == Device.id)
        .where(again.donation_id == donation_id, Device.donation_id != donation_id, or_(inside, _first_seen()))
    )


def _first_seen() -> ColumnElement[bool]:
    earlier = aliased(DriveStay)
    return ~select(earlier.id).where(earlier.drive_id == DriveStay.drive_id, earlier.id < DriveStay.id).exists()


def _proofs(drive_ids: Iterable[int]) -> dict[int, Erasure]:
    """For each drive the latest erasure that counts."""
    ids = list(drive_ids)
    if not ids:
        return {}
    found = db.session.scalars(
        select(Erasure)
        .join(Erasure.report)
        .options(contains_eager(Erasure.report), joinedload(Erasure.statement))
        .where(Erasure.drive_id.in_(ids), Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
        .order_by(Erasure.ended_at, Erasure.id)
    )
    return {each.drive_id: each for each in found if each.drive_id is not None}


def _destructions(drive_ids: Iterable[int]) -> dict[int, Destruction]:
    """For each drive the destruction that a second person has confirmed."""
    ids = list(drive_ids)
    found = (
        db.session.scalars(select(Destruction).where(Destruction.drive_id.in_(ids), Destruction.confirmed_at.is_not(None))) if ids else ()
    )
    return {each.drive_id: each for each in found}


def _resets(device_ids: Iterable[int]) -> dict[int, ErasureStatement]:
    """For each device the reset of its memory that a second person has confirmed."""
    ids = list(device_ids)
    if not ids:
        return {}
    found = db.session.scalars(
        select(ErasureStatement)
        .where(ErasureStatement.device_id.in_(ids), ErasureStatement.confirmed_at.is_not(None), ErasureStatement.voided_at.is_(None))
        .order_by(ErasureStatement.id)
    )
    return {each.device_id: each for each in found if each.device_id is not None}


def _people(drives: Iterable[DriveOnRecord], resets: dict[int, ErasureStatement]) -> dict[int, tuple[str, Role]]:
    ids: set[int | None] = {account for each in resets.values() for account in (each.entered_by, each.confirmed_by)}
    for each in drives:
        if each.destruction is not None:
            ids |= {each.destruction.declared_by, each.destruction.confirmed_by}
        if each.proof is not None:
            said = each.proof.statement
            ids |= {said.entered_by, said.confirmed_by} if said else {each.proof.report.actor_id}
    return known_people(ids)
