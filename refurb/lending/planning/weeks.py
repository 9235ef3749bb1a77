"""A week as rows of days: what stands on each thing, cut to the week. Pure: asked of no table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

DAYS = 7


@dataclass(frozen=True)
class PlanBar:
    """What stands on a thing from one day to another, half-open: how it looks, what it says, where it leads.

    `is_asked` is what is only held, or supposed. `goes_on_before` and `goes_on_after` say that it is cut at the week.
    """

    starts: date
    until: date
    tone: str
    icon: str
    word: Any
    who: str = ""
    leads_to: tuple[str, dict[str, Any]] | None = None
    is_asked: bool = False
    goes_on_before: bool = False
    goes_on_after: bool = False


@dataclass(frozen=True)
class PlanCell:
    """Some days of a row: one free or closed day, or the days of a bar."""

    days: int
    first: date
    bar: PlanBar | None = None


def cut(bar: PlanBar, monday: date) -> PlanBar | None:
    """The part of a bar that lies in a week; None where there is none."""
    sunday = monday + timedelta(days=DAYS)
    if bar.until <= monday or bar.starts >= sunday or bar.until <= bar.starts:
        return None
    return replace(
        bar,
        starts=max(bar.starts, monday),
        until=min(bar.until, sunday),
        goes_on_before=bar.starts < monday,
        goes_on_after=bar.until > sunday,
    )


def row_of(bars: Sequence[PlanBar], monday: date) -> list[PlanCell]:
    """The cells of a week; of two bars that share a day the earlier one gives way."""
    found = sorted((each for bar in bars if (each := cut(bar, monday))), key=lambda each: (each.starts, each.until))
    cells: list[PlanCell] = []
    day, sunday = monday, monday + timedelta(days=DAYS)
    for at, bar in enumerate(found):
        until = min(bar.until, found[at + 1].starts) if at + 1 < len(found) else bar.until
        starts = max(bar.starts, day)
        while day < starts:
            cells.append(PlanCell(1, day))
            day += timedelta(days=1)
        if until > starts:
            cells.append(PlanCell((until - starts).days, starts, bar))
            day = until
    while day < sunday:
        cells.append(PlanCell(1, day))
        day += timedelta(days=1)
    return cells
