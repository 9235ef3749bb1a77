"""Whose turn it is: weeks counted from a Monday, never by their number in the year; what closures shift; the days a rule calls on.

Pure: no row, no clock. A week's turn is 0 for A, 1 for B, and so on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

WEEK: Final = timedelta(days=7)
LAST: Final = -1
"""Of the days of a month, the last one of its weekday."""
_WORKING_DAYS: Final = timedelta(days=5)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def whole_weeks(first: date, until: date) -> int:
    """How many weeks a closure takes whole, half-open: from Monday to Friday. A week of which a day is left is no week that was missed."""
    return max(0, (until - _WORKING_DAYS - _next_monday(first)).days // 7 + 1)


def _next_monday(day: date) -> date:
    return day if day.weekday() == 0 else monday_of(day) + WEEK


@dataclass(frozen=True)
class ShutSpan:
    """Days, half-open, on which nothing is served, and why. `shifts`: the week that was missed comes next; else the dates stay."""

    first: date
    until: date
    shifts: bool = False
    why: str = ""

    @property
    def weeks(self) -> int:
        """How many weeks it takes whole."""
        return whole_weeks(self.first, self.until)

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day < self.until

    def is_over_by(self, monday: date) -> bool:
        """Whether the weeks that it takes whole lie before the one of this Monday."""
        return _next_monday(self.first) + self.weeks * WEEK <= monday


@dataclass(frozen=True)
class CallRule:
    """When a stop is called at: a weekday (1, Monday) of one turn, of every week (`turn` None), or the `nth` of each month.

    `opens` and `closes` are minutes of the day on the territory's clock; `since` to `until` is half-open, without an end where None.
    """

    site_id: int
    weekday: int
    opens: int
    closes: int
    since: date
    turn: int | None = None
    nth: int | None = None
    until: date | None = None
    id: int | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether the rule holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def meets(self, other: "CallRule", cycle: int) -> bool:
        """Whether both could call on one day at the same hours."""
        return self.opens < other.closes and other.opens < self.closes and self.shares_days(other, cycle)

    def shares_days(self, other: "CallRule", cycle: int) -> bool:
        """Whether both could call on one day."""
        if self.weekday != other.weekday:
            return False
        if not (_before(self.since, other.until) and _before(other.since, self.until)):
            return False
        turns, others = ({rule.turn} if rule.turn is not None else set(range(cycle)) for rule in (self, other))
        return bool(turns & others) and bool(_which(self.nth) & _which(other.nth))


def _which(nth: int | None) -> set[int]:
    """Which of the five days of one weekday in a month may be meant."""
    if nth is None:
        return set(range(1, 6))
    return {4, 5} if nth == LAST else {nth}


def _before(day: date, end: date | None) -> bool:
    return end is None or day < end


def is_nth(day: date, nth: int) -> bool:
    """Whether a day is the nth of its weekday in its month; `LAST` for the last, which is the fourth or the fifth."""
    if nth == LAST:
        return (day + WEEK).month != day.month
    return (day.day - 1) // 7 + 1 == nth


@dataclass(frozen=True)
class Schedule:
    """A rota as it is, or as it would be: counted from a Monday, `cycle` weeks in turn, from one day to another, with a vehicle."""

    anchor: date
    cycle: int
    since: date
    until: date | None = None
    shut: tuple[ShutSpan, ...] = ()
    rules: tuple[CallRule, ...] = ()
    vehicle_id: int | None = None

    def turn(self, day: date) -> int:
        """The turn of a day's week: the weeks since the anchor, less those that closures before it shifted."""
        monday = monday_of(day)
        shifted = sum(each.weeks for each in self.shut if each.shifts and self.anchor <= each.first and each.is_over_by(monday))
        return ((monday - self.anchor).days // 7 - shifted) % self.cycle

    def shut_on(self, day: date) -> ShutSpan | None:
        """The closure that holds a day, if any."""
        return next((each for each in self.shut if each.holds(day)), None)

    def calls(self, first: date, until: date) -> Iterator[tuple[date, CallRule]]:
        """The days, half-open, on which a rule calls, closures not looked at, each with its rule."""
        begin, end = max(first, self.since), min(until, self.until) if self.until else until
        for rule in self.rules:
            start = max(begin, rule.since)
            day = start + timedelta(days=(rule.weekday - start.isoweekday()) % 7)
            while day < end and rule.is_in_force(day):
                if self._is_called(rule, day):
                    yield day, rule
                day += WEEK

    def _is_called(self, rule: CallRule, day: date) -> bool:
        if rule.nth is not None:
            return is_nth(day, rule.nth)
        return rule.turn is None or self.turn(day) == rule.turn

    def asks(self, span: ShutSpan) -> bool:
        """Whether it makes a difference what comes after a closure: an even number of weeks in a rota of two gives the same either way."""
        return span.weeks % self.cycle != 0

    def with_shut(self, span: ShutSpan) -> "Schedule":
        """The same rota with a closure, in the place of one that begins on the same day."""
        return replace(self, shut=(*(each for each in self.shut if each.first != span.first), span))

    def without_shut(self, first: date) -> "Schedule":
        """The same rota without the closure that begins on a day."""
        return replace(self, shut=tuple(each for each in self.shut if each.first != first))

    def with_rules(self, rules: Sequence[CallRule]) -> "Schedule":
        """The same rota with other stops."""
        return replace(self, rules=tuple(rules))
