"""Charts drawn by the server: three bars a month, and bars that lie down on a telephone; each has its table beside it.

What is not told has no bar: its height would tell it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDE, TALL, FOOT, LEFT = 880, 250, 30, 44
NARROW, ROW = 330, 52
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class ChartBar:
    """One bar: its place, its series (0, 1, 2), its number as it is said."""

    x: float
    y: float
    width: float
    height: float
    series: int
    told: str


@dataclass(frozen=True)
class ChartTick:
    """A line across the chart, or a word below it."""

    at: float
    told: str


@dataclass(frozen=True)
class Plot:
    """A chart as it is drawn."""

    width: int
    height: int
    bars: tuple[ChartBar, ...]
    ticks: tuple[ChartTick, ...]
    words: tuple[ChartTick, ...]


def _step(most: int) -> int:
    """Between two lines: 1, 2 or 5 with noughts, at most five lines."""
    size = 1
    while True:
        for each in _STEPS:
            if each * size * 5 >= most:
                return each * size
        size *= 10


def months_wide(labels: Sequence[str], series: Sequence[Sequence[int | None]]) -> Plot:
    """Bars that stand, month beside month, each series in its place."""
    most = max((number or 0 for each in series for number in each), default=0) or 1
    step = _step(most)
    top = step * ceil(most / step)
    floor, room = TALL - FOOT, TALL - FOOT - 20
    each_wide = (WIDE - LEFT) / max(len(labels), 1)
    bar = min(22.0, each_wide / (len(series) + 1))
    bars = tuple(
        ChartBar(
            round(LEFT + place * each_wide + (each_wide - bar * len(series)) / 2 + nth * bar, 1), round(floor - room * number / top, 1),
            round(bar - 2, 1), round(room * number / top, 1), nth, str(number),
        )
        for nth, numbers in enumerate(series)
        for place, number in enumerate(numbers)
        if number
    )  # fmt: skip
    ticks = tuple(ChartTick(round(floor - room * value / top, 1), str(value)) for value in range(0, top + 1, step))
    words = tuple(ChartTick(round(LEFT + (place + 0.5) * each_wide, 1), label) for place, label in enumerate(labels))
    return Plot(WIDE, TALL, bars, ticks, words)


def months_narrow(labels: Sequence[str], series: Sequence[Sequence[int | None]]) -> Plot:
    """The same lying down, with the numbers beside them."""
    most = max((number or 0 for each in series for number in each), default=0) or 1
    bars = tuple(
        ChartBar(52, place * ROW + 2 + nth * 15, round((NARROW - 100) * number / most, 1), 13, nth, str(number))
        for nth, numbers in enumerate(series)
        for place, number in enumerate(numbers)
        if number
    )
    return Plot(
        NARROW, ROW * max(len(labels), 1), bars, (), tuple(ChartTick(place * ROW + 26, label) for place, label in enumerate(labels))
    )


def shares(rows: Sequence[tuple[str, Sequence[tuple[int, str]]]], width: int = 480) -> Plot:
    """One lying bar for each year, its parts beside each other; a part is a number and what is said of it."""
    most = max((sum(number for number, _told in parts) for _label, parts in rows), default=0) or 1
    left, bars = 52.0, []
    for place, (_label, parts) in enumerate(rows):
        at = left
        for nth, (number, told) in enumerate(parts):
            long = (width - left) * number / most
            if number:
                bars.append(ChartBar(round(at, 1), place * 56 + 10, round(max(long - 1, 0.5), 1), 36, nth % 3, told))
            at += long
    return Plot(
        width, 56 * max(len(rows), 1), tuple(bars), (), tuple(ChartTick(place * 56 + 33, label) for place, (label, _p) in enumerate(rows))
    )
