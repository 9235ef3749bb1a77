"""Looking up the list of devices, filtered and page by page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.words import Category
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import find_code
from refurb.kernel.web.search import PER_PAGE, Page, matches


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
            code = find_code(self.words)
            found.append(or_(Device.code == code, Device.id == _joined_to(code)) if code else matches(Device.search, self.words))
        if self.state:
            found.append(Device.state == self.state)
        if self.kind:
            found.append(Device.kind == self.kind)
        if self.donation:
            found.append(Device.donation_id == select(Donation.id).where(Donation.reference == self.donation).scalar_subquery())
        if self.category:
            found.append(Device.id.in_(select(DeviceTarget.device_id).where(DeviceTarget.category == self.category)))
        return found

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


def all_devices() -> int:
    """How many devices there are."""
    return _counted([])
