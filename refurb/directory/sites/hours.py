"""The opening hours of a week, in one form: read from what is typed or from OpenStreetMap's `opening_hours`, written as the latter.

Understood of OpenStreetMap's grammar (wiki.openstreetmap.org/wiki/Key:opening_hours/specification) is what one week can say: days, ranges
and lists of days, spans of hours within a day, « off », « 24/7 », and « PH off », which is true of all our places. What it says of months,
of certain weeks, of hours past midnight or of « by appointment » is refused by name rather than left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Final

from refurb.kernel.speech.errors import Refusal

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WHOLE_DAY: Final = 24 * 60
_DAY: Final = "|".join(DAYS)
_RULE: Final = re.compile(rf"(?P<days>(?:{_DAY})(?:\s*[-,]\s*(?:{_DAY}))*)?\s*(?P<hours>.*)\Z", re.IGNORECASE | re.DOTALL)
_RANGE: Final = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)\Z")
_OFF: Final = frozenset({"off", "closed"})
_TYPED: Final = re.compile(r"(?<!\d)(\d{1,2})(?:\s*[h:]\s*(\d\d)?)?(?!\d)")
_BETWEEN: Final = re.compile(r"(?:[\s,;·/|–—-]|\bde\b|\bà\b|\ba\b|\bet\b|\bpuis\b|\bto\b|\band\b)*\Z")
_SHUT: Final = frozenset({"", "-", "–", "—", "fermé", "ferme", "closed", "off"})

Span = tuple[int, int]
"""From one minute of the day up to another, which is no longer in it: (540, 750) is 9:00 to 12:30."""


class HoursUnclear(Refusal):
    """What was typed of the hours of a day is no span, or not in their order."""

    code = "site.hours_unclear"
    status = 422


class HoursNotUnderstood(Refusal):
    """A part of OpenStreetMap's `opening_hours` says more than one week can."""

    code = "site.hours_osm"
    status = 422


@dataclass(frozen=True)
class WeekHours:
    """The spans of each day, Monday first, in their order and apart from each other."""

    days: tuple[tuple[Span, ...], ...]

    def opens(self, weekday: int) -> bool:
        """Whether it is open at all on a day of the week, from 1, Monday."""
        return bool(self.days[weekday - 1])

    def opens_between(self, weekday: int, first: time, until: time) -> bool:
        """Whether it is open at some moment between two hours of a day of the week."""
        begin, end = minutes_of(first), minutes_of(until) or WHOLE_DAY
        return any(opens < end and closes > begin for opens, closes in self.days[weekday - 1])

    def __str__(self) -> str:
        """The one form in which it is kept: « Mo-Tu 09:00-12:30,14:00-18:00; Sa 10:00-12:00 »."""
        rules, at = [], 0
        while at < len(DAYS):
            end = at
            while end + 1 < len(DAYS) and self.days[end + 1] == self.days[at]:
                end += 1
            if self.days[at]:
                name = DAYS[at] if end == at else f"{DAYS[at]}-{DAYS[end]}"
                rules.append(f"{name} {','.join(map(_written, self.days[at]))}")
            at = end + 1
        return "; ".join(rules) or "off"


def minutes_of(hour: time) -> int:
    """The minute of the day."""
    return hour.hour * 60 + hour.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _written(span: Span) -> str:
    return f"{_clock(span[0])}-{_clock(span[1])}"


def week_of(days: Iterable[Iterable[Span]]) -> WeekHours:
    """A week of seven days' spans; those that touch become one. Raises `HoursUnclear` where one ends before it begins, or two overlap."""
    return WeekHours(tuple(_joined(spans) for spans in days))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for first, until in sorted(spans):
        if not 0 <= first < until <= WHOLE_DAY or (joined and first < joined[-1][1]):
            raise HoursUnclear(typed=f"{_clock(first)} – {_clock(until)}")
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], until)
        else:
            joined.append((first, until))
    return tuple(joined)


def spans_typed(typed: str) -> tuple[Span, ...]:
    """The spans that somebody typed of one day: « 9h-12h30, 14h à 18h », « 9:00-12:30 », nothing or « fermé ». Raises `HoursUnclear`."""
    text = " ".join(typed.casefold().split())
    if text in _SHUT:
        return ()
    ends = [_minute(found, typed) for found in _TYPED.finditer(text)]
    if not _BETWEEN.match(_TYPED.sub("", text)) or not ends or len(ends) % 2:
        raise HoursUnclear(typed=typed)
    spans = list(zip(ends[::2], ends[1::2], strict=True))
    if spans != sorted(spans):
        raise HoursUnclear(typed=typed)
    return _joined(spans)


def _minute(found: re.Match[str], typed: str) -> int:
    hour, minute = int(found[1]), int(found[2] or 0)
    if minute > 59 or hour * 60 + minute > WHOLE_DAY:
        raise HoursUnclear(typed=typed)
    return hour * 60 + minute


def read_osm(text: str) -> WeekHours:
    """The week that a text in OpenStreetMap's form says; of two rules for a day, the later. Raises `HoursNotUnderstood`, `HoursUnclear`."""
    days: list[tuple[Span, ...]] = [()] * len(DAYS)
    for rule in filter(None, (each.strip() for each in text.split(";"))):
        if rule.casefold() in {"ph off", "ph closed"}:
            continue
        if rule == "24/7":
            days = [((0, WHOLE_DAY),)] * len(DAYS)
            continue
        told, spans = _rule(rule)
        for day in told:
            days[day] = spans
    return week_of(days)


def _rule(rule: str) -> tuple[list[int], tuple[Span, ...]]:
    found = _RULE.match(rule)
    assert found is not None
    hours = found["hours"].strip()
    if hours.casefold() in _OFF:
        return _days(found["days"]), ()
    spans = []
    for each in hours.split(","):
        ends = _RANGE.match(each.strip())
        if ends is None:
            raise HoursNotUnderstood(part=rule)
        first, until = (int(ends[1]) * 60 + int(ends[2]), int(ends[3]) * 60 + int(ends[4]))
        if int(ends[2]) > 59 or int(ends[4]) > 59 or not first < until <= WHOLE_DAY:
            raise HoursNotUnderstood(part=rule)
        spans.append((first, until))
    return _days(found["days"]), tuple(spans)


def _days(told: str | None) -> list[int]:
    if not told:
        return list(range(len(DAYS)))
    found: list[int] = []
    for each in told.split(","):
        first, _dash, last = (part.strip().title() for part in each.partition("-"))
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [number % len(DAYS) for number in range(begin, end + 1 if end >= begin else end + 1 + len(DAYS))]
    return found


def read_kept(kept: str | None) -> WeekHours | None:
    """The week as it is kept; None where nobody has said it."""
    return read_osm(kept) if kept is not None else None
