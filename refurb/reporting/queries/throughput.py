"""What goes through the workshop: by month, by step, by donation; counted from the history, and from the stock as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from math import ceil
from typing import Any

from sqlalchemy import Integer, Select, and_, case, cast, extract, func, select

from refurb.directory.models import Organisation
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import AT_BENCH, PAST_THE_GATE, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.clock import from_wall, today

MONTHS = 12
DAY_SECONDS = 86_400

# The deeds that the months count, each under the name of its count. Four different things, which are never added up.
COUNTED = {"created": "received", "finish_erasure": "erased", "pass_tests": "ready", "hand_over": "handed_over"}
# The states whose duration is told, in the order of the work.
STEPS = (*AT_BENCH, DeviceState.READY, DeviceState.RESERVED)


@dataclass(frozen=True)
class Month:
    """What was done in one month; `first` is its first day."""

    first: date
    received: int
    erased: int
    ready: int
    handed_over: int


@dataclass(frozen=True)
class Step:
    """How long machines stay in a state, in seconds: the middle one, and the one that nine in ten do not pass."""

    state: DeviceState
    count: int
    median: int
    ninth: int


def _first_days() -> list[date]:
    """The first days of the last twelve months, this one included, and of the next."""
    here = today()
    number = here.year * 12 + here.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - MONTHS + 1, number + 2)]


def _instant(day: date) -> datetime:
    return from_wall(datetime(day.year, day.month, day.day)).astimezone(UTC)  # noqa: DTZ001 - a month begins on the territory's wall clock


def months() -> list[Month]:
    """The last twelve months, the oldest first. A machine counts once for a deed in a month; one that comes back is not received again."""
    days = _first_days()
    starts = [_instant(day) for day in days]
    place = case(*((Event.at < end, number) for number, end in enumerate(starts[1:])), else_=MONTHS)
    rows = db.session.execute(
        select(place.label("place"), Event.move, func.count(Event.subject_id.distinct()))
        .where(
            Event.subject_kind == Device.KIND,
            Event.move.in_(COUNTED),
            Event.at >= starts[0],
            # What turned out to be a machine that was here already is not another one.
            Event.subject_id.not_in(select(Device.id).where(Device.merged_into_id.is_not(None))),
        )
        .group_by("place", Event.move)
    )
    counts: dict[int, dict[str, int]] = {}
    for number, move, count in rows:
        counts.setdefault(number, {})[COUNTED[move]] = count
    return [_month(first, counts.get(number, {})) for number, (first, _next) in enumerate(pairwise(days))]


def _month(first: date, counts: Mapping[str, int]) -> Month:
    return Month(first, **{name: counts.get(name, 0) for name in COUNTED.values()})


def _seconds(begin: Any, end: Any) -> Any:
    if db.session.get_bind().dialect.name == "sqlite":
        return cast((func.julianday(end) - func.julianday(begin)) * DAY_SECONDS, Integer)
    return cast(extract("epoch", end - begin), Integer)


def steps() -> list[Step]:
    """How long each state lasted, of the stays that ended in the last twelve months."""
    entered = {"created": DeviceState.RECEIVED} | {row.name: row.target for row in device_machine.moves}
    along: dict[str, Any] = {"partition_by": Event.subject_id, "order_by": Event.position}
    moved = (
        select(
            Event.at,
            func.lag(Event.move).over(**along).label("by"),
            func.lag(Event.at).over(**along).label("since"),
        )
        .where(Event.subject_kind == Device.KIND, Event.move.in_(entered))
        .subquery()
    )
    rows = db.session.execute(
        select(moved.c.by, _seconds(moved.c.since, moved.c.at)).where(moved.c.since.is_not(None), moved.c.at >= _instant(_first_days()[0]))
    )
    lasted: dict[DeviceState, list[int]] = {state: [] for state in STEPS}
    for by, seconds in rows:
        state = entered[by]
        if state in lasted:
            lasted[state].append(max(0, int(seconds)))
    return [_step(state, sorted(found)) for state, found in lasted.items() if found]


def _step(state: DeviceState, lasted: Sequence[int]) -> Step:
    """The nearest rank: always a time that some machine took."""
    count = len(lasted)
    return Step(state, count, lasted[ceil(0.5 * count) - 1], lasted[ceil(0.9 * count) - 1])


# What became of the machines of a donation, as they are today: each is counted in one column.
FATES: dict[str, frozenset[DeviceState]] = {
    "at_work": frozenset(AT_BENCH),
    "ready": frozenset({DeviceState.READY, DeviceState.RESERVED}),
    "handed_over": frozenset({DeviceState.HANDED_OVER}),
    "in_pool": frozenset({DeviceState.IN_POOL}),
    "parts": frozenset({DeviceState.PARTS}),
    "waste": frozenset({DeviceState.WASTE}),
    "gone": frozenset({DeviceState.REFUSED, DeviceState.LOST}),
}


def yields() -> Select[*tuple[Any, ...]]:
    """Donation by donation, the latest first: its machines, what became of them, and how many are reused or ready to be."""
    counts = [func.count().filter(Device.state.in_(states)).label(name) for name, states in FATES.items()]
    return (
        select(
            Donation.reference,
            Donation.received_on,
            Organisation.name.label("donor"),
            func.count().label("total"),
            *counts,
            func.count().filter(Device.state.in_(PAST_THE_GATE)).label("kept"),
        )
        .join(Device, and_(Device.donation_id == Donation.id, Device.merged_into_id.is_(None)))
        .join(Organisation, Organisation.id == Donation.donor_id)
        .group_by(Donation.id, Donation.reference, Donation.received_on, Organisation.name)
        .order_by(Donation.received_on.desc(), Donation.id.desc())
    )


def all_together() -> Any:
    """The same counts over every donation."""
    counts = [func.count().filter(Device.state.in_(states)).label(name) for name, states in FATES.items()]
    return db.session.execute(
        select(func.count().label("total"), *counts, func.count().filter(Device.state.in_(PAST_THE_GATE)).label("kept"))
        .select_from(Device)
        .where(Device.merged_into_id.is_(None))
    ).one()
