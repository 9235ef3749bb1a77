"""What the page of a month is drawn from, whatever it tells of its days: its weeks from Monday on, and the months beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import format_date

from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import day
from refurb.lending.planning.weeks import DAYS


@dataclass(frozen=True)
class MonthCell:
    """One day of a month: what is told of it (`told`), whether it is closed or nothing is to be said of it, and where it leads."""

    on: date
    told: Any
    is_shut: bool
    is_idle: bool
    leads_to: str

    @property
    def is_today(self) -> bool:
        """Whether it is this day."""
        return self.on == today()

    @property
    def spoken(self) -> str:
        """The day in words."""
        return str(day(self.on, "full"))


def month_after(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def shown_month(first: date, cell: Callable[[date], MonthCell]) -> dict[str, Any]:
    """A month from its first day on: a cell for each of its days, None for those of its neighbours that fill its weeks."""
    start, after, weeks = first - timedelta(days=first.weekday()), month_after(first), []
    while start < after:
        week = [start + timedelta(days=each) for each in range(DAYS)]
        weeks.append([cell(on) if on.month == first.month else None for on in week])
        start += timedelta(days=DAYS)
    return {
        "weeks": weeks, "first": first, "before": (first - timedelta(days=1)).replace(day=1), "after": after,
        "names": [format_date(date(2024, 1, each), "EEEE") for each in range(1, 8)], "month": lambda on: format_date(on, "MMMM y"),
    }  # fmt: skip
