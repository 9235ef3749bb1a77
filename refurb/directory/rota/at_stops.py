"""What people fetch and bring back at the stops: each room above says it, so that nothing is moved that was not seen."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from refurb.directory.agenda.days import ClosedSpan
from refurb.kernel.deeds.access import Actor

PassageKey = tuple[int, date]
"""The place of a stop, and the day."""


@dataclass(frozen=True)
class ThingAtStop:
    """Something fetched or brought back at a stop on a day: what, and the endpoint of its page; `moves` where its day follows by itself.

    Told by reference, never by the person.
    """

    site_id: int
    day: date
    what: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    moves: bool = False

    @property
    def key(self) -> PassageKey:
        """Which passage it is for."""
        return self.site_id, self.day


@dataclass(frozen=True)
class StopRoom:
    """One room that hands over at stops: what is to happen at some from a day on, and the deed that moves it on, or tells whoever waits.

    `back` tells them that a passage takes place after all.
    """

    find: Callable[[Collection[int], date], Sequence[ThingAtStop]]
    move: Callable[[Actor, ClosedSpan], None] | None = None
    back: Callable[[Actor, ClosedSpan], None] | None = None


at_stops: list[StopRoom] = []
"""The rooms above that hand over at stops; filled by the wiring."""


def things_at(site_ids: Collection[int], first: date) -> dict[PassageKey, list[ThingAtStop]]:
    """What is to happen at some stops from a day on, by passage, in the order of the days."""
    found: dict[PassageKey, list[ThingAtStop]] = defaultdict(list)
    if site_ids:
        for each in sorted((each for room in at_stops for each in room.find(site_ids, first)), key=lambda each: each.day):
            found[each.key].append(each)
    return dict(found)


def move_on(actor: Actor, keys: Collection[PassageKey]) -> None:
    """Whose day follows a rule moves on from passages that do not take place; what was agreed on with somebody stays, and is listed."""
    for site_id, day in keys:
        for room in at_stops:
            if room.move is not None:
                room.move(actor, ClosedSpan(day, day, site_id=site_id))


def come_again(actor: Actor, keys: Collection[PassageKey]) -> None:
    """Passages take place that did not: whoever is expected at them and was told otherwise is told."""
    there = things_at({site_id for site_id, _day in keys}, min(day for _site, day in keys)) if keys else {}
    for site_id, day in keys:
        for room in at_stops if (site_id, day) in there else ():
            if room.back is not None:
                room.back(actor, ClosedSpan(day, day, site_id=site_id))
