"""Looking up the list of devices, filtered and page by page."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from refurb.inventory.devices.queries.found import few_found, page_found
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.words import Category
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import holds, squeezed_words
from refurb.kernel.speech.codes import find_code
from refurb.kernel.web.search import PER_PAGE, Page


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
    if wanted.words and wanted.code is None and not wanted.best_first:
        return _found(wanted, number)
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


def _found(wanted: DeviceFilter, number: int) -> Page:
    found = page_found(wanted.words, wanted.filters(), number)
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
