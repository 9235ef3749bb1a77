"""Looking up the list of devices, filtered and page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, case, func, or_, select
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
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, OrderChosen, steps_of
from refurb.kernel.web.search import PER_PAGE, Page


@dataclass(frozen=True)
class DeviceFilter:
    """Which devices a list shows."""

    words: str = ""
    state: DeviceState | None = None
    kind: DeviceKind | None = None
    donation: str = ""
    category: Category | None = None
    site_id: int | None = None

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
        if self.site_id:
            found.append(Device.site_id == self.site_id)
        if self.donation:
            found.append(Device.donation_id == select(Donation.id).where(Donation.reference == self.donation).scalar_subquery())
        if self.category:
            of_this = (DeviceTarget.device_id == Device.id, DeviceTarget.category == self.category)
            found.append(select(DeviceTarget.device_id).where(*of_this).correlate(Device).exists())
        return found

    @property
    def narrows(self) -> bool:
        """Whether it leaves out anything but by category."""
        return bool(self.words or self.state or self.kind or self.donation or self.site_id)

    @property
    def is_vague(self) -> bool:
        """Whether its words mean more devices than are counted."""
        return bool(self.words) and self.code is None and self.few is None

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


BEST_FIRST = "categorie"


def device_orders(wanted: DeviceFilter) -> ListOrders:
    """The orders of what a filter leaves; where the words mean more than is counted, the newest come first and no other order is had."""
    return _VAGUE if wanted.is_vague else _orders(by_target=bool(wanted.category), by_state=bool(wanted.state and not wanted.category))


_VAGUE = ListOrders("entree", Device.id, (ListOrder("entree", _lp("device", "Entrée"), (Device.id.desc(),), indexed=True, one_way=True),))


@lru_cache
def _orders(*, by_target: bool, by_state: bool) -> ListOrders:
    return ListOrders(
        "-entree",
        DeviceTarget.device_id if by_target else Device.id,
        (
            ListOrder("entree", _lp("device", "Entrée"), (), Compared.DATE, indexed=True),
            ListOrder("machine", _l("Machine"), (func.lower(Device.manufacturer), func.lower(Device.model))),
            ListOrder("etat", _l("État"), (steps_of(Device.state, DeviceState),), Compared.STEPS),
            ListOrder(BEST_FIRST, _lp("sort", "Catégorie : meilleure d'abord"), _BEST, indexed=True, one_way=True),
            ListOrder("serie", _l("N° de série"), (Device.serial,)),
            # By state, an index says since when.
            ListOrder("depuis", _l("Depuis"), (Device.moved_at,), Compared.DATE, indexed=by_state),
            ListOrder("don", _l("Don"), (Device.donation_id,), Compared.DATE),
        ),
    )


_BEST = (
    steps_of(DeviceTarget.category, Category),
    case((DeviceTarget.category.is_not(None), DeviceTarget.points)).desc().nulls_last(),
    Device.id.desc(),
)
_DEVICES, _DONATIONS, _TARGETS = (each.__table__ for each in (Device, Donation, DeviceTarget))
_LISTED: tuple[Any, ...] = (
    *(_DEVICES.c[name] for name in ("code", "kind", "state", "manufacturer", "model", "serial", "moved_at")),
    _DONATIONS.c.reference.label("donation"),
    _TARGETS.c.category,
)


def _counted(wanted: DeviceFilter) -> int:
    """How many devices a filter leaves: as kept where that says it, else counted."""
    if wanted.words and wanted.code is None and wanted.few is not None and not wanted.filters():
        return len(wanted.few)
    if not (wanted.words or wanted.donation or wanted.category or wanted.site_id):
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


def devices(wanted: DeviceFilter, number: int, asked: str = "") -> Page:
    """One page of the devices, the newest first or as asked: code, kind, state, manufacturer, model, serial, moved_at, donation, category.

    `asked` is the name of an order (`device_orders`), with a minus where it reads down.
    """
    orders = device_orders(wanted)
    if wanted.words and wanted.code is None and (wanted.few is None or not asked):
        found = _found(wanted, number)
        return replace(found, order=orders.chosen("", found.total))
    total = _counted(wanted)
    number = min(number, max(1, -(-total // PER_PAGE)))
    order = orders.chosen(asked, total)
    return Page(_page_rows(wanted, order, (number - 1) * PER_PAGE), number, total, order=order)


def _page_rows(wanted: DeviceFilter, order: OrderChosen, first: int) -> Sequence[Any]:
    if order.order.name == BEST_FIRST:
        return _best_first(wanted, first)
    if order.asked or wanted.words or wanted.donation or wanted.category or wanted.site_id:
        return db.session.execute(_whole(wanted).order_by(*order.by).limit(PER_PAGE).offset(first)).all()
    asked = {"state": wanted.state, "kind": wanted.kind}
    newest = _newest(of_state=wanted.state is not None, of_kind=wanted.kind is not None)
    return newest.all(first=first, **{name: value for name, value in asked.items() if value})


def _whole(wanted: DeviceFilter) -> Select[*tuple[Any, ...]]:
    """All that a filter leaves, in no order."""
    beside = DeviceTarget.device_id == Device.id
    if wanted.category:
        return _rows(wanted).join(DeviceTarget, beside).where(DeviceTarget.category == wanted.category)
    return _rows(wanted).outerjoin(DeviceTarget, beside)


def devices_listed(wanted: DeviceFilter) -> Listing:
    """The same devices for a spreadsheet, with processor, memory and day of entry beside."""
    query = _whole(wanted).add_columns(Device.cpu, Device.ram_mb, Device.received_at)
    return Listing(query, device_orders(wanted), count=lambda: _counted(wanted))


def _found(wanted: DeviceFilter, number: int) -> Page:
    found = page_found(wanted.words, wanted.few, wanted.filters(), number)
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
