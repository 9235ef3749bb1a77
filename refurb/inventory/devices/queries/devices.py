"""Looking up devices: one by its code, all that its pages show, and the list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import aliased

from refurb.directory.models import Code
from refurb.inventory.devices.gate import Gate, read_gate
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Drive, DriveStay
from refurb.inventory.readers.serials import spellings_of
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound


@dataclass
class Standing:
    """A device as its pages and the scan read it: its own columns, and its gate when somebody asks. The rules take it like the row."""

    KIND = Device.KIND

    id: int
    code: str
    kind: DeviceKind
    state: DeviceState
    manufacturer: str | None
    model: str | None
    serial: str | None
    cpu: str | None
    ram_mb: int | None
    received_at: datetime
    without_drive_since: datetime | None
    labelled_at: datetime | None
    moved_at: datetime
    site_id: int
    donation_reference: str
    # What a wipe has to reach, at least, as its donor's data ask.
    least_level: str | None
    reads_all_back: bool

    @property
    def name(self) -> str | None:
        """Manufacturer and model, when either is known."""
        return " ".join(part for part in (self.manufacturer, self.model) if part) or None

    @cached_property
    def gate(self) -> Gate:
        """What the rules ask about it."""
        return read_gate(self.id)


# Of the tables rather than of the classes: rows without objects need none of the mapper's work, and this is the page of the bench.
_CODE, _DEVICE, _DONATION = (each.__table__ for each in (Code, Device, Donation))
_OF_DONATION = {"donation_reference", "least_level", "reads_all_back"}
STANDING: tuple[Any, ...] = (
    *(_DEVICE.c[each.name] for each in fields(Standing) if each.name not in _OF_DONATION),
    _DONATION.c.reference,
    _DONATION.c.least_level,
    _DONATION.c.reads_all_back,
)


def gate_of(device: Device | Standing) -> Gate:
    """The gate of a device; read anew for a row, which may be about to move, and once for a page."""
    return device.gate if isinstance(device, Standing) else read_gate(device.id)


@dataclass(frozen=True)
class Scanned:
    """What a code leads to; `standing` where that is a device."""

    kind: str | None
    subject_id: int | None
    standing: Standing | None


_SCANNED = Read(
    select(_CODE.c.subject_kind, _CODE.c.subject_id, *STANDING)
    .select_from(_CODE)
    .outerjoin(_DEVICE, _DEVICE.c.code == _CODE.c.code)
    .outerjoin(_DONATION, _DONATION.c.id == _DEVICE.c.donation_id)
    .where(_CODE.c.code == bindparam("code"))
)


def _row_of(code: str) -> Any:
    """What stands behind a code; the label of a record that was joined to another leads to that one."""
    row = _SCANNED.one_or_none(code=code)
    if row is None or row.state != DeviceState.MERGED:
        return row
    joined = aliased(Device)
    into = db.session.scalar(select(Device.code).join(joined, joined.merged_into_id == Device.id).where(joined.code == code))
    return _SCANNED.one_or_none(code=into)


def scanned(code: str) -> Scanned | None:
    """What a code leads to, in one query; None for a code that was never made here."""
    row = _row_of(code)
    if row is None:
        return None
    columns: Any = row[2:]
    return Scanned(row[0], row[1], Standing(*columns) if columns[0] is not None else None)


def standing(actor: Actor, code: str) -> Standing:
    """The device of a code, as a page shows it; `NotFound` for a stranger, and for a code that is none."""
    row = _row_of(_readable(actor, code))
    if row is None or row.id is None:
        raise NotFound
    columns: Any = row[2:]
    return Standing(*columns)


def device_by_code(actor: Actor, code: str) -> Device:
    """The row of a device, to do something with; `NotFound` for a stranger, and for a code that is none."""
    device = db.session.scalar(select(Device).where(Device.code == _readable(actor, code)))
    if device is None:
        raise NotFound
    return device if device.merged_into_id is None else db.session.get_one(Device, device.merged_into_id)


def _readable(actor: Actor, code: str) -> str:
    found = find_code(code)
    if found is None or not actor.may(Permission.DEVICE_READ):
        raise NotFound
    return found


def codes_with_serial(serial: str) -> Sequence[str]:
    """The codes of the devices with this serial number, whatever its case; more than one when two makers use the same."""
    return db.session.scalars(select(Device.code).where(Device.serial.in_(spellings_of(serial))).limit(5)).all()


def answers_of(device: Device | Standing) -> dict[str, CheckResult]:
    """The answer that counts for each question: the latest one that is not void."""
    results = db.session.scalars(
        select(CheckResult).where(CheckResult.device_id == device.id, CheckResult.voided_at.is_(None)).order_by(CheckResult.id)
    )
    return {result.question: result for result in results}


def raised_flags(device: Device | Standing) -> Sequence[Flag]:
    """The flags nobody has lifted yet."""
    return db.session.scalars(select(Flag).where(Flag.device_id == device.id, Flag.lifted_at.is_(None)).order_by(Flag.id)).all()


def storage_of(device_ids: Sequence[int]) -> dict[int, int]:
    """How many bytes the drives inside each device hold, of those that hold any."""
    rows = db.session.execute(
        select(DriveStay.device_id, func.sum(Drive.size_bytes))
        .join(Drive, Drive.id == DriveStay.drive_id)
        .where(DriveStay.device_id.in_(device_ids), DriveStay.until.is_(None), Drive.size_bytes.is_not(None))
        .group_by(DriveStay.device_id)
    )
    return {device_id: int(total or 0) for device_id, total in rows}


def devices_of(donation: Donation, most: int | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """The devices of a donation, in the order they were counted: code, kind, state, manufacturer, model, serial, labelled_at."""
    return db.session.execute(
        select(Device.id, Device.code, Device.kind, Device.state, Device.manufacturer, Device.model, Device.serial, Device.labelled_at)
        .where(Device.donation_id == donation.id, Device.merged_into_id.is_(None))
        .order_by(Device.id)
        .limit(most)
    ).all()


def newest_of(donation: Donation, most: int) -> Sequence[Device]:
    """The devices of a donation whose label was stuck or whose code was made last, the last first."""
    at = func.coalesce(Device.labelled_at, Device.received_at)
    return db.session.scalars(
        select(Device)
        .where(Device.donation_id == donation.id, Device.merged_into_id.is_(None))
        .order_by(at.desc(), Device.id.desc())
        .limit(most)
    ).all()


def entered_by_kind(donation: Donation) -> Counter[DeviceKind]:
    """How many devices of each kind a donation has, those refused after they had a code among them: they were counted too.

    One that had two records counts once here; one that came back with this donation counts, though its record is that of its first coming.
    """
    remaining = aliased(Device)
    twice = select(remaining.id).where(remaining.id == Device.merged_into_id, remaining.donation_id == Device.donation_id)
    rows = db.session.execute(
        select(Device.kind, func.count()).where(Device.donation_id == donation.id, ~twice.exists()).group_by(Device.kind)
    )
    return Counter({kind: int(count) for kind, count in rows})
