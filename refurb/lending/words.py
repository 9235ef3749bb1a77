"""The enumerations of lending."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class ItemState(StrEnum):
    """Where a thing to lend stands."""

    AVAILABLE = "available"
    LENT = "lent"
    TO_CHECK = "to_check"
    INCOMPLETE = "incomplete"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"


class LoanState(StrEnum):
    """Where a loan stands; late is a question of date, not a state."""

    OPEN = "open"
    CLOSED = "closed"


class ComponentState(StrEnum):
    """How one component was found."""

    COMPLETE = "complete"
    DAMAGED = "damaged"
    MISSING = "missing"


# The drawings of components that we have, by the name of their file.
PICTURES = {
    "robot": _l("Robot"),
    "tablette": _lp("product category", "Tablette"),
    "projecteur": _l("Vidéoprojecteur"),
    "imprimante": _l("Imprimante 3D"),
    "box4g": _l("Boîtier 4G"),
    "malle": _l("Malle ou housse"),
    "chargeur": _lp("component", "Chargeur"),
    "cable": _lp("component", "Câble"),
    "batterie": _lp("component", "Batterie"),
    "capteur": _l("Capteur"),
    "tapis": _l("Tapis"),
    "cartes": _l("Cartes ou notice"),
    "tournevis": _lp("component", "Outil"),
}

COMPONENT_STATES = {
    ComponentState.COMPLETE: _l("Complet"),
    ComponentState.DAMAGED: _l("Abîmé"),
    ComponentState.MISSING: _l("Manque"),
}
