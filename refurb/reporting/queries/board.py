"""The board of the workshop: who stands where since when, lane by lane, narrowed by kind, donation or technician."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, union_all

from refurb.accounts.models import Account
from refurb.inventory.bench.ageing import limits
from refurb.inventory.bench.models import Holding
from refurb.inventory.devices.queries.counts import devices_by_state, late_devices
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import LANES, DeviceKind, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.web.search import PER_PAGE, Page

# Cards of a lane; the list of devices shows the others.
CARDS = 12


@dataclass(frozen=True)
class BoardFilter:
    """What the board is narrowed to; `technician` is an account's id."""

    kind: DeviceKind | None = None
    donation: str = ""
    technician: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the devices."""
        found: list[ColumnElement[bool]] = []
        if self.kind:
            found.append(Device.kind == self.kind)
        if self.donation:
            found.append(Device.donation_id == select(Donation.id).where(Donation.reference == self.donation).scalar_subquery())
        if self.technician:
            held = select(Holding.device_id).where(Holding.account_id == self.technician, Holding.until.is_(None))
            found.append(Device.id.in_(held))
        return found


@dataclass(frozen=True)
class LaneCount:
    """How many devices stand in a lane, and how many of them for too long."""

    all: int = 0
    late: int = 0


def lane_counts(wanted: BoardFilter) -> dict[DeviceState, LaneCount]:
    """The counts of every lane: as kept, or counted where the board is narrowed to a donation or to somebody's machines."""
    since = {lane: now() - timedelta(days=known[1]) for lane in LANES if (known := limits(lane)) is not None}
    if wanted.donation or wanted.technician:
        return _counted(wanted, since)
    counts, late = devices_by_state(wanted.kind), late_devices(since, wanted.kind)
    return {lane: LaneCount(counts[lane], late.get(lane, 0)) for lane in LANES}


def _counted(wanted: BoardFilter, since: Mapping[DeviceState, datetime]) -> dict[DeviceState, LaneCount]:
    late = [and_(Device.state == lane, Device.moved_at <= limit) for lane, limit in since.items()]
    rows = db.session.execute(
        select(Device.state, func.count(), func.sum(case((or_(*late), 1), else_=0)))
        .where(Device.state.in_(LANES), *wanted.conditions())
        .group_by(Device.state)
    )
    counts = {state: LaneCount(count, int(overdue)) for state, count, overdue in rows}
    return {lane: counts.get(lane, LaneCount()) for lane in LANES}


def _cards(wanted: BoardFilter) -> Select[*tuple[Any, ...]]:
    flagged = select(Flag.id).where(Flag.device_id == Device.id, Flag.lifted_at.is_(None)).exists()
    return (
        select(
            Device.id,
            Device.code,
            Device.state,
            Device.kind,
            Device.manufacturer,
            Device.model,
            Device.moved_at,
            flagged.label("flagged"),
            Account.name.label("holder"),
            Donation.reference.label("donation"),
        )
        .join(Donation, Donation.id == Device.donation_id)
        .outerjoin(Holding, and_(Holding.device_id == Device.id, Holding.until.is_(None)))
        .outerjoin(Account, Account.id == Holding.account_id)
        .where(*wanted.conditions())
    )


# Built once for each narrowing that people use, not at every request.
@lru_cache(maxsize=32)
def _longest(wanted: BoardFilter) -> Any:
    lanes = [_cards(wanted).where(Device.state == lane).order_by(Device.moved_at, Device.id).limit(CARDS).subquery() for lane in LANES]
    return union_all(*(select(lane) for lane in lanes)).order_by("moved_at", "id")


def board_cards(wanted: BoardFilter) -> dict[DeviceState, list[Row[Any]]]:
    """What has stood longest in each lane, at most twelve each, in one query."""
    cards: dict[DeviceState, list[Row[Any]]] = {lane: [] for lane in LANES}
    for row in db.session.execute(_longest(wanted)):
        cards[row.state].append(row)
    return cards


def board_rows(wanted: BoardFilter, counts: Mapping[DeviceState, LaneCount], number: int) -> Page:
    """The same as a list, page by page: lane after lane, the longest first; how many each lane has is known already."""
    total = sum(each.all for each in counts.values())
    number = min(number, max(1, -(-total // PER_PAGE)))
    before, rows = (number - 1) * PER_PAGE, list[Row[Any]]()
    for lane in LANES:
        if before < counts[lane].all and len(rows) < PER_PAGE:
            rows += _lane(wanted, lane, before, PER_PAGE - len(rows))
        before = max(0, before - counts[lane].all)
    return Page(rows, number, total)


def _lane(wanted: BoardFilter, lane: DeviceState, first: int, most: int) -> Sequence[Row[Any]]:
    """Some devices of one lane; their ids are read from the index before anything is looked up about them."""
    ids = (
        select(Device.id)
        .where(Device.state == lane, *wanted.conditions())
        .order_by(Device.moved_at, Device.id)
        .limit(most)
        .offset(first)
        .subquery()
    )
    return db.session.execute(_cards(wanted).where(Device.id.in_(select(ids.c.id))).order_by(Device.moved_at, Device.id)).all()
