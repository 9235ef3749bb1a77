"""The half-days of config/policy/slots.toml: which are open, and when they begin and end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.directory.agenda.calendar import Closure, closures_entry, closures_of
from refurb.directory.agenda.days import SiteDays
from refurb.directory.sites.words import NUMBERED_WEEKDAYS
from refurb.inventory.words.slots import HALF_DAYS, HalfDay
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import HourEntry, ListEntry, MovedEntry, PartEntry, TableEntry, WholeEntry
from refurb.kernel.speech.clock import from_wall
from refurb.kernel.speech.words import _, _l, _lp


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
    closures: tuple[Closure, ...]

    def is_open(self, slot: Slot, days: SiteDays) -> bool:
        """Whether anybody is at the place of these days in this half-day."""
        hours = self.hours.get(slot.half)
        return (
            hours is not None
            and slot.day.isoweekday() in hours.weekdays
            and days.is_open_between(slot.day, hours.first, hours.until)
            and not any(each.holds(slot.day) for each in self.closures)
        )

    def span(self, slot: Slot) -> tuple[datetime, datetime]:
        """The instants at which it begins and is over, in UTC."""
        hours = self.hours[slot.half]
        return from_wall(datetime.combine(slot.day, hours.first)), from_wall(datetime.combine(slot.day, hours.until))

    def open_from(self, first: date, days: SiteDays) -> Iterator[Slot]:
        """The open half-days from a day on, as far as they are offered."""
        for ahead in range(self.furthest.days + 1):
            for half in HalfDay:
                slot = Slot(first + timedelta(days=ahead), half)
                if self.is_open(slot, days):
                    yield slot


class HoursSchema(PolicySchema):
    """When a half-day is."""

    first = HourEntry(data_key="from", label=_lp("policy", "Commence à"))
    until = HourEntry(label=_lp("policy", "Finit à"))
    weekdays = ListEntry(WholeEntry(1, 7, says=NUMBERED_WEEKDAYS), label=_l("Jours de la semaine"))

    @validates_schema
    def _ends_after_it_begins(self, data: dict[str, Any], **_options: Any) -> None:
        if data["until"] <= data["first"]:
            raise ValidationError(Wrongly("must be after from", "policy.ends_before"), "until")


class SlotsSchema(PolicySchema):
    """The shape of slots.toml."""

    at_once = WholeEntry(1, 50, label=_l("Dons par demi-journée, au plus"))
    furthest_days = WholeEntry(1, 366, label=_l("Créneaux proposés jusqu'à"), unit=_lp("unit", "jours"))
    half_days = TableEntry(PartEntry(HoursSchema), keys=HalfDay, what="half-day", says=HALF_DAYS, label=_lp("policy", "Demi-journées"))
    closures = closures_entry()
    closed = MovedEntry("agenda.toml, as holidays,")

    @validates_schema
    def _one_is_open(self, data: dict[str, Any], **_options: Any) -> None:
        if not any(each["weekdays"] for each in data["half_days"].values()):
            raise ValidationError(Wrongly("must have one half-day at least on one day of the week", "policy.no_half_day"), "half_days")


def _slot_policy(content: dict[str, Any], version: str) -> SlotPolicy:
    return SlotPolicy(
        version=version,
        at_once=content["at_once"],
        furthest=timedelta(days=content["furthest_days"]),
        hours={half: Hours(each["first"], each["until"], frozenset(each["weekdays"])) for half, each in content["half_days"].items()},
        closures=closures_of(content["closures"]),
    )


def _summary(made: SlotPolicy) -> str:
    half_days = sum(len(each.weekdays) for each in made.hours.values())
    return _("%(half_days)s demi-journées par semaine, %(at_once)s dons à la fois.", half_days=half_days, at_once=made.at_once)


SLOTS = PolicyFile("slots", PartEntry(SlotsSchema), _slot_policy, _l("Créneaux des dons"), PolicyGroup.DONORS, _summary)


def slot_policy() -> SlotPolicy:
    """The policy in force; raises `PolicyError`."""
    return SLOTS.in_force()
