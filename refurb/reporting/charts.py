"""Charts drawn by the server: bars whose numbers stand on them, so that no colour has to be told apart; each has a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

# In the units of the drawing, which the page scales.
WIDTH, HEIGHT, FOOT, HEAD = 336, 132, 18, 18
GAP = 4


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands, its number, and the word below it."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    value: int
    label: str


@dataclass(frozen=True)
class Chart:
    """One series of bars on a common line."""

    title: str
    icon: str
    total: int
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    line: int = HEIGHT - FOOT


def bar_chart(title: str, icon: str, values: Sequence[int], labels: Sequence[str]) -> Chart:
    """Bars as high as their values, the highest filling the drawing; nothing is drawn for nought but its line."""
    most = max(*values, 1)
    step = WIDTH / len(values)
    room = HEIGHT - FOOT - HEAD
    bars = [
        Bar(
            x=round(place * step + GAP / 2, 1),
            y=round(HEIGHT - FOOT - room * value / most, 1),
            width=round(step - GAP, 1),
            height=round(room * value / most, 1),
            middle=round((place + 0.5) * step, 1),
            value=value,
            label=label,
        )
        for place, (value, label) in enumerate(zip(values, labels, strict=True))
    ]
    return Chart(title, icon, sum(values), bars)
