"""Looking for devices that may be one machine with two records: by serial, product UUID, network addresses and drives."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from refurb.inventory.duplicates.models import ToldApart
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import DriveStay
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.readers.identity import is_drawn_by_lot
from refurb.inventory.readers.serials import plain_serial, spellings_of
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import Event, events_of, is_whole
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _l

# An address that so many devices have is a dock's or a factory's oversight.
MOST_OF_ONE_ADDRESS = 4
MOST_PAIRS = 200


class Likeness(StrEnum):
    """What two devices have in common that one machine alone should have."""

    SERIAL = "serial"
    UUID = "uuid"
    MAC = "mac"
    DRIVE = "drive"


LIKENESSES = {
    Likeness.SERIAL: _l("même n° de série"),
    Likeness.UUID: _l("même identifiant du BIOS (UUID)"),
    Likeness.MAC: _l("même adresse réseau (MAC)"),
    Likeness.DRIVE: _l("même modèle, même support de stockage"),
}

_SHOWN = (
    Device.id,
    Device.code,
    Device.kind,
    Device.state,
    Device.manufacturer,
    Device.model,
    Device.serial,
    Device.uuid,
    Device.received_at,
    Device.moved_at,
    Device.labelled_at,
    Donation.reference.label("donation"),
)


@dataclass(frozen=True)
class Pair:
    """Two devices, the older record first, and what makes them look like one."""

    one: Any
    other: Any
    likenesses: tuple[Likeness, ...]


def alike(device_id: int) -> list[Pair]:
    """The devices that this one looks like; asked on its page, so by indexes only."""
    found: dict[int, set[Likeness]] = defaultdict(set)
    itself = db.session.execute(select(Device.serial, Device.uuid).where(Device.id == device_id)).one()
    if itself.uuid:
        for other in db.session.scalars(select(Device.id).where(Device.uuid == itself.uuid, Device.id != device_id)):
            found[other].add(Likeness.UUID)
    if itself.serial:
        spellings = spellings_of(itself.serial)
        for other in db.session.scalars(select(Device.id).where(Device.serial.in_(spellings), Device.id != device_id)):
            found[other].add(Likeness.SERIAL)
    mine, theirs = aliased(DeviceMac), aliased(DeviceMac)
    shared = select(theirs.device_id, theirs.mac).join(mine, mine.mac == theirs.mac)
    for other, mac in db.session.execute(shared.where(mine.device_id == device_id, theirs.device_id != device_id)):
        if not is_drawn_by_lot(mac):
            found[other].add(Likeness.MAC)
    return _pairs({(min(device_id, other), max(device_id, other)): likenesses for other, likenesses in found.items()})


def duplicates(actor: Actor) -> list[Pair]:
    """Every two devices of the stock that may be one machine, the latest met first."""
    check(actor, Permission.DEVICE_READ)
    found: dict[tuple[int, int], set[Likeness]] = defaultdict(set)
    for likeness, groups in (
        (Likeness.UUID, _groups(select(Device.uuid, Device.id).where(Device.uuid.in_(_twice(Device.uuid, Device.uuid.is_not(None)))))),
        (Likeness.SERIAL, _groups(_same_serials())),
        (Likeness.MAC, _groups(_same_addresses())),
        (Likeness.DRIVE, _groups(_same_drives())),
    ):
        for ids in groups:
            for pair in combinations(sorted(set(ids)), 2):
                found[pair].add(likeness)
    return _pairs(found)


def _twice(column: Any, *conditions: Any, most: int = MOST_OF_ONE_ADDRESS) -> Any:
    return select(column).where(*conditions).group_by(column).having(func.count().between(2, most))


def _same_serials() -> Any:
    plain = func.upper(func.replace(Device.serial, " ", ""))  # As `plain_serial` compares them.
    return select(plain, Device.id).where(plain.in_(_twice(plain, Device.serial.is_not(None), most=10)))


def _same_addresses() -> Any:
    # The second sign of an address that was drawn by lot (IEEE 802, locally administered) is 2, 6, a or e.
    fixed = func.substr(DeviceMac.mac, 2, 1).not_in(("2", "6", "a", "e"))
    return select(DeviceMac.mac, DeviceMac.device_id).where(DeviceMac.mac.in_(_twice(DeviceMac.mac, fixed)))


def _same_drives() -> Any:
    once = select(DriveStay.drive_id, DriveStay.device_id).distinct().subquery()
    several = select(once.c.drive_id).group_by(once.c.drive_id).having(func.count() > 1)
    named = func.lower(func.coalesce(Device.manufacturer, "") + "|" + Device.model)
    return (
        select(once.c.drive_id.concat("|").concat(named), once.c.device_id)
        .join(Device, Device.id == once.c.device_id)
        .where(once.c.drive_id.in_(several), Device.model.is_not(None))
    )


def _groups(query: Any) -> Iterable[list[int]]:
    groups: dict[Any, list[int]] = defaultdict(list)
    for key, device_id in db.session.execute(query):
        groups[key].append(device_id)
    return groups.values()


def _pairs(found: dict[tuple[int, int], set[Likeness]]) -> list[Pair]:
    if not found:
        return []
    ids = {each for pair in found for each in pair}
    rows = db.session.execute(
        select(*_SHOWN).join(Donation, Donation.id == Device.donation_id).where(Device.id.in_(ids), Device.merged_into_id.is_(None))
    )
    shown = {row.id: row for row in rows}
    lowest = {lower for lower, _ in found}
    rows_apart = db.session.execute(select(ToldApart.lower_id, ToldApart.higher_id).where(ToldApart.lower_id.in_(lowest)))
    apart = {(row.lower_id, row.higher_id) for row in rows_apart}
    pairs = [
        Pair(shown[one], shown[other], tuple(sorted(likenesses)))
        for (one, other), likenesses in found.items()
        if one in shown and other in shown and (one, other) not in apart and may_be_one(shown[one], shown[other])
    ]
    return sorted(pairs, key=lambda pair: -pair.other.id)[:MOST_PAIRS]


def may_be_one(one: Any, other: Any) -> bool:
    """Whether nothing says that they are two: serials that are known and differ, or makers that differ."""
    if one.serial and other.serial and plain_serial(one.serial) != plain_serial(other.serial):
        return False
    return not (one.manufacturer and other.manufacturer and fold(one.manufacturer) != fold(other.manufacturer))


def merged_codes(device_id: int) -> Sequence[str]:
    """The codes of the records that were joined to this device; their labels lead to it."""
    return [spell(code) for code in db.session.scalars(select(Device.code).where(Device.merged_into_id == device_id).order_by(Device.id))]


def came_again_with(donation: Donation) -> Sequence[str]:
    """The codes of the machines that we knew, and that came again with this donation: each stands under the record of its first coming."""
    counted = aliased(Device)
    query = (
        select(Device.code)
        .join(counted, counted.merged_into_id == Device.id)
        .where(counted.donation_id == donation.id, Device.donation_id != donation.id)
        .group_by(Device.id, Device.code)
        .order_by(Device.id)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True)
class History:
    """The events of a device and of the records that were joined to it, the newest first, and whether every chain is as it was written."""

    events: list[Event]
    is_whole: bool


class _Subject:
    """Names the chain of a device that is only known by its id."""

    KIND = Device.KIND

    def __init__(self, number: int) -> None:
        self.id = number


def whole_history(device: Any) -> History:
    """Both chains stay what they were; they are only read together."""
    chains = [events_of(device)]
    merged = db.session.scalars(select(Device.id).where(Device.merged_into_id == device.id)).all()
    chains += [events_of(_Subject(number)) for number in merged]
    events = sorted((event for chain in chains for event in chain), key=lambda event: (event.at, event.id), reverse=True)
    return History(events, all(is_whole(chain) for chain in chains))
