"""The enumerations of suspensions."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class SuspendedWhy(StrEnum):
    """Why somebody borrows nothing for now."""

    REMINDERS = "reminders"
    DESK = "desk"


SUSPENDED_WHY = {
    SuspendedWhy.REMINDERS: _l("rappels sans réponse"),
    SuspendedWhy.DESK: _l("décidé par l'accueil"),
}


class SuspensionEnd(StrEnum):
    """How a suspension ended."""

    RETURNED = "returned"
    LIFTED = "lifted"
