"""A machine's own calendar: who has which hours of a week, and a month in numbers. For whoever keeps machines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _, _n, _p
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.queries import has_passed, is_out_on, machines, places_left, starts_of
from refurb.lending.machines.words import SlotKind, SlotState
from refurb.lending.models import Borrower
from refurb.lending.planning.queries import PlanRow, more_rows
from refurb.lending.planning.weeks import DAYS, PlanBar, row_of

_LOOKS: Mapping[SlotState, tuple[str, str]] = {
    SlotState.HELD: ("wait", "hourglass"),
    SlotState.BOOKED: ("work", "calendar-check"),
    SlotState.RUNNING: ("todo", "loader"),
    SlotState.DONE: ("ok", "circle-check"),
}


@dataclass(frozen=True)
class MachineHours:
    """One cell of a day: from which minute to which, over how many columns; `bar` is what takes it, else `why` nobody can book it.

    With neither it is free.
    """

    from_minute: int
    until_minute: int
    columns: int
    bar: PlanBar | None = None
    why: "NoHour | None" = None

    @property
    def is_free(self) -> bool:
        """Whether it can be booked."""
        return self.bar is None and self.why is None


@dataclass(frozen=True)
class NoHour:
    """Why an hour cannot be booked, in a word; whether it has passed, and whether the word is shown to everybody."""

    word: str
    passed: bool = False
    said: bool = False


@dataclass(frozen=True)
class MachineDay:
    """The hours of a machine on one day."""

    on: date
    cells: Sequence[MachineHours]


@dataclass(frozen=True)
class MachineWeek:
    """A week of a machine: the minutes at which its columns begin, and its days."""

    columns: Sequence[int]
    days: Sequence[MachineDay]


Taken = Mapping[date, Sequence[MachineSlot]]


def taken_slots(of: Sequence[WorkMachine], first: date, until: date) -> dict[int, dict[date, list[MachineSlot]]]:
    """What takes the time of some machines on some days, half-open, by machine and day, the earliest first; in one question."""
    query = select(MachineSlot).where(MachineSlot.machine_id.in_([each.id for each in of]), MachineSlot.freed_at.is_(None))
    query = query.where(MachineSlot.day >= first, MachineSlot.day < until).order_by(MachineSlot.day, MachineSlot.from_minute)
    found: dict[int, dict[date, list[MachineSlot]]] = {each.id: defaultdict(list) for each in of}
    for each in db.session.scalars(query.options(joinedload(MachineSlot.borrower).joinedload(Borrower.organisation))):
        found[each.machine_id][each.day].append(each)
    return found


def machine_week(machine: WorkMachine, monday: date) -> MachineWeek:
    """A week of a machine, day by day: each hour of its place, and all that takes its time, in those hours or out of them."""
    days = [monday + timedelta(days=each) for each in range(DAYS)]
    taken = taken_slots([machine], monday, monday + timedelta(days=DAYS))[machine.id]
    spans = {on: _spans(starts_of(machine, on), taken[on]) for on in days}
    columns = sorted({first for each in spans.values() for first, _until, _slot in each})
    left = places_left([slot.id for each in taken.values() for slot in each if slot.kind is SlotKind.INTRODUCTION])
    return MachineWeek(columns, [MachineDay(on, _row(machine, on, spans[on], columns, left)) for on in days])


_Span = tuple[int, int, MachineSlot | None]


def _spans(hours: Sequence[tuple[int, int]], taken: Sequence[MachineSlot]) -> list[_Span]:
    """What is taken, and of the hours of the place those that are not, in the order of the day."""
    free = [span for span in hours if not any(each.from_minute < span[1] and each.until_minute > span[0] for each in taken)]
    found: list[_Span] = [(first, until, None) for first, until in free]
    found += [(each.from_minute, each.until_minute, each) for each in taken]
    return sorted(found, key=lambda each: each[0])


def _row(machine: WorkMachine, on: date, spans: Sequence[_Span], columns: Sequence[int], left: Mapping[int, int]) -> list[MachineHours]:
    """The cells of a day, which fill its columns: what lies between two of its hours is closed."""
    cells, at = [], 0
    for first, until, slot in spans:
        begins = columns.index(first)
        ends = next((number for number, minute in enumerate(columns) if minute >= until), len(columns))
        if begins > at:
            cells.append(MachineHours(columns[at], first, begins - at, why=_shut()))
        cells.append(_hours(machine, on, (first, until), max(1, ends - begins), slot, left))
        at = begins + max(1, ends - begins)
    if at < len(columns):
        cells.append(MachineHours(columns[at], columns[-1], len(columns) - at, why=_shut()))
    return cells


def _shut() -> NoHour:
    return NoHour(_p("planning", "fermé"))


def _hours(
    machine: WorkMachine, on: date, span: tuple[int, int], columns: int, slot: MachineSlot | None, left: Mapping[int, int]
) -> MachineHours:
    if slot is not None:
        return MachineHours(*span, columns, _bar(slot, left))
    if has_passed(on, span[0]):
        return MachineHours(*span, columns, why=NoHour(_p("slot", "passé"), passed=True))
    return MachineHours(*span, columns, why=NoHour(_("hors service"), said=True) if is_out_on(machine, on) else None)


def _bar(slot: MachineSlot, left: Mapping[int, int]) -> PlanBar:
    leads_to: tuple[str, dict[str, Any]] = ("lending.machine_slot", {"number": slot.id})
    days = (slot.day, slot.day + timedelta(days=1))
    if slot.kind is SlotKind.UPKEEP:
        return PlanBar(*days, "wait", "wrench", _p("planning", "Entretien"), slot.note or "", leads_to)
    if slot.kind is SlotKind.INTRODUCTION:
        places = left.get(slot.id, 0)
        free = _n("%(num)s place libre sur %(all)s", "%(num)s places libres sur %(all)s", places, all=slot.places)
        return PlanBar(*days, "todo", "graduation-cap", _("Initiation"), free, leads_to)
    words = {
        SlotState.HELD: _p("slot", "À confirmer"), SlotState.BOOKED: _p("planning", "Réservé"),
        SlotState.RUNNING: _p("slot", "En cours"), SlotState.DONE: _p("slot", "Fait"),
    }  # fmt: skip
    tone, icon = _LOOKS[slot.state]
    return PlanBar(*days, tone, icon, words[slot.state], _who(slot), leads_to, is_asked=slot.state is SlotState.HELD)


def _who(slot: MachineSlot) -> str:
    """Whose session it is: the structure where there is one, else the name; with the minor who is accompanied."""
    if slot.borrower is None:
        return ""
    name = slot.borrower.organisation.name if slot.borrower.organisation else slot.borrower.name
    return _("%(name)s, avec %(minor)s", name=name, minor=slot.minor) if slot.minor else name


@dataclass
class MachineDayCount:
    """How many sessions, introductions and upkeeps a day has, how many of its slots are free, and whether it is out of order."""

    sessions: int = 0
    introductions: int = 0
    upkeeps: int = 0
    free: int = 0
    is_out: bool = False
    has_hours: bool = False

    @property
    def is_shut(self) -> bool:
        """Whether the place is closed, and nothing takes the machine's time."""
        return not (self.has_hours or self.sessions or self.introductions or self.upkeeps)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be said of it."""
        return not (self.sessions or self.introductions or self.upkeeps or self.free or (self.is_out and self.has_hours))


def _rows_of_week(site_id: int, monday: date) -> tuple[str, Sequence[PlanRow]]:
    """The machines of a place on its planning: how many slots are taken and free on each day, and when one is out of order."""
    until, here = monday + timedelta(days=DAYS), [each for each in machines() if each.site_id == site_id]
    taken, rows = taken_slots(here, monday, until), []
    for machine in here:
        counts = _counted(machine, monday, until, taken[machine.id])
        bars = [bar for on, count in counts.items() if (bar := _day_bar(machine, on, count))]
        rows.append(PlanRow(machine.name, row_of(bars, monday), ("lending.public_machine", {"number": machine.id})))
    return _("Machines du fablab"), rows


def _day_bar(machine: WorkMachine, on: date, count: MachineDayCount) -> PlanBar | None:
    """A day of a machine in a few words; nothing where nobody booked, unless it is out of order."""
    leads_to: tuple[str, dict[str, Any]] = ("lending.public_machine", {"number": machine.id, "semaine": on.isoformat()})
    days = (on, on + timedelta(days=1))
    taken = count.sessions + count.introductions
    if count.is_out and count.has_hours:
        return PlanBar(*days, "stop", "octagon-x", _("Hors service"), machine.out_reason or "", leads_to)
    if not taken:
        return PlanBar(*days, "wait", "wrench", _p("planning", "Entretien"), "", leads_to) if count.upkeeps else None
    word = _n("%(num)s créneau", "%(num)s créneaux", taken)
    free = _n("%(num)s libre", "%(num)s libres", count.free) if count.free else _p("slot", "complet")
    return PlanBar(*days, "todo", "timer", word, free, leads_to)


more_rows.append(_rows_of_week)


def machine_month(machine: WorkMachine, first: date, until: date) -> Mapping[date, MachineDayCount]:
    """A machine's days in numbers, half-open; no names."""
    return _counted(machine, first, until, taken_slots([machine], first, until)[machine.id])


def _counted(machine: WorkMachine, first: date, until: date, taken: Taken) -> Mapping[date, MachineDayCount]:
    found: dict[date, MachineDayCount] = {}
    for number in range((until - first).days):
        on = first + timedelta(days=number)
        hours = starts_of(machine, on)
        count = MachineDayCount(is_out=is_out_on(machine, on), has_hours=bool(hours))
        for each in taken.get(on, ()):
            count.sessions += each.kind is SlotKind.SESSION
            count.introductions += each.kind is SlotKind.INTRODUCTION
            count.upkeeps += each.kind is SlotKind.UPKEEP
        spans = _spans(hours, taken.get(on, ()))
        count.free = 0 if count.is_out else sum(slot is None and not has_passed(on, begins) for begins, _until, slot in spans)
        found[on] = count
    return found
