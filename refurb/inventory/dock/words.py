"""How a slip is signed by whoever stands on the dock."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class SlipSigning(StrEnum):
    """On the screen, on paper, or not at all: a carrier leaves, a door was open."""

    DRAWN = "drawn"
    PAPER = "paper"
    NONE = "none"


SLIP_SIGNINGS = {
    SlipSigning.DRAWN: _l("Sur cet écran"),
    SlipSigning.PAPER: _l("Sur papier, après impression"),
    SlipSigning.NONE: _l("Sans signature : personne ne signe pour le donateur"),
}
