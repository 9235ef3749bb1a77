"""How and when a donation changes hands: fetched or brought, in the morning or in the afternoon."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class Way(StrEnum):
    """Who makes the journey."""

    PICK_UP = "pick_up"
    DROP_OFF = "drop_off"


WAYS = {Way.PICK_UP: _l("Nous venons le chercher"), Way.DROP_OFF: _l("Le donateur l'apporte")}

DONOR_WAYS = {Way.PICK_UP: _l("Vous venez le chercher"), Way.DROP_OFF: _l("Je l'apporte à l'atelier")}
"""The same two, as the donor says them."""


class HalfDay(StrEnum):
    """Half a working day; its hours are those of config/policy/slots.toml."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


HALF_DAYS = {HalfDay.MORNING: _l("le matin"), HalfDay.AFTERNOON: _l("l'après-midi")}
