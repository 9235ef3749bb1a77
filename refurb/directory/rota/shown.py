"""What the pages of the rota draw: the weeks side by side, those to come, what each way after a closure costs, the year of a commune."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from refurb.directory.agenda.calendar import agenda
from refurb.directory.agenda.queries import closures_at
from refurb.directory.rota.models import Passage, Rota, RotaStop
from refurb.directory.rota.planning import AHEAD, Changes, schedule_of, wanted
from refurb.directory.rota.turns import LAST, WEEK, Schedule, ShutSpan, monday_of
from refurb.directory.rota.words import PassageState, letter, said_hours
from refurb.directory.sites.words import NUMBERED_WEEKDAYS
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _

NOON: Final = 13 * 60
"""What begins before one o'clock is in the morning."""
WEEKS_SHOWN: Final = 14
_FRIDAY: Final = timedelta(days=4)


@dataclass(frozen=True)
class WeekToCome:
    """A week of a rota: whose turn it is, whether nothing is served in it and why, and whether it resumes after a closure that shifted."""

    monday: date
    turn: int
    is_now: bool = False
    is_shut: bool = False
    why: str = ""
    is_resumed: bool = False

    @property
    def letter(self) -> str:
        """Its letter."""
        return letter(self.turn)


def weeks_to_come(rota: Rota, count: int = WEEKS_SHOWN) -> list[WeekToCome]:
    """The weeks of a rota from this one on."""
    schedule, first = schedule_of(rota), monday_of(today())
    elsewhere = {monday: why for begin, end, why in closed_elsewhere(rota) for monday in _mondays(begin, end)}
    return [_week(schedule, first + each * WEEK, elsewhere) for each in range(count)]


def _week(schedule: Schedule, monday: date, elsewhere: Mapping[date, str]) -> WeekToCome:
    span = schedule.shut_on(monday + _FRIDAY)
    shut = span is not None and span.holds(monday)
    before = schedule.shut_on(monday - timedelta(days=3))
    resumed = before is not None and before.shifts and before.weeks > 0 and not shut
    why = span.why if span is not None and shut else elsewhere.get(monday, "")
    return WeekToCome(monday, schedule.turn(monday), monday == monday_of(today()), shut or monday in elsewhere, why, resumed)


