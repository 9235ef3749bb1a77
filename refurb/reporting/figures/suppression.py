"""What of a table may leave the house: no number from 1 to 4 is told, and none can be worked out from those that are.

A table is its cells and its sums (a total and its parts); a cell may stand in several sums, as the total of all visits stands in each of
its tables, and a cell of a crossed table in that of its row and that of its column. `protect` says how each cell is shown:

- a number from 1 to 4 is *few*: « moins de 5 » ;
- others are *hidden* as long as somebody who knows the rule and every number shown could narrow a *few* one: for each of 1, 2, 3 and 4
  there must be a table that fits. Who reads knows that a hidden number is 5 or more, or else it would be said to be few;
- where a total is few itself and has several parts, nothing is said of its parts, not even which are nought (*withheld*);
- `unsaid` cells are on no page, and bind others all the same: how much more the reasons are than the visits that told one.

Complementary suppression as of Hundepool and others, Statistical Disclosure Control (2012), chapter 4. One table, or several that are
released together, at a time: what was released before is for the caller to put among the sums.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

FEW = 5
"""The least number that is told, beside nought."""
_TRIES = 4_000
"""Steps of one search; a table that needs more is taken for one that tells too much."""
_TRIED = 12
"""Cells of which it is tried whether hiding them alone is enough."""

Key = TypeVar("Key", bound=Hashable)


class Cover(StrEnum):
    """How a cell is shown."""

    EXACT = "exact"
    FEW = "few"
    HIDDEN = "hidden"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class SumOf(Generic[Key]):
    """A cell that is the sum of others."""

    total: Key
    parts: tuple[Key, ...]


def protect(cells: Mapping[Key, int], sums: Sequence[SumOf[Key]], unsaid: Collection[Key] = ()) -> dict[Key, Cover]:
    """How each cell is shown; cells in no sum are few or exact. The sums must hold."""
    shown = {key: Cover.FEW if 0 < number < FEW else Cover.EXACT for key, number in cells.items()}
    shown.update(dict.fromkeys(unsaid, Cover.WITHHELD))
    _withhold_parts(cells, sums, shown, unsaid)
    around: dict[Key, list[SumOf[Key]]] = _around(cells, sums)
    seen = _Seen[Key]()
    while (bare := _bare(cells, around, shown, seen)) is not None:
        found = _next_to_hide(cells, sums, around, shown, bare)
        if found is None:
            return _all_withheld(sums, shown)
        shown[found] = Cover.HIDDEN
    return shown


def _withhold_parts(cells: Mapping[Key, int], sums: Sequence[SumOf[Key]], shown: dict[Key, Cover], unsaid: Collection[Key]) -> None:
    """Of a few there is nothing to tell apart; nor of what is withheld itself."""
    changed = True
    while changed:
        changed = False
        for each in sums:
            nothing_said = each.total not in unsaid and shown[each.total] is Cover.WITHHELD
            several = shown[each.total] is Cover.FEW and sum(cells[part] > 0 for part in each.parts) > 1
            left = [part for part in each.parts if shown[part] is not Cover.WITHHELD]
            if (nothing_said or several) and left:
                changed = True
                shown.update(dict.fromkeys(left, Cover.WITHHELD))


def _all_withheld(sums: Sequence[SumOf[Key]], shown: dict[Key, Cover]) -> dict[Key, Cover]:
    """Where hiding one after the other does not help: nothing of what is summed."""
    summed = {key for each in sums for key in (each.total, *each.parts)}
    return {key: Cover.WITHHELD if key in summed else how for key, how in shown.items()}


def _next_to_hide(
    cells: Mapping[Key, int], sums: Sequence[SumOf[Key]], around: Mapping[Key, list[SumOf[Key]]], shown: Mapping[Key, Cover], bare: Key
) -> Key | None:
    """The cell that covers one that is bare: the smallest near it that does so alone; else the smallest part there, then a total.

    Near it are its own sums, and those of what is hidden in them: in a crossed table that is where it is still told.
    """
    near: set[Key] = {bare}
    for _ring in range(2):
        near |= _beside(near, sums, shown)
    while not (found := [key for key in cells if key in near and shown[key] is Cover.EXACT and cells[key] >= FEW]):
        wider = near | {cell for each in sums if near & {each.total, *each.parts} for cell in (each.total, *each.parts)}
        if wider == near:
            return None
        near = wider
    totals = {each.total for each in sums}
    found.sort(key=lambda key: (cells[key], key in totals, str(key)))
    for key in found[:_TRIED]:
        if _is_covered(cells, {**shown, key: Cover.HIDDEN}, around, bare, _Seen[Key]()):
            return key
    return min(found, key=lambda key: (key in totals, cells[key], str(key)))


def _beside(near: set[Key], sums: Sequence[SumOf[Key]], shown: Mapping[Key, Cover]) -> set[Key]:
    """The cells of the sums in which something stands that is near and not told."""
    untold = {key for key in near if shown[key] is not Cover.EXACT}
    return {cell for each in sums if untold & {each.total, *each.parts} for cell in (each.total, *each.parts)}


# --- whether a number can be narrowed -------------------------------------------------------------------------------------

Bounds = dict[Key, tuple[int, int]]


class _Seen(dict[Key, set[int]], Generic[Key]):
    """By each few cell, the numbers that it has in a table that fits. To hide more takes none away: what fitted once fits for good."""

    def note(self, table: Bounds[Key], tied: Iterable[Key]) -> None:
        """Remember what stands in one table that fits."""
        for key in tied:
            self.setdefault(key, set()).add(table[key][0])

    def is_done(self, key: Key, number: int) -> bool:
        """Whether a table was found with this number there."""
        return number in self.get(key, ())


def _bare(cells: Mapping[Key, int], around: Mapping[Key, list[SumOf[Key]]], shown: Mapping[Key, Cover], seen: _Seen[Key]) -> Key | None:
    """A few cell of which somebody who reads the rest could tell more than that it is few."""
    return next((key for key, how in shown.items() if how is Cover.FEW and not _is_covered(cells, shown, around, key, seen)), None)


def _around(cells: Mapping[Key, int], sums: Sequence[SumOf[Key]]) -> dict[Key, list[SumOf[Key]]]:
    """By each cell, the sums in which it stands."""
    around: dict[Key, list[SumOf[Key]]] = {key: [] for key in cells}
    for each in sums:
        for key in (each.total, *each.parts):
            around[key].append(each)
    return around


def _is_covered(
    cells: Mapping[Key, int], shown: Mapping[Key, Cover], around: Mapping[Key, list[SumOf[Key]]], key: Key, seen: _Seen[Key]
) -> bool:  # fmt: skip
    """Whether a few cell may be each of the numbers that are few, for all that is shown."""
    left = [number for number in range(1, FEW) if not seen.is_done(key, number)]
    if not left:
        return True
    most = sum(cells.values()) + FEW * len(cells)
    known: Bounds[Key] = {each: _bounds(cells[each], how, most) for each, how in shown.items()}
    tied = _tied_to(key, known, around)
    return all(seen.is_done(key, number) or _fits(known, around, key, number, tied, seen) for number in left)


def _bounds(number: int, how: Cover, most: int) -> tuple[int, int]:
    return {Cover.EXACT: (number, number), Cover.FEW: (1, FEW - 1), Cover.HIDDEN: (FEW, most), Cover.WITHHELD: (0, most)}[how]


def _fits(
    known: Bounds[Key], around: Mapping[Key, list[SumOf[Key]]], key: Key, number: int, tied: Sequence[Key], seen: _Seen[Key]
) -> bool:  # fmt: skip
    """Whether there is a table with this number there, among all that fit what is shown."""
    bounds = dict(known)
    bounds[key] = (number, number)
    table = _search(bounds, tied, around, [_TRIES]) if _narrow(bounds, around[key], around) else None
    if table is not None:
        seen.note(table, tied)
    return table is not None


def _tied_to(key: Key, known: Bounds[Key], around: Mapping[Key, list[SumOf[Key]]]) -> list[Key]:
    """The cells that are not told and hang together with one by sums: no other depends on what it is."""
    tied: dict[Key, None] = {key: None}
    waiting: list[Key] = [key]
    while waiting:
        for each in around[waiting.pop()]:
            new = [cell for cell in (each.total, *each.parts) if known[cell][0] < known[cell][1] and cell not in tied]
            tied.update(dict.fromkeys(new))
            waiting += new
    return list(tied)


def _narrow(bounds: Bounds[Key], asked: Iterable[SumOf[Key]], around: Mapping[Key, list[SumOf[Key]]]) -> bool:
    """Narrow what each cell may be until nothing more follows; False where no table is left."""
    waiting = list(asked)
    while waiting:
        each = waiting.pop()
        least, most = sum(bounds[part][0] for part in each.parts), sum(bounds[part][1] for part in each.parts)
        low, high = bounds[each.total]
        told = {each.total: (max(low, least), min(high, most))}
        for part in each.parts:
            one, other = bounds[part]
            told[part] = (max(one, low - (most - other)), min(other, high - (least - one)))
        for cell, (one, other) in told.items():
            if one > other:
                return False
            if (one, other) != bounds[cell]:
                bounds[cell] = (one, other)
                waiting += around[cell]
    return True


def _search(bounds: Bounds[Key], tied: Sequence[Key], around: Mapping[Key, list[SumOf[Key]]], tries: list[int]) -> Bounds[Key] | None:
    """The first table that fits, if one is found in so many tries."""
    open_cells = [key for key in tied if bounds[key][0] < bounds[key][1]]
    if not open_cells:
        return bounds
    chosen = min(open_cells, key=lambda key: bounds[key][1] - bounds[key][0])
    low, high = bounds[chosen]
    for number in dict.fromkeys((low, high, *range(low + 1, min(high, low + 2 * FEW)))):
        tries[0] -= 1
        if tries[0] < 0:
            return None
        tried = dict(bounds)
        tried[chosen] = (number, number)
        if _narrow(tried, around[chosen], around):
            found = _search(tried, open_cells, around, tries)
            if found is not None:
                return found
    return None
