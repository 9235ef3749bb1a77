"""What is planned on days that are about to be closed, and what stands at a place that is about to be given up: each room above says it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.sites.hours import WHOLE_DAY
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.clock import from_wall, today

AHEAD: Final = 800
"""Days for which a yearly closure is followed: what is agreed on is agreed on for less."""


@dataclass(frozen=True)
class PlannedThing:
    """Something on a day that is to be closed: what, when, the endpoint of its page; and the day it moves to, if it moves by itself."""

    what: str
    day: date
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    moves_to: date | None = None


@dataclass(frozen=True)
class Planner:
    """What one room plans: what of it lies on closed days, and, where its rule is to move it, the deed that does."""

    find: Callable[[Actor, ClosedSpan], Sequence[PlannedThing]]
    move: Callable[[Actor, ClosedSpan], None] | None = None


@dataclass(frozen=True)
class ThingsThere:
    """What stands at a place: how many of what, said with its number."""

    what: str
    count: int


planned: list[Planner] = []
"""What the rooms above plan, in the order in which it is told; filled by the wiring."""
standing: list[Callable[[int], Sequence[ThingsThere]]] = []
"""What the rooms above keep at a place, given its id; filled by the wiring."""


def on_closed_days(span: ClosedSpan, column: Any) -> ColumnElement[bool]:
    """The rows whose day is to come and lies in a closure."""
    times = span.times(today(), today() + timedelta(days=AHEAD))
    return or_(*(and_(column >= first, column <= last) for first, last in times)) if times else false()


def at_closed_times(span: ClosedSpan, column: Any) -> ColumnElement[bool]:
    """The rows whose instant is to come and lies in a closure, by the territory's clock, whatever daylight saving does to the days."""
    times = span.times(today(), today() + timedelta(days=AHEAD))
    if span.hours is not None:  # Some hours of each day: each is a time of its own.
        times = [(day, day) for first, last in times for day in (first + timedelta(days=each) for each in range((last - first).days + 1))]
    opens, closes = span.hours or (0, WHOLE_DAY)
    bounds = [(_instant(first, opens), _instant(last, closes)) for first, last in times]
    return or_(*(and_(column >= begin, column < end) for begin, end in bounds)) if bounds else false()


def _instant(day: date, minute: int) -> datetime:
    """A minute of a day on the territory's clock; the last of it is the first of the next."""
    return from_wall(datetime.combine(day + timedelta(days=minute // WHOLE_DAY), time(minute // 60 % 24, minute % 60)))


def what_is_planned(actor: Actor, span: ClosedSpan) -> list[PlannedThing]:
    """Everything on days that are to be closed, in the order of the days: what stays to be moved by somebody, and what moves by itself."""
    return sorted((each for asked in planned for each in asked.find(actor, span)), key=lambda each: each.day)


def what_stands_at(site_id: int) -> list[ThingsThere]:
    """What a place holds that keeps it from being given up."""
    return [each for asked in standing for each in asked(site_id) if each.count]
