"""On which thing each reservation may stand: a pure question of days, asked of no table.

Without fixed claims in the future the greedy answer is exact (interval graphs); with them the problem is hard in general, and this
errs on the safe side: it may say « short » where a longer search would find a way, never the other way round.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

RETRIES = 12
Days = tuple[date, date]
Busy = dict[int, list[Days]]


@dataclass(frozen=True, slots=True)
class Want:
    """What one unit needs: its days, half-open, and the thing that it stands on now, if any."""

    id: int
    starts: date
    until: date
    item: int | None = None


def place(items: Iterable[int], fixed: Iterable[tuple[int, date, date]], wants: Sequence[Want]) -> dict[int, int | None]:
    """The thing of each want by its id, or None for whoever is short.

    `fixed` are (thing, start, end) that cannot move. Whoever stands well stays; the older of the others come first; nobody who stands is
    put off for a newer one, though any may be moved to another thing.
    """
    walls = _walls(items, fixed)
    busy: Busy = {item: list(days) for item, days in walls.items()}
    placed: dict[int, int | None] = {}
    loose: list[Want] = []
    for want in wants:
        if want.item in busy and _idle(busy[want.item], want) is not None:
            _take(busy, placed, want, want.item)
        else:
            loose.append(want)
    for want in sorted(loose, key=lambda each: each.id):
        item = _closest(busy, want)
        if item is not None:
            _take(busy, placed, want, item)
        elif (moved := _moved(walls, busy, placed, wants, want)) is not None:
            placed |= moved
            busy = _standing(walls, wants, placed)
        else:
            placed[want.id] = None
    return placed


def _walls(items: Iterable[int], fixed: Iterable[tuple[int, date, date]]) -> Busy:
    walls: Busy = {item: [] for item in items}
    for item, starts, until in fixed:
        if item in walls:
            insort(walls[item], (starts, until))
    return walls


def _take(busy: Busy, placed: dict[int, int | None], want: Want, item: int) -> None:
    insort(busy[item], (want.starts, want.until))
    placed[want.id] = item


def _idle(days: list[Days], want: Want) -> tuple[int, int] | None:
    """The idle days that would be left after and before a want on a thing; None where it does not fit."""
    at = bisect_left(days, (want.starts, want.starts))
    before = days[at - 1][1] if at else date.min
    after = days[at][0] if at < len(days) else date.max
    if before > want.starts or after < want.until:
        return None
    return (after - want.until).days, (want.starts - before).days


def _closest(busy: Mapping[int, list[Days]], want: Want) -> int | None:
    """The thing on which a want leaves the smallest gaps."""
    gaps = [(idle, item) for item, days in busy.items() if (idle := _idle(days, want)) is not None]
    return min(gaps)[1] if gaps else None


def _moved(walls: Busy, busy: Busy, placed: Mapping[int, int | None], wants: Sequence[Want], want: Want) -> dict[int, int | None] | None:
    """All that stand and one more, each on a thing, if there is a way; by counting first, since most often there is none.

    Each that moves is written twice and looked at by the wall of the database: few move where that is enough, else whoever has to.
    """
    if _peak(busy, want) >= len(walls):
        return None
    order = sorted((each for each in wants if placed.get(each.id) is not None or each is want), key=lambda each: (each.starts, each.until))
    if (few := _few_moved(walls, placed, order)) is not None:
        return few
    for _try in range(RETRIES):
        found, failed = _coloured(walls, order)
        if failed is None:
            return found
        order.remove(failed)
        order.insert(0, failed)
    return None


def _few_moved(walls: Busy, placed: Mapping[int, int | None], order: Sequence[Want]) -> dict[int, int | None] | None:
    """By the day they start, everybody on their own thing unless it has just been taken: then on the one whose own comes last.

    Where nothing is fixed in days to come that is exact too, whichever idle thing is chosen.
    """
    busy: Busy = {item: list(days) for item, days in walls.items()}
    own: dict[int, list[Want]] = {item: [] for item in walls}
    for want in reversed(order):
        item = placed.get(want.id)
        if item is not None:
            own[item].append(want)  # The next to come is the last of each.
    found: dict[int, int | None] = {}
    for want in order:
        item = placed.get(want.id)
        if item is not None:
            own[item].remove(want)
        if item is None or _idle(busy[item], want) is None:
            item = _latest(busy, own, want)
        if item is None:
            return None
        _take(busy, found, want, item)
    return found


def _latest(busy: Mapping[int, list[Days]], own: Mapping[int, Sequence[Want]], want: Want) -> int | None:
    """The idle thing that is left free soonest after a want, where nobody has to move for it; else that whose own starts last."""
    idle = [item for item, days in busy.items() if _idle(days, want) is not None]
    starts = {item: own[item][-1].starts if own[item] else date.max for item in idle}
    return min(idle, key=lambda item: (starts[item] < want.until, abs(starts[item] - want.until), item), default=None)


def _peak(busy: Busy, want: Want) -> int:
    """On how many things something lies on the fullest day of a want."""
    steps = sorted(
        step
        for days in busy.values()
        for starts, until in days
        if starts < want.until and until > want.starts
        for step in ((max(starts, want.starts), 1), (until, -1))
    )
    most = load = 0
    for _day, step in sorted(steps, key=lambda each: (each[0], each[1])):
        load += step
        most = max(most, load)
    return most


def _coloured(walls: Busy, order: Sequence[Want]) -> tuple[dict[int, int | None], Want | None]:
    busy: Busy = {item: list(days) for item, days in walls.items()}
    found: dict[int, int | None] = {}
    for want in order:
        item = _closest(busy, want)
        if item is None:
            return found, want
        _take(busy, found, want, item)
    return found, None


def _standing(walls: Busy, wants: Sequence[Want], placed: Mapping[int, int | None]) -> Busy:
    busy: Busy = {item: list(days) for item, days in walls.items()}
    for want in wants:
        item = placed.get(want.id)
        if item is not None:
            insort(busy[item], (want.starts, want.until))
    return busy
