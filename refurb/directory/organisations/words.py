"""What a convention is about, and how an organisation is found in the list."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class ConventionKind(StrEnum):
    """What a convention is about."""

    PARTNER = "partner"
    DONOR = "donor"
    LOAN = "loan"
    OTHER = "other"


CONVENTION_KINDS = {
    ConventionKind.PARTNER: _l("Orientation de familles"),
    ConventionKind.DONOR: _l("Don de matériel"),
    ConventionKind.LOAN: _l("Prêt de matériel"),
    ConventionKind.OTHER: _l("Autre objet"),
}


class Tristate(StrEnum):
    """A yes or a no that somebody has said, or nobody yet."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


TRISTATES = {Tristate.YES: _l("Oui"), Tristate.NO: _l("Non"), Tristate.UNKNOWN: _l("On ne sait pas")}


class FirstConvention(StrEnum):
    """Where the convention stands when an organisation is added."""

    SIGNED = "signed"
    PREPARING = "preparing"
    NONE = "none"


FIRST_CONVENTIONS = {
    FirstConvention.SIGNED: _lp("convention", "Signée"),
    FirstConvention.PREPARING: _lp("convention", "En préparation"),
    FirstConvention.NONE: _lp("convention", "Sans convention"),
}
FIRST_MEANS = {
    FirstConvention.SIGNED: _l("Elle oriente entre ses deux dates"),
    FirstConvention.PREPARING: _l("Orientations fermées jusqu'à la signature"),
    FirstConvention.NONE: _l("Elle oriente, sans fin prévue"),
}
