"""Reading what is kept counted of devices: how many by state, those that are late, what was done by month, how long stays lasted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select, union_all

from refurb.inventory.models.counts import DEEDS, DEVICES, DEVICES_SINCE, STAYS, STAYS_CLOSELY
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import LANES, DeviceKind, DeviceState
from refurb.kernel.deeds.counts import kept, tally
from refurb.kernel.deeds.database import db

# --- devices ------------------------------------------------------------------------------------------------------------


def count_devices(states: Collection[DeviceState] | None = None, kind: DeviceKind | None = None) -> int:
    """How many devices there are: in some states, of one kind."""
    return sum(
        number for (state, what), number in tally(DEVICES).items() if (states is None or state in states) and (kind is None or what == kind)
    )


def devices_by_state(kind: DeviceKind | None = None) -> dict[DeviceState, int]:
    """How many devices stand in each state; states with none are there too."""
    counts = dict.fromkeys(DeviceState, 0)
    for (state, what), number in tally(DEVICES).items():
        if kind is None or what == kind:
            counts[DeviceState(state)] += number
    return counts


def lanes_at(site_id: int) -> dict[DeviceState, int]:
    """How many devices of one place stand in each lane of the work."""
    query = select(Device.state, func.count()).where(Device.site_id == site_id, Device.state.in_(LANES)).group_by(Device.state)
    return dict.fromkeys(LANES, 0) | {DeviceState(state): number for state, number in db.session.execute(query)}


def unsigned_now() -> int:
    """How many devices left and wait for the signature of their slip."""
    query = select(func.count()).select_from(Device).where(Device.unsigned_since.is_not(None), Device.merged_into_id.is_(None))
    return db.session.scalar(query) or 0


@lru_cache
def _late(dialect: str, lanes: tuple[DeviceState, ...], *, of_a_kind: bool) -> Any:
    """For each lane: the whole weeks before the limit, as kept; and of the limit's own week, the devices themselves, by their index."""
    del dialect  # What is kept is asked otherwise on each.
    weeks = kept(DEVICES_SINCE)
    whole = (
        select(weeks.c.a.label("state"), func.sum(weeks.c.n).label("count"))
        .where(or_(*(and_(weeks.c.a == lane.value, weeks.c.c < bindparam(f"week_{lane.value}")) for lane in lanes)))
        .group_by(weeks.c.a)
    )
    begun: list[Select[*tuple[Any, ...]]] = [
        select(Device.state.label("state"), func.count().label("count"))
        .where(
            Device.state == lane,
            Device.moved_at >= bindparam(f"monday_{lane.value}"),
            Device.moved_at <= bindparam(f"limit_{lane.value}"),
            *((Device.kind == bindparam("kind"),) if of_a_kind else ()),
        )
        .group_by(Device.state)
        for lane in lanes
    ]
    return union_all(whole.where(weeks.c.b == bindparam("kind")) if of_a_kind else whole, *begun)


def _monday(instant: datetime) -> datetime:
    """The beginning (in UTC) of the week in which an instant falls."""
    midnight = instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


def late_devices(limits: Mapping[DeviceState, datetime], kind: DeviceKind | None = None) -> dict[DeviceState, int]:
    """How many devices have stood in a lane since its limit or longer; lanes without any are not there."""
    asked: dict[str, Any] = {"kind": kind.value} if kind else {}
    for lane, limit in limits.items():
        monday = _monday(limit)
        asked |= {f"week_{lane.value}": f"{monday:%Y-%m-%d}", f"monday_{lane.value}": monday, f"limit_{lane.value}": limit}
    counts: dict[DeviceState, int] = {}
    statement = _late(db.session.get_bind().dialect.name, tuple(limits), of_a_kind=kind is not None)
    for state, count in db.session.execute(statement, asked) if limits else ():
        counts[DeviceState(state)] = counts.get(DeviceState(state), 0) + int(count)
    return counts


# --- history ------------------------------------------------------------------------------------------------------------


def deeds_by_month(months: Sequence[str]) -> dict[tuple[str, str], int]:
    """To how many devices each counted move happened in some months (`2026-11`), by month and move."""
    found = kept(DEEDS)
    rows = db.session.execute(select(found.c.a, found.c.b, found.c.n).where(found.c.a.in_(months)))
    return {(month, move): number for month, move, number in rows}


def stays_by_day(months: Sequence[str]) -> dict[DeviceState, dict[str, int]]:
    """Of the stays that ended in some months, how many lasted each number of whole days, by state; the shortest first."""
    found = kept(STAYS)
    query = (
        select(found.c.a, found.c.c, func.sum(found.c.n))
        .where(found.c.a.in_([lane.value for lane in LANES]), found.c.b.in_(months))
        .group_by(found.c.a, found.c.c)
        .order_by(found.c.a, found.c.c)
    )
    counts: dict[DeviceState, dict[str, int]] = {}
    for state, day, number in db.session.execute(query):
        counts.setdefault(DeviceState(state), {})[day] = int(number)
    return counts


def stays_between(state: DeviceState, months: Sequence[str], first: int, last: int) -> list[tuple[int, int]]:
    """Of the stays in a state that ended in some months, how many have each place (by half hours) from one to another."""
    found = kept(STAYS_CLOSELY)
    query = (
        select(found.c.c, func.sum(found.c.n))
        .where(found.c.a == state.value, found.c.b.in_(months), found.c.c.between(f"{first:07d}", f"{last:07d}"))
        .group_by(found.c.c)
        .order_by(found.c.c)
    )
    return [(int(place), int(number)) for place, number in db.session.execute(query)]
