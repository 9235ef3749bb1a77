"""All that is on record about one donation, gathered in a few queries: what its papers say, and what its donor may see."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from refurb.accounts.queries import known_people
from refurb.inventory.donations.counts import Arrival
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Destruction, Drive, DriveStay, Erasure, ErasureStatement, HardwareReport
from refurb.inventory.words.devices import SOLDERED, WITHOUT_DATA, DeviceKind, DeviceState
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db

IN_USE = frozenset({DeviceState.HANDED_OVER, DeviceState.IN_POOL})
# Where a machine is out of the workshop's hands, or given up: nothing can be promised of what is still in it.
OUT_OF_REACH = IN_USE | {DeviceState.LOST, DeviceState.WASTE}


@dataclass(frozen=True)
class DriveOnRecord:
    """A drive that came with the donation, the device it came in, and the proof that it was erased, if one counts."""

    drive: Drive
    device: Device
    proof: Erasure | None
    destruction: Destruction | None = None
    # The state of the machine it is in now; none for one that lies in stock.
    inside: DeviceState | None = None

    @property
    def done_at(self) -> datetime | None:
        """When nothing was left on it: erased with a proof that counts, or destroyed."""
        return self.drive.destroyed_at or (self.proof.ended_at if self.proof else None)

    @property
    def is_dated_by_arrival(self) -> bool:
        """Whether `done_at` is only the latest it can have been: the clock was wrong, and the log came to us then."""
        return self.drive.destroyed_at is None and self.proof is not None and self.proof.clock is not None


@dataclass(frozen=True)
class DonationRecord:
    """The donation with its devices but those refused on arrival, the drives that came in them, and what is not known of the others.

    What nobody has looked into is not known: `unread` are the devices of which no drive was read, and of which nobody said that they have
    none; `unentered` machines were counted and have no record yet. Of kinds that hold no data, none is either.
    """

    donation: Donation
    devices: tuple[Device, ...]
    arrival: Arrival
    drives: tuple[DriveOnRecord, ...]
    unread: tuple[Device, ...] = ()
    unentered: int = 0
    # What two people stated of the soldered memories, by device; and everybody who did something, by account: name and role.
    resets: dict[int, ErasureStatement] = field(default_factory=dict)
    people: dict[int, tuple[str, Role]] = field(default_factory=dict)

    @property
    def announced(self) -> int:
        """How many machines were announced."""
        return self.arrival.announced

    @property
    def refused(self) -> int:
        """How many came and were not taken."""
        return self.arrival.refused

    @property
    def accepted(self) -> int:
        """How many became ours."""
        return self.arrival.received

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

    @cached_property
    def waiting(self) -> int:
        """How many drives within reach are still to be erased or destroyed."""
        return sum(1 for each in self.drives if each.done_at is None and each.inside not in OUT_OF_REACH)

    @cached_property
    def unexamined(self) -> int:
        """How many machines within reach nobody has looked into: what they hold is in no count of drives."""
        return self.unentered + sum(1 for each in self.unread if each.state not in OUT_OF_REACH)

    @cached_property
    def unproven_outside(self) -> int:
        """How many machines are lost, scrapped or out, and nothing proves that they left without data."""
        drives = {each.device.id for each in self.drives if each.done_at is None and each.inside in OUT_OF_REACH}
        return len(drives | {each.id for each in self.unread if each.state in OUT_OF_REACH})

    @property
    def is_all_done(self) -> bool:
        """Whether every drive of every machine is on record, and has nothing left on it."""
        return bool(self.drives) and not (self.waiting or self.unexamined or self.unproven_outside)

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
    # A machine that came back with this donation stands under the record of its first coming.
    remaining = {device.id: _remaining(device) for device in devices if device.state != DeviceState.REFUSED}
    remaining = {number: each for number, each in remaining.items() if not _went_back(each, donation)}
    kept = dict(sorted(remaining.items(), key=lambda each: each[1].id))
    found = [(drive, kept[device_id]) for drive, device_id in _drives_come_with(donation) if device_id in kept]
    proofs = _proofs(drive.id for drive, _device in found)
    destroyed = _destructions(drive.id for drive, _device in found)
    inside = _inside(drive.id for drive, _device in found)
    drives = [DriveOnRecord(drive, device, proofs.get(drive.id), destroyed.get(drive.id), inside.get(drive.id)) for drive, device in found]
    resets = _resets(each.id for each in kept.values() if each.kind in SOLDERED)
    order = {device.id: place for place, device in enumerate(kept.values())}
    ours, arrival = tuple({device.id: device for device in kept.values()}.values()), arrival_of(donation)
    return DonationRecord(
        donation,
        ours,
        arrival,
        tuple(sorted(drives, key=lambda each: (order[each.device.id], each.drive.id))),
        _unread(donation, ours, {device.id for _drive, device in found}),
        unentered(arrival, Counter(device.kind for device in kept_once(devices))),
        resets,
        _people(drives, resets),
    )


def kept_once(devices: Iterable[Device]) -> list[Device]:
    """The devices that were entered for one machine each, those refused apart: of two records of one machine that came once, one counts."""
    own = {each.id for each in devices}
    return [each for each in devices if each.state != DeviceState.REFUSED and each.merged_into_id not in own]


def unentered(arrival: Arrival, entered: Mapping[DeviceKind, int]) -> int:
    """How many machines that can hold data were counted and have no record yet."""
    left = sum(max(0, (line.received or 0) - entered.get(kind, 0)) for kind, line in arrival.kinds if kind not in WITHOUT_DATA)
    # Where a kind was corrected on one side only, no more are missing than there are in all.
    return max(0, min(left, arrival.received - sum(entered.values())))


def _unread(donation: Donation, devices: Iterable[Device], holding: set[int]) -> tuple[Device, ...]:
    """The devices that nobody has looked into; one that came again holds what was found in it since."""
    open_questions = [
        each for each in devices if each.id not in holding and each.without_drive_since is None and each.kind not in WITHOUT_DATA
    ]
    ids = [each.id for each in open_questions if each.donation_id == donation.id]
    # A tool that saw a drive from elsewhere in it has read what it holds; one that was put in by hand tells nothing of its own.
    reports = select(HardwareReport.id).where(HardwareReport.device_id == DriveStay.device_id).exists()
    read = set(db.session.scalars(select(DriveStay.device_id).where(DriveStay.device_id.in_(ids), reports))) if ids else set()
    return tuple(each for each in open_questions if each.id not in read)


def _inside(drive_ids: Iterable[int]) -> dict[int, DeviceState]:
    """For each drive that is in a machine, where that machine stands."""
    ids = list(drive_ids)
    if not ids:
        return {}
    query = select(DriveStay.drive_id, Device.state).join(Device, Device.id == DriveStay.device_id)
    return dict(db.session.execute(query.where(DriveStay.drive_id.in_(ids), DriveStay.until.is_(None))).all())


def _went_back(remaining: Device, donation: Donation) -> bool:
    return remaining.state == DeviceState.REFUSED and remaining.donation_id == donation.id


def is_kept() -> ColumnElement[bool]:
    """Whether the machine of a record was kept: neither it nor the record of the same donation that it was joined to was refused."""
    survivor = aliased(Device)
    joined = (survivor.id == Device.merged_into_id, survivor.donation_id == Device.donation_id)
    gone = select(survivor.id).where(*joined, survivor.state == DeviceState.REFUSED)
    return and_(Device.state != DeviceState.REFUSED, ~gone.exists())


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
        .where(Device.donation_id == donation_id, ~was_elsewhere(), ~came_later.exists())
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
        .where(again.donation_id == donation_id, Device.donation_id != donation_id, or_(inside, ~was_elsewhere()))
    )


def was_elsewhere() -> ColumnElement[bool]:
    """Whether the drive of a stay was in a machine before."""
    earlier = aliased(DriveStay)
    return select(earlier.id).where(earlier.drive_id == DriveStay.drive_id, earlier.id < DriveStay.id).exists()


def _proofs(drive_ids: Iterable[int]) -> dict[int, Erasure]:
    """For each drive the latest erasure that counts."""
    ids = list(drive_ids)
    if not ids:
        return {}
    found = db.session.scalars(
        select(Erasure)
        .join(Erasure.report)
        .options(contains_eager(Erasure.report), joinedload(Erasure.statement), joinedload(Erasure.clock))
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
