"""The enumerations of what is used up."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class SupplyMoveKind(StrEnum):
    """How a stock changed."""

    RECEIVED = "received"
    GIVEN = "given"
    COUNTED = "counted"


SUPPLY_MOVES = {
    SupplyMoveKind.RECEIVED: _lp("supply", "Reçu"),
    SupplyMoveKind.GIVEN: _l("Donné ou utilisé"),
    SupplyMoveKind.COUNTED: _l("Recompté : ce qu'il y a vraiment"),
}
SUPPLY_MOVED = {
    SupplyMoveKind.RECEIVED: _lp("supply", "Reçu"),
    SupplyMoveKind.GIVEN: _l("Donné ou utilisé"),
    SupplyMoveKind.COUNTED: _l("Recompté"),
}
