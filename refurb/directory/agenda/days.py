"""Whether somebody is at a place on a day: the one answer of holidays, closures and opening hours, asked by everything that is dated."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Final

from refurb.directory.agenda.calendar import Agenda
from refurb.directory.sites.hours import WHOLE_DAY, Span, WeekHours, minutes_of

_LEAP_YEAR: Final = 2000
LONGEST: Final = timedelta(days=183)
"""How long one closure lasts at most, its first day and its last among them: what is closed for longer is given up."""


@dataclass(frozen=True)
class ClosedSpan:
    """From one day to another, both closed; with `yearly` also on the same dates of each later year. `site_id` None: everywhere.

    29 February stands for the last day of February: a closure that begins or ends on it does so on the 28th of a common year.
    `instead_of` is the closure whose days open again when these are closed. With `hours`, the minutes from one up to another of each of
    these days are closed, and the rest of the day is not.
    """

    first: date
    last: date
    yearly: bool = False
    site_id: int | None = None
    reason: str = ""
    instead_of: "ClosedSpan | None" = None
    hours: Span | None = None

    def concerns(self, site_id: int) -> bool:
        """Whether it closes this place."""
        return self.site_id is None or self.site_id == site_id

    def holds(self, day: date) -> bool:
        """Whether it closes the day, from morning to evening."""
        return self.hours is None and self.touches(day)

    def touches(self, day: date) -> bool:
        """Whether the day is one of its days, some hours of which it may leave open."""
        if not self.yearly:
            return self.first <= day <= self.last
        return any(first <= day <= last for first, last in self._near(day.year))

    def has_begun(self, day: date) -> bool:
        """Whether some of it lies before a day: of one of every year, of the time in which that day is."""
        return self.touches(day) and self.touches(day - timedelta(days=1)) if self.yearly else self.first < day

    def _near(self, year: int) -> Iterator[tuple[date, date]]:
        """Those of its times that may hold a day of a year: the one that begins in it, and the one that began the year before."""
        across = self.last.year - self.first.year
        for begun in (year - 1, year):
            if begun >= self.first.year:
                yield _in(begun, self.first), _in(begun + across, self.last)

    def times(self, since: date, until: date) -> list[tuple[date, date]]:
        """Its times between two days, cut off at them: (first, last), both closed."""
        if not self.yearly:
            found = [(self.first, self.last)]
        else:
            found = sorted({each for year in range(since.year, until.year + 1) for each in self._near(year)})
        return [(max(first, since), min(last, until)) for first, last in found if first <= until and last >= since]


def _in(year: int, day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return day.replace(year=year)


def _without(span: Span, shut: Span) -> Iterator[Span]:
    """What is left of a span when another is taken out of it."""
    if shut[0] > span[0]:
        yield span[0], min(span[1], shut[0])
    if shut[1] < span[1]:
        yield max(span[0], shut[1]), span[1]


@dataclass(frozen=True)
class SiteDays:
    """The days of one place: the calendar of all, the closures that concern it, and its hours; None where nobody has said them.

    A stop is open on the days of its `passages`, whatever the hours; None for any other place.
    """

    calendar: Agenda
    closed: tuple[ClosedSpan, ...] = ()
    hours: WeekHours | None = None
    passages: frozenset[date] | None = None

    def is_open(self, day: date) -> bool:
        """Whether somebody may be there on that day."""
        if self.passages is not None:
            return day in self.passages and self.is_spared(day)
        return bool(self.open_spans(day))

    def is_open_between(self, day: date, first: time, until: time) -> bool:
        """Whether somebody may be there at some moment between two hours of that day."""
        if self.passages is not None:
            return self.is_open(day)
        begin, end = minutes_of(first), minutes_of(until) or WHOLE_DAY
        return any(opens < end and closes > begin for opens, closes in self.open_spans(day))

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """The hours of a day, less those that are closed; the whole day where nobody has said its hours."""
        if not self.is_spared(day):
            return ()
        spans = ((0, WHOLE_DAY),) if self.hours is None else self.hours.days[day.isoweekday() - 1]
        for shut in self._shut(day):
            spans = tuple(each for span in spans for each in _without(span, shut))
        return spans

    def _shut(self, day: date) -> list[Span]:
        return [each.hours for each in self.closed if each.hours is not None and each.touches(day)]

    def is_spared(self, day: date) -> bool:
        """Whether the day is no holiday, and no closure holds it whole."""
        return self.calendar.is_open(day) and not any(each.holds(day) for each in self.closed)

    def is_spared_between(self, day: date, first: int, until: int) -> bool:
        """Whether the day is no holiday, and nothing is closed from one of its minutes up to another."""
        return self.is_spared(day) and not any(opens < until and closes > first for opens, closes in self._shut(day))

    def with_closed(self, span: ClosedSpan) -> "SiteDays":
        """The same days if that were closed too, and open again what it takes the place of."""
        return replace(self, closed=(*self.without(span.instead_of).closed, span))

    def without(self, span: ClosedSpan | None) -> "SiteDays":
        """The same days if one closure of them were none; another of the same days still holds them."""
        if span not in self.closed:
            return self
        found = self.closed.index(span)
        return replace(self, closed=self.closed[:found] + self.closed[found + 1 :])
