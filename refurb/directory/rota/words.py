"""The enumerations of the rota, and how a turn, a day of the month and a rule are said."""

from enum import StrEnum
from typing import Any, Final

from refurb.directory.rota.turns import LAST
from refurb.directory.sites.words import NUMBERED_WEEKDAYS, said_hour
from refurb.kernel.speech.words import _, _l, _lp

MOST_WEEKS: Final = 8
"""How many weeks a rota has at most."""
LETTERS: Final = "ABCDEFGH"


class ClosureEffect(StrEnum):
    """What comes after closed weeks: the dates that were planned, or the week that was missed."""

    KEEP = "keep"
    SHIFT = "shift"


EFFECTS: dict[ClosureEffect, Any] = {
    ClosureEffect.KEEP: _l("Garder les dates prévues"),
    ClosureEffect.SHIFT: _l("Reprendre par la semaine manquée"),
}


class PassageState(StrEnum):
    """Whether the vehicle comes to a stop on a day."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DONE = "done"

    @property
    def is_off(self) -> bool:
        """Whether nobody comes on that day."""
        return self in {PassageState.MOVED, PassageState.CANCELLED}


NTH: dict[int, Any] = {
    1: _lp("month", "Premier du mois"),
    2: _lp("month", "Deuxième du mois"),
    3: _lp("month", "Troisième du mois"),
    4: _lp("month", "Quatrième du mois"),
    LAST: _lp("month", "Dernier du mois"),
}


def letter(turn: int) -> str:
    """The letter of a week: A for the first."""
    return LETTERS[turn]


def said_hours(opens: int, closes: int) -> str:
    """From when to when: « 14 h à 16 h 30 »."""
    return _("%(first)s à %(until)s", first=said_hour(opens), until=said_hour(closes))


def said_when(weekday: int, turn: int | None, nth: int | None) -> str:
    """When a stop is served: « jeudi, semaine B »."""
    day = str(NUMBERED_WEEKDAYS[weekday]).lower()
    if nth is not None:
        return _("%(day)s, %(nth)s", day=day, nth=str(NTH[nth]).lower())
    if turn is None:
        return _("%(day)s, chaque semaine", day=day)
    return _("%(day)s, semaine %(letter)s", day=day, letter=letter(turn))


class FeedKind(StrEnum):
    """Whose agenda a calendar follows."""

    PERSON = "person"
    SITE = "site"
    MACHINE = "machine"


FEED_KINDS = {
    FeedKind.PERSON: _lp("feed", "Le mien : mes tournées et mes remises"),
    FeedKind.SITE: _lp("feed", "D'un lieu"),
    FeedKind.MACHINE: _lp("feed", "D'une machine"),
}
