"""The days on which every place of ours is closed by config/policy/agenda.toml: public holidays, and closures written there."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import DayEntry, ListEntry, PartEntry, WholeEntry, YearlyEntry, YesNoEntry
from refurb.kernel.speech.words import _, _l, _lp

SAINT_STEPHEN: Final = (12, 26)
GOOD_FRIDAY: Final = -2
"""What Alsace and Moselle have besides (code du travail, article L3134-13): the Friday in communes with a Protestant or a mixed church."""


@dataclass(frozen=True)
class Closure:
    """From one day up to another that is open again."""

    first: date
    until: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day < self.until


@dataclass(frozen=True)
class Agenda:
    """The closed days: (month, day) of every year, days counted from Easter Sunday, and closures."""

    version: str
    dates: frozenset[tuple[int, int]]
    after_easter: frozenset[int]
    closures: tuple[Closure, ...]

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday.

        Code du travail, article L3133-1: 1 January, Easter Monday, 1 May, 8 May, Ascension, Whit Monday, 14 July, 15 August, 1 and 11
        November, 25 December; the policy writes them, since Alsace, Moselle and the overseas territories (L3422-2) have more.
        """
        return (day.month, day.day) in self.dates or (day - easter(day.year)).days in self.after_easter

    def is_open(self, day: date) -> bool:
        """Whether the house may be open on that day; on which days of the week somebody is there, each counter says itself."""
        return not self.is_holiday(day) and not any(each.holds(day) for each in self.closures)


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (the computus of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    fours, ones = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * fours - moon - ones) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


class ClosureSchema(PolicySchema):
    """One closure."""

    first = DayEntry(data_key="from", label=_l("Premier jour fermé"))
    until = DayEntry(label=_l("Premier jour de nouveau ouvert"))

    @validates_schema
    def _ends_after_it_begins(self, data: dict[str, Any], **_options: Any) -> None:
        if data["until"] <= data["first"]:
            raise ValidationError(Wrongly("must be after from: it is the first day that is open again", "policy.ends_before"), "until")


def closures_entry() -> ListEntry:
    """A list of closures, in whatever policy has some of its own."""
    return ListEntry(PartEntry(ClosureSchema), load_default=(), label=_lp("policy", "Fermetures"))


def closures_of(rows: tuple[dict[str, Any], ...]) -> tuple[Closure, ...]:
    """The closures in what such a list was read as."""
    return tuple(Closure(**each) for each in rows)


class HolidaysSchema(PolicySchema):
    """The public holidays."""

    alsace_moselle = YesNoEntry(load_default=False, label=_l("Jours d'Alsace-Moselle en plus"))
    dates = ListEntry(YearlyEntry(), label=_l("Fériés à date fixe"), help=_l("Le mois puis le jour, comme 05-01."))
    after_easter = ListEntry(WholeEntry(-100, 250), label=_l("Fériés comptés depuis Pâques"), unit=_lp("unit", "jours"))


class AgendaSchema(PolicySchema):
    """The shape of agenda.toml."""

    holidays = PartEntry(HolidaysSchema, label=_l("Jours fériés"))
    closures = closures_entry()


def _agenda(content: dict[str, Any], version: str) -> Agenda:
    holidays = content["holidays"]
    dates, after_easter = frozenset(holidays["dates"]), frozenset(holidays["after_easter"])
    if holidays["alsace_moselle"]:
        dates, after_easter = dates | {SAINT_STEPHEN}, after_easter | {GOOD_FRIDAY}
    return Agenda(version, dates, after_easter, closures_of(content["closures"]))


def _summary(made: Agenda) -> str:
    holidays = len(made.dates) + len(made.after_easter)
    return _("%(holidays)s jours fériés ; fermetures à venir : %(closures)s.", holidays=holidays, closures=len(made.closures))


AGENDA = PolicyFile("agenda", PartEntry(AgendaSchema), _agenda, _l("Jours fériés et fermetures"), PolicyGroup.HOUSE, _summary)


def agenda() -> Agenda:
    """The agenda in force; raises `PolicyError`."""
    return AGENDA.in_force()
