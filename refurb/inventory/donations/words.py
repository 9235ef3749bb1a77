"""What somebody who proposes a donation says of it, and why something is refused when it arrives."""

from enum import StrEnum

from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.speech.words import _l

PROPOSERS = {
    LegalOrigin.COMPANY: _l("Une entreprise"),
    LegalOrigin.ASSOCIATION: _l("Une association"),
    LegalOrigin.PUBLIC_BODY: _l("Une administration ou une collectivité"),
    LegalOrigin.INDIVIDUAL: _l("Un particulier"),
}
"""Who may propose a donation from outside, as they say it of themselves."""


class Age(StrEnum):
    """How old the things are, roughly; past ten years they go to recycling (loi n° 2021-1485, article 16)."""

    UNDER_5 = "under_5"
    FROM_5_TO_10 = "from_5_to_10"
    OVER_10 = "over_10"
    MIXED = "mixed"
    UNKNOWN = "unknown"


AGES = {
    Age.UNDER_5: _l("Moins de 5 ans"),
    Age.FROM_5_TO_10: _l("De 5 à 10 ans"),
    Age.OVER_10: _l("Plus de 10 ans"),
    Age.MIXED: _l("Il y a de tout"),
    Age.UNKNOWN: _l("Je ne sais pas"),
}


class Shape(StrEnum):
    """In which state the things are."""

    WORKING = "working"
    PARTLY = "partly"
    BROKEN = "broken"
    UNKNOWN = "unknown"


SHAPES = {
    Shape.WORKING: _l("En état de marche"),
    Shape.PARTLY: _l("Une partie marche"),
    Shape.BROKEN: _l("En panne"),
    Shape.UNKNOWN: _l("Je ne sais pas"),
}


class DrivesInside(StrEnum):
    """Whether the drives are still in the machines: said by the donor, verified by the workshop."""

    INSIDE = "inside"
    REMOVED = "removed"
    SOME = "some"
    UNKNOWN = "unknown"


DRIVES_INSIDE = {
    DrivesInside.INSIDE: _l("Les disques sont dans les machines"),
    DrivesInside.REMOVED: _l("Les disques ont été retirés"),
    DrivesInside.SOME: _l("Certains sont retirés"),
    DrivesInside.UNKNOWN: _l("Je ne sais pas"),
}


class Chargers(StrEnum):
    """Whether the chargers come along."""

    ALL = "all"
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


CHARGERS = {
    Chargers.ALL: _l("Tous les chargeurs sont là"),
    Chargers.SOME: _l("Il en manque"),
    Chargers.NONE: _l("Sans chargeur"),
    Chargers.UNKNOWN: _l("Je ne sais pas"),
}


class ArrivalRefusal(StrEnum):
    """Why a thing is not taken when it arrives: it stays the donor's, and is never collected to be scrapped."""

    TOO_OLD = "too_old"
    BROKEN = "broken"
    INCOMPLETE = "incomplete"
    DANGEROUS = "dangerous"
    WRONG_KIND = "wrong_kind"
    LOCKED = "locked"
    OTHER = "other"


ARRIVAL_REFUSALS = {
    ArrivalRefusal.TOO_OLD: _l("Trop ancien"),
    ArrivalRefusal.BROKEN: _l("Cassé"),
    ArrivalRefusal.INCOMPLETE: _l("Incomplet"),
    ArrivalRefusal.DANGEROUS: _l("Dangereux (batterie gonflée, arête coupante)"),
    ArrivalRefusal.WRONG_KIND: _l("Pas dans ce que nous reprenons"),
    ArrivalRefusal.LOCKED: _l("Verrouillé par son ancien compte"),
    ArrivalRefusal.OTHER: _l("Autre raison"),
}