def _mondays(first: date, last: date) -> list[date]:
    return [first + each * WEEK for each in range((last - first).days // 7 + 1)]


def strip(schedule: Schedule, span: ShutSpan) -> list[WeekToCome]:
    """The week before a closure, those that it closes, and the two after."""
    first = monday_of(span.first) - WEEK
    weeks = [first + each * WEEK for each in range(span.weeks + 3)]
    return [WeekToCome(monday, schedule.turn(monday), is_shut=span.holds(monday) and span.holds(monday + _FRIDAY)) for monday in weeks]


def closed_elsewhere(rota: Rota) -> list[tuple[date, date, str]]:
    """Whole weeks in which the house or the vehicle is closed and no closure of the rota says what comes after: (Monday, Friday, why)."""
    everywhere, vehicle = closures_at(0), closures_at(rota.vehicle_id or 0)
    told = [each.span for each in rota.closures if each.withdrawn_at is None]
    found: list[tuple[date, date, str]] = []
    for monday in _mondays(max(monday_of(today()), rota.anchor), today() + AHEAD):
        days = [monday + timedelta(days=each) for each in range(5)]
        if any(everywhere.is_spared(each) and vehicle.is_spared(each) for each in days) or any(each.holds(days[0]) for each in told):
            continue
        why = next((each.reason for each in vehicle.closed if each.holds(days[0])), _("Maison fermée"))
        if found and found[-1][1] + timedelta(days=3) == monday:
            found[-1] = (found[-1][0], days[-1], found[-1][2])
        else:
            found.append((monday, days[-1], why))
    return found


def unasked(rota: Rota) -> list[tuple[date, date, str]]:
    """Of the weeks that are closed elsewhere, those of which it makes a difference what comes after."""
    return [each for each in closed_elsewhere(rota) if len(_mondays(each[0], each[1])) % rota.cycle]


@dataclass(frozen=True)
class DayOfWeeks:
    """A weekday of the grid: for each turn its stops of the morning and of the afternoon."""

    weekday: int
    halves: Sequence[Sequence[RotaStop]]

    @property
    def name(self) -> str:
        """What the day is called."""
        return str(NUMBERED_WEEKDAYS[self.weekday])


def in_force(rota: Rota, day: date) -> list[RotaStop]:
    """The stops that a rota serves on a day, or from later on where they are served by no rule yet; by weekday and hour."""
    standing = [each for each in rota.stops if each.rule.is_in_force(day)]
    served = {each.site_id for each in standing}
    coming = [each for each in rota.stops if each.since > day and each.until is None and each.site_id not in served]
    return sorted([*standing, *coming], key=lambda each: (each.weekday, each.opens))


def side_by_side(rota: Rota) -> list[DayOfWeeks]:
    """The weeks of a rota beside each other, each day in two halves; what is served once a month is not in it."""
    stops = [each for each in in_force(rota, today()) if each.nth is None]
    days = sorted({each.weekday for each in stops} or set(range(1, 6)))
    return [
        DayOfWeeks(
            day,
            [
                [each for each in stops if each.weekday == day and each.turn in {None, turn} and (each.opens < NOON) is morning]
                for turn in range(rota.cycle)
                for morning in (True, False)
            ],
        )
        for day in days
    ]


@dataclass(frozen=True)
class LongestWait:
    """The stops that wait longest around a closure: for how many weeks, how many of them, and one of them with its two days."""

    weeks: int
    count: int
    site_id: int
    before: date
    after: date


def longest_wait(schedule: Schedule, span: ShutSpan) -> LongestWait | None:
    """How long stops wait around a closure at most; None where none is served both before and after."""
    around = 2 * schedule.cycle * WEEK
    days: dict[int, list[date]] = {}
    for due in wanted(schedule, span.first - around, span.until + around).values():
        if due.state is PassageState.PLANNED:
            days.setdefault(due.site_id, []).append(due.day)
    waits = []
    for site_id, found in days.items():
        before, after = [each for each in found if each < span.first], [each for each in found if each >= span.until]
        if before and after:
            waits.append(((min(after) - max(before)).days, site_id, max(before), min(after)))
    if not waits:
        return None
    most = max(each[0] for each in waits)
    longest = [each for each in waits if each[0] == most]
    return LongestWait(round(most / 7), len(longest), *longest[-1][1:])


@dataclass(frozen=True)
class WayOn:
    """One of the two ways after a closure: the weeks drawn, how long stops wait, and what it changes besides the closed days themselves."""

    span: ShutSpan
    weeks: Sequence[WeekToCome]
    wait: LongestWait | None
    changes: Changes

    @property
    def communes(self) -> int:
        """How many stops get other days."""
        days = [(each.site_id, each.day) for each in self.changes.newly_planned] + [(each.site_id, each.day) for each in self.changes.lost]
        return len({site_id for site_id, day in days if not self.span.holds(day)})

    @property
    def moves(self) -> int:
        """How many things that are due somewhere move by themselves."""
        return sum(each.moves for things in self.changes.expected.values() for each in things)

    @property
    def to_agree(self) -> int:
        """How many things were agreed on with somebody, and are to be agreed on anew."""
        return sum(not each.moves for things in self.changes.expected.values() for each in things)


def said_rhythm(stop: RotaStop) -> str:
    """When a stop is served, for people of its commune: « Un jeudi sur deux, semaine B »."""
    day, cycle = str(NUMBERED_WEEKDAYS[stop.weekday]).lower(), stop.rota.cycle
    if stop.nth is not None:
        return _said_monthly(stop.nth, day)
    if stop.turn is None or cycle == 1:
        return _("Chaque %(day)s", day=day)
    if cycle == 2:
        return _("Un %(day)s sur deux, semaine %(letter)s", day=day, letter=letter(stop.turn))
    return _("Un %(day)s sur %(cycle)s, semaine %(letter)s", day=day, cycle=cycle, letter=letter(stop.turn))


def _said_monthly(nth: int, day: str) -> str:
    said = {
        1: _("Le premier %(day)s du mois", day=day),
        2: _("Le deuxième %(day)s du mois", day=day),
        3: _("Le troisième %(day)s du mois", day=day),
        4: _("Le quatrième %(day)s du mois", day=day),
        LAST: _("Le dernier %(day)s du mois", day=day),
    }
    return said[nth]


def said_stop(stop: RotaStop) -> str:
    """The rule of a stop in one sentence: « Un jeudi sur deux, semaine B, de 14 h à 16 h 30, place du Marché. »."""
    place = f", {stop.site.address}" if stop.site.address else ""
    return _("%(when)s, %(hours)s%(place)s.", when=said_rhythm(stop), hours=said_hours(stop.opens, stop.closes), place=place)


@dataclass(frozen=True)
class MonthOfYear:
    """A month of the year of a commune, with its passages, those that are off among them."""

    first: date
    passages: Sequence[Passage]


def year_begins(day: date) -> date:
    """The first of September on or before a day: the year of a sheet goes from September to August."""
    return date(day.year if day.month > 8 else day.year - 1, 9, 1)


def months(first: date, found: Iterable[Passage]) -> list[MonthOfYear]:
    """The twelve months from a first of September on."""
    rows = list(found)
    begins = [date(first.year + (first.month + each - 1) // 12, (first.month + each - 1) % 12 + 1, 1) for each in range(12)]
    return [MonthOfYear(each, [row for row in rows if (row.day.year, row.day.month) == (each.year, each.month)]) for each in begins]


def closed_within(rotas: Iterable[Rota], first: date, until: date) -> list[tuple[date, date]]:
    """The closures between two days as a sheet says them, first and last day: those of the rotas, and of the whole house."""
    one = timedelta(days=1)
    spans = [(each.first, each.until) for rota in rotas for each in rota.closures if each.withdrawn_at is None]
    spans += [(each.first, each.until) for each in agenda().closures]
    spans += [(begin, end + one) for each in closures_at(0).closed if each.hours is None for begin, end in each.times(first, until)]
    joined: list[tuple[date, date]] = []
    for begin, end in sorted((begin, end) for begin, end in spans if begin < until and end > first):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return [(begin, end - one) for begin, end in joined]
