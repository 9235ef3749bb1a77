"""The words of privacy: what people may ask, how a request comes in."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class RightKind(StrEnum):
    """What somebody asks about her own data."""

    ACCESS = "access"
    RECTIFY = "rectify"
    OBJECT = "object"
    ERASE = "erase"


RIGHT_KINDS = {
    RightKind.ACCESS: _l("Voir ses données"),
    RightKind.RECTIFY: _l("Les corriger"),
    RightKind.OBJECT: _l("S'opposer à leur usage"),
    RightKind.ERASE: _l("Les effacer avant l'heure"),
}
RIGHTS = {
    RightKind.ACCESS: _l("Droit d'accès"),
    RightKind.RECTIFY: _l("Droit de rectification"),
    RightKind.OBJECT: _l("Droit d'opposition"),
    RightKind.ERASE: _l("Droit d'effacement"),
}


class AskedWay(StrEnum):
    """How a request came in."""

    COUNTER = "counter"
    LETTER = "letter"
    MAIL = "mail"
    PHONE = "phone"


ASKED_WAYS = {
    AskedWay.COUNTER: _l("Au comptoir"),
    AskedWay.LETTER: _lp("asked", "Par lettre"),
    AskedWay.MAIL: _lp("asked", "Par courriel"),
    AskedWay.PHONE: _lp("asked", "Par téléphone"),
}
