"""The enumerations of workshops."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class Repeat(StrEnum):
    """How a workshop comes again."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"

    @property
    def days(self) -> int:
        """The days from one to the next."""
        return {Repeat.ONCE: 0, Repeat.WEEKLY: 7, Repeat.FORTNIGHTLY: 14, Repeat.FOUR_WEEKLY: 28}[self]


REPEATS = {
    Repeat.ONCE: _l("Une seule fois"),
    Repeat.WEEKLY: _l("Chaque semaine"),
    Repeat.FORTNIGHTLY: _l("Toutes les deux semaines"),
    Repeat.FOUR_WEEKLY: _l("Toutes les quatre semaines"),
}


class WayOut(StrEnum):
    """What becomes of a date on which not all is free."""

    LATER = "later"
    EARLIER = "earlier"
    FEWER = "fewer"
    WAIT = "wait"
    WITHOUT = "without"
    DROP = "drop"
