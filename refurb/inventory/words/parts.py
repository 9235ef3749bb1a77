"""What a part is, where it came from, and what was done with it."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class PartKind(StrEnum):
    """What a part is. A drive is none: it keeps its number, its history and its proof of erasure."""

    RAM = "ram"
    BATTERY = "battery"
    CHARGER = "charger"
    SCREEN = "screen"
    KEYBOARD = "keyboard"
    TOUCHPAD = "touchpad"
    WEBCAM = "webcam"
    WIFI = "wifi"
    FAN = "fan"
    BOARD = "board"
    PSU = "psu"
    SHELL = "shell"
    CABLE = "cable"
    OTHER = "other"


PART_KINDS = {
    PartKind.RAM: _l("Mémoire"),
    PartKind.BATTERY: _lp("part", "Batterie"),
    PartKind.CHARGER: _lp("part", "Chargeur"),
    PartKind.SCREEN: _l("Dalle d'écran"),
    PartKind.KEYBOARD: _lp("part", "Clavier"),
    PartKind.TOUCHPAD: _l("Pavé tactile"),
    PartKind.WEBCAM: _l("Webcam"),
    PartKind.WIFI: _l("Carte Wi-Fi"),
    PartKind.FAN: _l("Ventilateur"),
    PartKind.BOARD: _l("Carte mère"),
    PartKind.PSU: _l("Alimentation"),
    PartKind.SHELL: _l("Coque ou charnière"),
    PartKind.CABLE: _lp("part", "Câble"),
    PartKind.OTHER: _l("Autre pièce"),
}


def within(kind: PartKind) -> str:
    """The word of a kind inside a sentence: « carte Wi-Fi »."""
    word = str(PART_KINDS[kind])
    return word[:1].lower() + word[1:]


class PartOrigin(StrEnum):
    """Where a part came from."""

    BOUGHT = "bought"
    DONATED = "donated"
    HARVESTED = "harvested"


PART_ORIGINS = {
    PartOrigin.BOUGHT: _l("Achetée"),
    PartOrigin.DONATED: _l("Donnée"),
    PartOrigin.HARVESTED: _l("Prélevée sur un appareil"),
}


class PartDeed(StrEnum):
    """What changed the stock of a part."""

    ENTERED = "entered"
    FITTED = "fitted"
    TAKEN_BACK = "taken_back"
    COUNTED = "counted"


PART_DEEDS = {
    PartDeed.ENTERED: _l("Entrée en stock"),
    PartDeed.FITTED: _l("Montée"),
    PartDeed.TAKEN_BACK: _l("Reprise"),
    PartDeed.COUNTED: _l("Recomptée"),
}
