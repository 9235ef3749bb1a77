"""The half-days of config/policy/slots.toml: which are open, and when they begin and end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from refurb.inventory.words.slots import HalfDay
from refurb.kernel.deeds import policy
from refurb.kernel.speech.clock import from_wall


class SlotsError(ValueError):
    """The policy file cannot be used as it is written; the message says where and why."""


@dataclass(frozen=True, order=True)
class Slot:
    """Half a day, as it is named in a form or in the API: « 2026-11-24/morning »."""

    day: date
    half: HalfDay

    @property
    def key(self) -> str:
        """How it is written."""
        return f"{self.day.isoformat()}/{self.half.value}"

    @classmethod
    def read(cls, key: str) -> "Slot":
        """The slot of a key; raises ValueError."""
        day, _, half = key.partition("/")
        return cls(date.fromisoformat(day), HalfDay(half))


@dataclass(frozen=True)
class Hours:
    """The hours of a half-day on the wall clock, half-open, and the days of the week that have it (1 is Monday)."""

    first: time
    until: time
    weekdays: frozenset[int]


@dataclass(frozen=True)
class SlotPolicy:
    """The whole file."""

    version: str
    at_once: int
    furthest: timedelta
    hours: Mapping[HalfDay, Hours]
    closed_dates: frozenset[tuple[int, int]]
    closures: tuple[tuple[date, date], ...]

    def is_open(self, slot: Slot) -> bool:
        """Whether anybody is there in this half-day."""
        hours = self.hours.get(slot.half)
        return (
            hours is not None
            and slot.day.isoweekday() in hours.weekdays
            and (slot.day.month, slot.day.day) not in self.closed_dates
            and not any(first <= slot.day < until for first, until in self.closures)
        )

    def span(self, slot: Slot) -> tuple[datetime, datetime]:
        """The instants at which it begins and is over, in UTC."""
        hours = self.hours[slot.half]
        return from_wall(datetime.combine(slot.day, hours.first)), from_wall(datetime.combine(slot.day, hours.until))

    def open_from(self, first: date) -> Iterator[Slot]:
        """The open half-days from a day on, as far as they are offered."""
        for ahead in range(self.furthest.days + 1):
            for half in HalfDay:
                slot = Slot(first + timedelta(days=ahead), half)
                if self.is_open(slot):
                    yield slot


@lru_cache
def slot_policy() -> SlotPolicy:
    """The policy in force; raises SlotsError when the file is not right."""
    kept = policy.read("slots")
    return read_slots(kept.content, kept.version)


def read_slots(data: Mapping[str, Any], version: str) -> SlotPolicy:
    """The policy in data of the shape of slots.toml."""
    try:
        made = SlotPolicy(
            version=version,
            at_once=data["at_once"],
            furthest=timedelta(days=data["furthest_days"]),
            hours={
                HalfDay(key): Hours(each["from"], each["until"], frozenset(each["weekdays"])) for key, each in data["half_days"].items()
            },
            closed_dates=frozenset((int(each[:2]), int(each[3:])) for each in data["closed"]["dates"]),
            closures=tuple((each["from"], each["until"]) for each in data.get("closures", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SlotsError(f"slots: {error!r}") from error
    if not 1 <= made.at_once <= 50 or not 1 <= made.furthest.days <= 366:
        raise SlotsError("slots: from 1 to 50 at once, from 1 to 366 days ahead")
    if any(each.until <= each.first for each in made.hours.values()) or not any(each.weekdays for each in made.hours.values()):
        raise SlotsError("slots: a half-day ends after it begins, and one at least is open")
    if any(until <= first for first, until in made.closures):
        raise SlotsError("slots: a closure ends after it begins")
    return made
