"""Looking up the list of devices, filtered and page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from refurb.inventory.devices.queries.counts import count_devices
from refurb.inventory.devices.queries.found import few_found, page_found
from refurb.inventory.models.counts import CATEGORIES
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.words import Category
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import holds, squeezed_words
from refurb.kernel.deeds.reads import Read
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
            of_this = (DeviceTarget.device_id == Device.id, DeviceTarget.category == self.category)
            found.append(select(DeviceTarget.device_id).where(*of_this).correlate(Device).exists())
        return found

    @property
    def narrows(self) -> bool:
        """Whether it leaves out anything but by category."""
        return bool(self.words or self.state or self.kind or self.donation)

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


def _joined_to(code: str) -> Any:
    joined = aliased(Device)
    return select(joined.merged_into_id).where(joined.code == code).scalar_subquery()


_DEVICES, _DONATIONS, _TARGETS = (each.__table__ for each in (Device, Donation, DeviceTarget))
_LISTED: tuple[Any, ...] = (
    *(_DEVICES.c[name] for name in ("code", "kind", "state", "manufacturer", "model", "serial", "moved_at")),
    _DONATIONS.c.reference.label("donation"),
    _TARGETS.c.category,
)


def _counted(wanted: DeviceFilter) -> int:
    """How many devices a filter leaves: as kept where that says it, else counted."""
    if not (wanted.words or wanted.donation or wanted.category):
        return count_devices({wanted.state} if wanted.state else None, wanted.kind)
    if wanted.category and not wanted.narrows:
        return tally(CATEGORIES).get((wanted.category.value,), 0)
    query = select(func.count()).select_from(Device).where(Device.merged_into_id.is_(None), *wanted.conditions())
    return db.session.scalar(query) or 0


def _rows(wanted: DeviceFilter) -> Select[*tuple[Any, ...]]:
    return (
        select(*_LISTED)
        .select_from(Device)
        .join(Donation, Donation.id == Device.donation_id)
        .where(Device.merged_into_id.is_(None), *wanted.conditions())
    )


@lru_cache
def _newest(*, of_state: bool, of_kind: bool) -> Read:
    """A page of the devices, the newest first: the list as it is opened all day."""
    query = (
        select(*_LISTED)
        .select_from(_DEVICES)
        .join(_DONATIONS, _DONATIONS.c.id == _DEVICES.c.donation_id)
        .outerjoin(_TARGETS, _TARGETS.c.device_id == _DEVICES.c.id)
        .where(_DEVICES.c.merged_into_id.is_(None))
        .order_by(_DEVICES.c.id.desc())
        .limit(PER_PAGE)
        .offset(bindparam("first", type_=Integer))
    )
    if of_state:
        query = query.where(_DEVICES.c.state == bindparam("state"))
    return Read(query.where(_DEVICES.c.kind == bindparam("kind")) if of_kind else query)


def _by_category(wanted: DeviceFilter) -> dict[str, int]:
    """How many of the devices that a filter leaves are in each category."""
    if not wanted.narrows:
        return {category: number for (category,), number in tally(CATEGORIES).items()}
    query = select(DeviceTarget.category, func.count()).select_from(Device).join(DeviceTarget, DeviceTarget.device_id == Device.id)
    rows = db.session.execute(query.where(Device.merged_into_id.is_(None), *wanted.conditions()).group_by(DeviceTarget.category))
    return {category.value if category else "": number for category, number in rows}


def _best_first(wanted: DeviceFilter, first: int) -> list[Row[Any]]:
    """The rows of a page, category by category, each in the order of its index; then the devices without one, the newest first."""
    counts = _by_category(wanted)
    rows: list[Row[Any]] = []
    for category in [wanted.category] if wanted.category else Category:
        here = counts.get(category, 0)
        if first < here and len(rows) < PER_PAGE:
            rows += _of_category(wanted, category, first, PER_PAGE - len(rows))
        first = max(0, first - here)
    if wanted.category or len(rows) == PER_PAGE:
        return rows
    others = _rows(wanted).outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id).where(DeviceTarget.category.is_(None))
    return [*rows, *db.session.execute(others.order_by(Device.id.desc()).limit(PER_PAGE - len(rows)).offset(first))]


def _of_category(wanted: DeviceFilter, category: Category, first: int, most: int) -> Sequence[Row[Any]]:
    query = _rows(wanted).join(DeviceTarget, DeviceTarget.device_id == Device.id).where(DeviceTarget.category == category)
    return db.session.execute(query.order_by(DeviceTarget.points.desc(), DeviceTarget.device_id.desc()).limit(most).offset(first)).all()


def devices(wanted: DeviceFilter, number: int) -> Page:
    """One page of the devices, the newest first: code, kind, state, manufacturer, model, serial, moved_at, donation, category."""
    if wanted.words and wanted.code is None and not wanted.best_first:
        return _found(wanted, number)
    total = _counted(wanted)
    number = min(number, max(1, -(-total // PER_PAGE)))
    first = (number - 1) * PER_PAGE
    if wanted.best_first:
        return Page(_best_first(wanted, first), number, total)
    if not (wanted.words or wanted.donation or wanted.category):
        asked = {"state": wanted.state, "kind": wanted.kind}
        newest = _newest(of_state=wanted.state is not None, of_kind=wanted.kind is not None)
        return Page(newest.all(first=first, **{name: value for name, value in asked.items() if value}), number, total)
    beside = DeviceTarget.device_id == Device.id
    if wanted.category:
        query = (
            _rows(wanted).join(DeviceTarget, beside).where(DeviceTarget.category == wanted.category).order_by(DeviceTarget.device_id.desc())
        )
    else:
        query = _rows(wanted).outerjoin(DeviceTarget, beside).order_by(Device.id.desc())
    return Page(db.session.execute(query.limit(PER_PAGE).offset(first)).all(), number, total)


def _found(wanted: DeviceFilter, number: int) -> Page:
    found = page_found(wanted.words, wanted.filters(), number)
    query = (
        select(*_LISTED)
        .select_from(Device)
        .join(Donation, Donation.id == Device.donation_id)
        .outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id)
        .where(Device.id.in_(found.rows))
        .order_by(Device.id.desc())
    )
    return replace(found, rows=db.session.execute(query).all())


def all_devices() -> int:
    """How many devices there are."""
    return count_devices()
