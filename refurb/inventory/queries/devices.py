"""Looking up devices: one by its code, all that its pages show, and the list."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from refurb.directory.models import Code
from refurb.inventory.models import CheckResult, Device, DeviceTarget, Donation, Drive, DriveStay, Flag
from refurb.inventory.queries.found import few_found, page_of_many
from refurb.inventory.queries.gate import Gate, read_gate
from refurb.inventory.words import DeviceKind, DeviceState
from refurb.inventory.words.targets import Category
from refurb.kernel.access import Actor, Permission
from refurb.kernel.codes import find_code
from refurb.kernel.database import db
from refurb.kernel.errors import NotFound
from refurb.kernel.pieces import holds, squeezed_words
from refurb.kernel.search import PER_PAGE, Page


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
    donation_reference: str

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
STANDING: tuple[Any, ...] = (
    *(_DEVICE.c[each.name] for each in fields(Standing) if each.name != "donation_reference"),
    _DONATION.c.reference,
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


_SCANNED = (
    select(Code.subject_kind, Code.subject_id, *STANDING)
    .outerjoin(Device, Device.code == Code.code)
    .outerjoin(Donation, Donation.id == Device.donation_id)
    .where(Code.code == bindparam("code"))
)


def _row_of(code: str) -> Any:
    """What stands behind a code; the label of a record that was joined to another leads to that one."""
    row = db.session.execute(_SCANNED, {"code": code}).one_or_none()
    if row is None or row.state != DeviceState.MERGED:
        return row
    joined = aliased(Device)
    into = db.session.scalar(select(Device.code).join(joined, joined.merged_into_id == Device.id).where(joined.code == code))
    return db.session.execute(_SCANNED, {"code": into}).one_or_none()


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
    return db.session.scalars(select(Device.code).where(Device.serial.in_({serial, serial.upper(), serial.lower()})).limit(5)).all()


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


@dataclass(frozen=True)
class DeviceFilter:
    """Which devices a list shows."""

    words: str = ""
    state: DeviceState | None = None
    kind: DeviceKind | None = None
    donation: str = ""
    category: Category | None = None
    best_first: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the devices."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            found.append(self._meant())
        return [*found, *self.filters()]

    def filters(self) -> list[ColumnElement[bool]]:
        """The conditions beside the words."""
        found: list[ColumnElement[bool]] = []
        if self.state:
            found.append(Device.state == self.state)
        if self.kind:
            found.append(Device.kind == self.kind)
        if self.donation:
            found.append(Device.donation_id == select(Donation.id).where(Donation.reference == self.donation).scalar_subquery())
        if self.category:
            found.append(Device.id.in_(select(DeviceTarget.device_id).where(DeviceTarget.category == self.category)))
        return found

    def _meant(self) -> ColumnElement[bool]:
        if self.code:
            return or_(Device.code == self.code, Device.id == _joined_to(self.code))
        return holds(Device.search, squeezed_words(self.words)) if self.few is None else Device.id.in_(self.few)

    @cached_property
    def code(self) -> str | None:
        """The code that was typed, where it is one."""
        return find_code(self.words) if self.words else None

    @cached_property
    def few(self) -> list[int] | None:
        """The ids that the words mean; None where they are too many to count."""
        return few_found(self.words)

    @property
    def means_many(self) -> bool:
        """Whether the words mean more devices than are counted."""
        return bool(self.words) and self.code is None and self.few is None

    def order(self) -> tuple[ColumnElement[Any], ...]:
        """The newest first, or the best category first."""
        if not self.best_first:
            return (Device.id.desc(),)
        rank = case({each.value: number for number, each in enumerate(Category)}, value=DeviceTarget.category, else_=len(Category))
        return (rank, DeviceTarget.points.desc(), Device.id.desc())


def _joined_to(code: str) -> Any:
    joined = aliased(Device)
    return select(joined.merged_into_id).where(joined.code == code).scalar_subquery()


_LISTED = (
    Device.code,
    Device.kind,
    Device.state,
    Device.manufacturer,
    Device.model,
    Device.serial,
    Device.moved_at,
    Donation.reference.label("donation"),
    DeviceTarget.category,
)


def _counted(conditions: list[ColumnElement[bool]]) -> int:
    # Without a condition, SQLite counts the leaves of its smallest index and reads no row; the records that were joined to others have
    # an index of their own.
    counted = db.session.scalar(select(func.count()).select_from(Device).where(*conditions)) or 0
    return counted - (db.session.scalar(select(func.count()).where(Device.merged_into_id.is_not(None), *conditions)) or 0)


def devices(wanted: DeviceFilter, number: int) -> Page:
    """One page of the devices, the newest first: code, kind, state, manufacturer, model, serial, moved_at, donation, category."""
    if wanted.means_many and not wanted.best_first:
        return _many(wanted, number)
    conditions = wanted.conditions()
    total = _counted(conditions)
    number = min(number, max(1, -(-total // PER_PAGE)))
    query = (
        select(*_LISTED)
        .join(Donation, Donation.id == Device.donation_id)
        .outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id)
        .where(Device.merged_into_id.is_(None), *conditions)
        .order_by(*wanted.order())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Page(db.session.execute(query).all(), number, total)


def _many(wanted: DeviceFilter, number: int) -> Page:
    found = page_of_many(wanted.words, wanted.filters(), number)
    query = (
        select(*_LISTED)
        .join(Donation, Donation.id == Device.donation_id)
        .outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id)
        .where(Device.id.in_(found.rows))
        .order_by(Device.id.desc())
    )
    return replace(found, rows=db.session.execute(query).all())


def all_devices() -> int:
    """How many devices there are."""
    return _counted([])


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
