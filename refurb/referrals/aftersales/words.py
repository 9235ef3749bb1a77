"""The enumerations of after-sales, each with its French word beside it."""

from enum import StrEnum

from refurb.kernel.speech.words import _lp


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    ADVISED = "advised"
    APPOINTED = "appointed"
    REPAIR = "repair"
    SWAP = "swap"
    TAKEN_BACK = "taken_back"
    CLOSED = "closed"

    @property
    def is_unanswered(self) -> bool:
        """Whether nobody has answered the family yet."""
        return self is TicketState.OPEN

    @property
    def is_appointed(self) -> bool:
        """Whether a day was agreed on."""
        return self is TicketState.APPOINTED

    @property
    def is_closed(self) -> bool:
        """Whether nobody waits for anything any more."""
        return self is TicketState.CLOSED

    @property
    def is_swap(self) -> bool:
        """Whether another device waits to be handed over."""
        return self is TicketState.SWAP


class Symptom(StrEnum):
    """What the family says is wrong: one drawing each."""

    NO_START = "no_start"
    NO_CHARGE = "no_charge"
    SCREEN = "screen"
    INTERNET = "internet"
    SLOW = "slow"
    KEYBOARD = "keyboard"
    LOST = "lost"
    OTHER = "other"


TROUBLES = {
    Symptom.NO_START: _lp("trouble", "Il ne s'allume pas"),
    Symptom.NO_CHARGE: _lp("trouble", "La batterie ne charge pas"),
    Symptom.SCREEN: _lp("trouble", "L'écran est cassé"),
    Symptom.INTERNET: _lp("trouble", "Pas d'Internet"),
    Symptom.SLOW: _lp("trouble", "Il est très lent"),
    Symptom.KEYBOARD: _lp("trouble", "Le clavier ou la souris"),
    Symptom.LOST: _lp("trouble", "Perdu ou volé"),
    Symptom.OTHER: _lp("trouble", "Autre chose"),
}

# The drawing of each, and its part of an address.
DRAWN = {
    Symptom.NO_START: "allume",
    Symptom.NO_CHARGE: "charge",
    Symptom.SCREEN: "ecran",
    Symptom.INTERNET: "internet",
    Symptom.SLOW: "lent",
    Symptom.KEYBOARD: "clavier",
    Symptom.LOST: "perdu",
    Symptom.OTHER: "autre",
}


class Cause(StrEnum):
    """What was found in the end: from a list, so that it can be counted."""

    BATTERY = "battery"
    CHARGER = "charger"
    SCREEN = "screen"
    KEYBOARD = "keyboard"
    STORAGE = "storage"
    SYSTEM = "system"
    CONNECTION = "connection"
    BIOS_LOCKED = "bios_locked"
    ACCOUNT_LOCKED = "account_locked"
    USE = "use"
    FALL = "fall"
    GONE = "gone"
    OTHER = "other"
    UNKNOWN = "unknown"


CAUSES = {
    Cause.BATTERY: _lp("cause", "Batterie"),
    Cause.CHARGER: _lp("cause", "Chargeur ou prise"),
    Cause.SCREEN: _lp("cause", "Écran"),
    Cause.KEYBOARD: _lp("cause", "Clavier, pavé ou souris"),
    Cause.STORAGE: _lp("cause", "Disque"),
    Cause.SYSTEM: _lp("cause", "Système ou logiciel"),
    Cause.CONNECTION: _lp("cause", "Box, Wi-Fi ou abonnement"),
    Cause.BIOS_LOCKED: _lp("cause", "BIOS verrouillé"),
    Cause.ACCOUNT_LOCKED: _lp("cause", "Compte ou activation verrouillé"),
    Cause.USE: _lp("cause", "Prise en main"),
    Cause.FALL: _lp("cause", "Chute ou liquide"),
    Cause.GONE: _lp("cause", "Perdu ou volé"),
    Cause.OTHER: _lp("cause", "Autre chose"),
    Cause.UNKNOWN: _lp("cause", "On ne sait pas"),
}


class Outcome(StrEnum):
    """How it ended for the family."""

    SOLVED = "solved"
    MENDED = "mended"
    SWAPPED = "swapped"
    TAKEN_BACK = "taken_back"
    UNSOLVED = "unsolved"
    NO_NEWS = "no_news"


OUTCOMES = {
    Outcome.SOLVED: _lp("outcome", "Cela marche de nouveau"),
    Outcome.MENDED: _lp("outcome", "Réparé et rendu"),
    Outcome.SWAPPED: _lp("outcome", "Échangé"),
    Outcome.TAKEN_BACK: _lp("outcome", "Repris"),
    Outcome.UNSOLVED: _lp("outcome", "Cela ne marche pas, rien de plus à faire"),
    Outcome.NO_NEWS: _lp("outcome", "Plus de nouvelles de la famille"),
}

ENDS_BY_HAND = {each: OUTCOMES[each] for each in (Outcome.SOLVED, Outcome.MENDED, Outcome.UNSOLVED, Outcome.NO_NEWS)}
"""What somebody says when closing; the others follow from a deed."""


class TicketVia(StrEnum):
    """By which way it came."""

    LABEL = "label"
    STAFF = "staff"
    PARTNER = "partner"
    NEWS = "news"


TICKET_VIAS = {
    TicketVia.LABEL: _lp("ticket", "par le QR de l'appareil"),
    TicketVia.STAFF: _lp("ticket", "par l'équipe"),
    TicketVia.PARTNER: _lp("ticket", "par la structure"),
    TicketVia.NEWS: _lp("ticket", "par les nouvelles demandées"),
}
