"""The terms of config/policy/loans.toml: for how long each category is lent, and on which days nothing is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from refurb.kernel.deeds import policy

# A year of closed days in a row would be a mistake in the file.
_FURTHEST = 366


class TermsError(ValueError):
    """The policy file cannot be used as it is written; the message says where and why."""


@dataclass(frozen=True)
class Terms:
    """How a category is lent, in days: proposed and at most; `renewals` is how often it may go on."""

    key: str
    name: str
    picture: str
    days: int
    longest: int
    renewals: int


@dataclass(frozen=True)
class LoanPolicy:
    """The whole file, and the version by which a loan remembers it."""

    version: str
    most_items: int
    categories: Mapping[str, Terms]
    closed_weekdays: frozenset[int]
    closed_dates: frozenset[tuple[int, int]]
    closed_after_easter: frozenset[int]
    closures: tuple[tuple[date, date], ...]

    def terms(self, category: str) -> Terms:
        """The terms of a category; one that has left the file is lent as anything else is."""
        return self.categories.get(category, self.categories["other"])

    def is_open(self, day: date) -> bool:
        """Whether somebody can bring a thing back on that day."""
        return not (
            day.isoweekday() in self.closed_weekdays
            or (day.month, day.day) in self.closed_dates
            or (day - easter(day.year)).days in self.closed_after_easter
            or any(first <= day < until for first, until in self.closures)
        )

    def latest(self, terms: Terms, out_on: date) -> date:
        """The last day that may be agreed on: the last open one within the longest loan, else the first one after it."""
        return self._nearest(out_on + timedelta(days=terms.longest), out_on)

    def due_date(self, terms: Terms, out_on: date) -> date:
        """The day proposed: the first open one once the usual days have passed, unless that is too late."""
        latest = self.latest(terms, out_on)
        proposed = self._onward(out_on + timedelta(days=terms.days))
        return min(proposed, latest)

    def _nearest(self, day: date, out_on: date) -> date:
        back = day
        while back > out_on:
            if self.is_open(back):
                return back
            back -= timedelta(days=1)
        return self._onward(day)

    def _onward(self, day: date) -> date:
        for later in range(_FURTHEST):
            if self.is_open(day + timedelta(days=later)):
                return day + timedelta(days=later)
        raise TermsError("loans: no day is open")


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (the computus of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    fours, ones = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * fours - moon - ones) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache
def loan_policy() -> LoanPolicy:
    """The policy in force; raises TermsError when the file is not right."""
    kept = policy.read("loans")
    return read_terms(kept.content, kept.version)


def read_terms(data: Mapping[str, Any], version: str) -> LoanPolicy:
    """The policy in data of the shape of loans.toml."""
    try:
        categories = {key: Terms(key=key, **fields) for key, fields in data["categories"].items()}
        made = LoanPolicy(
            version=version,
            most_items=data["most_items"],
            categories=categories,
            closed_weekdays=frozenset(data["closed_weekdays"]),
            closed_dates=frozenset((int(each[:2]), int(each[3:])) for each in data["closed_dates"]),
            closed_after_easter=frozenset(data["closed_after_easter"]),
            closures=tuple((each["from"], each["until"]) for each in data.get("closures", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TermsError(f"loans: {error!r}") from error
    for each in categories.values():
        if not 1 <= each.days <= each.longest <= _FURTHEST or each.renewals < 0:
            raise TermsError(f"loans: {each.key}: days from 1 to longest, at most {_FURTHEST}")
    if "other" not in categories or not 1 <= made.most_items <= 50:
        raise TermsError("loans: a category « other » and from 1 to 50 items are needed")
    if any(until <= first for first, until in made.closures):
        raise TermsError("loans: a closure ends after it begins")
    return made
