"""Over which months figures are read: a year or a part of it, for a place or a structure; and who reads."""

from dataclasses import dataclass, replace
from typing import Any

from flask import request

from refurb.directory.organisations.shown import last_year_told
from refurb.directory.queries import organisations
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _l
from refurb.kernel.web.asked import number_asked

FIRST_YEAR = 2000

PARTS: dict[str, tuple[Any, int, int]] = {
    "": (_l("Toute l'année"), 1, 12),
    "s1": (_l("1er semestre"), 1, 6),
    "s2": (_l("2e semestre"), 7, 12),
    "t1": (_l("1er trimestre"), 1, 3),
    "t2": (_l("2e trimestre"), 4, 6),
    "t3": (_l("3e trimestre"), 7, 9),
    "t4": (_l("4e trimestre"), 10, 12),
}


@dataclass(frozen=True)
class FiguresAsked:
    """What is asked: months of a year, a place, a structure. `exact`: whether whoever reads is of the house; `until`: the last month.

    Outside, whole years are told that are over, without a choice of place or structure: numbers that grow from day to day or from month
    to month, or that are told of a part and of the whole, would tell by subtraction what is hidden in each of them.
    """

    year: int
    part: str = ""
    place: int | None = None
    partner: int | None = None
    exact: bool = True
    last_year_beside: bool = False
    until: int = 12

    @property
    def months(self) -> list[str]:
        """The months asked for that have begun; for whoever is outside, those of a year that is over."""
        _word, first, last = PARTS[self.part]
        here = today()
        names = [f"{self.year:04d}-{month:02d}" for month in range(first, min(last, self.until) + 1)]
        return [each for each in names if self.exact or self.year < here.year if each <= f"{here:%Y-%m}"]

    @property
    def finished(self) -> list[str]:
        """The months asked for that are over: what may be laid beside those of another year."""
        return [each for each in self.months if each < f"{today():%Y-%m}"]

    @property
    def bounds(self) -> tuple[str, str]:
        """The first and the last month, which may be none: then the last is before the first."""
        return (self.months[0], self.months[-1]) if self.months else ("9999-12", "0000-01")

    @property
    def whole(self) -> bool:
        """Whether the whole year is asked for, of everything."""
        return not (self.part or self.place or self.partner)

    def is_of(self, partner: str) -> bool:
        """Whether what a partner did is asked for; it is known by its number, as counts have it."""
        return self.partner is None or partner == str(self.partner)

    def year_before(self) -> "FiguresAsked | None":
        """The same months of the year before, of those that are over; None where none is, or where that year is not told."""
        if not self.finished or self.year <= FIRST_YEAR:
            return None
        return replace(self, year=self.year - 1, until=int(self.finished[-1][5:]), last_year_beside=False)


def asked_of(actor: Actor) -> FiguresAsked:
    """What the address asks for. Raises `Invalid` for a year to come, for what is no year, no part of it, no place, no structure."""
    faults: dict[str, list[Fault]] = {}
    year = _year(faults, last_year_told(actor))
    beside = bool(request.args.get("comparer"))
    if not actor.may(Permission.REPORT_EXACT):
        _let_down(faults)
        return FiguresAsked(year, exact=False, last_year_beside=beside)
    part, place, partner = request.args.get("periode", ""), number_asked("lieu"), number_asked("structure")
    if part not in PARTS:
        faults["periode"] = [Fault("field.choice")]
    if request.args.get("lieu") and place not in every_site():
        faults["lieu"] = [Fault("field.choice")]
    if request.args.get("structure") and partner not in {each.id for each in organisations(partner=True)}:
        faults["structure"] = [Fault("field.choice")]
    _let_down(faults)
    return FiguresAsked(year, part, place, partner, last_year_beside=beside)


def _year(faults: dict[str, list[Fault]], last: int) -> int:
    typed = request.args.get("annee", "")
    if not typed:
        return last
    year = int(typed) if len(typed) == 4 and typed.isdecimal() else 0
    if not FIRST_YEAR <= year <= last:
        faults["annee"] = [Fault("figures.year", first=FIRST_YEAR, last=last)]
    return year


def _let_down(faults: dict[str, list[Fault]]) -> None:
    if faults:
        raise Invalid(faults)
