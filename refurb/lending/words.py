"""The enumerations of lending."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class BorrowerKind(StrEnum):
    """Who borrows: somebody for themselves, or for a structure."""

    PERSON = "person"
    ORGANISATION = "organisation"


BORROWER_KINDS = {BorrowerKind.PERSON: _lp("borrower", "Particulier"), BorrowerKind.ORGANISATION: _lp("borrower", "Structure")}


class ItemState(StrEnum):
    """Where a thing to lend stands."""

    AVAILABLE = "available"
    LENT = "lent"
    TO_CHECK = "to_check"
    INCOMPLETE = "incomplete"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"

    @property
    def is_available(self) -> bool:
        """Whether it can be lent now."""
        return self is ItemState.AVAILABLE

    @property
    def is_to_check(self) -> bool:
        """Whether it came back and nobody looked at it yet."""
        return self is ItemState.TO_CHECK

    @property
    def needs_care(self) -> bool:
        """Whether something must be done before it can be lent again."""
        return self in {ItemState.TO_CHECK, ItemState.INCOMPLETE, ItemState.IN_REPAIR, ItemState.LOST}

    @property
    def is_with_us(self) -> bool:
        """Whether it is in the pool and in our hands."""
        return self not in {ItemState.LENT, ItemState.LOST, ItemState.RETIRED}


# Where a thing is while its last return can still be undone.
UNDOABLE = frozenset({ItemState.TO_CHECK, ItemState.INCOMPLETE, ItemState.AVAILABLE, ItemState.IN_REPAIR})


class LoanState(StrEnum):
    """Where a loan stands; late is a question of date, not a state."""

    OPEN = "open"
    CLOSED = "closed"


class ComponentState(StrEnum):
    """How one component was found."""

    COMPLETE = "complete"
    DAMAGED = "damaged"
    MISSING = "missing"


class PieceWhy(StrEnum):
    """Why pieces of a component came to a thing, or left it."""

    ENTERED = "entered"
    MISSING = "missing"
    NOTICED = "noticed"
    USED = "used"
    UNDONE = "undone"
    FOUND = "found"
    BROUGHT = "brought"
    REPLACED = "replaced"
    TO_STOCK = "to_stock"
    LOST = "lost"
    RENAMED = "renamed"


PIECE_ENDS = {
    PieceWhy.REPLACED: _l("Remplacé par une autre pièce"),
    PieceWhy.BROUGHT: _l("Rapporté par l'emprunteur"),
    PieceWhy.FOUND: _l("Retrouvé chez nous"),
}
"""How pieces that were missing come to be there again."""

PIECE_FATES = {
    PieceWhy.TO_STOCK: _l("Elles vont au stock"),
    PieceWhy.LOST: _l("Elles sont perdues"),
    PieceWhy.USED: _l("Elles sont usées ou consommées"),
}
"""Where pieces go that belong to a thing no more."""


class DebtKind(StrEnum):
    """Why something is owed."""

    MISSING = "missing"
    DAMAGED = "damaged"
    LOST = "lost"


DEBT_KINDS = {
    DebtKind.MISSING: _lp("debt", "Pas rendu"),
    DebtKind.DAMAGED: _lp("debt", "Rendu abîmé"),
    DebtKind.LOST: _lp("debt", "Perdu"),
}


NOTE_BACK = "note_back."
"""How the notes beside an undone return begin that say what was noted of each component."""


class DebtEnd(StrEnum):
    """How a debt came to its end."""

    FOUND = "found"
    BROUGHT = "brought"
    REPAID = "repaid"
    WAIVED = "waived"
    MISTAKE = "mistake"


SAID_ENDS = frozenset({DebtEnd.BROUGHT, DebtEnd.REPAID, DebtEnd.WAIVED})
"""The ends that somebody says; the others follow from what happened to the thing."""

DEBT_ENDS = {
    DebtEnd.FOUND: _lp("debt", "Retrouvé"),
    DebtEnd.BROUGHT: _l("Rapporté depuis"),
    DebtEnd.REPAID: _l("Remplacé ou remboursé"),
    DebtEnd.WAIVED: _l("Laissé sans suite"),
    DebtEnd.MISTAKE: _l("Noté par erreur"),
}

# What somebody may say by hand; found and mistaken follow from other deeds.
SETTLED_BY_HAND = {end: DEBT_ENDS[end] for end in (DebtEnd.BROUGHT, DebtEnd.REPAID, DebtEnd.WAIVED)}


class DamageEnd(StrEnum):
    """How a damage came to its end."""

    MENDED = "mended"
    MISTAKE = "mistake"


class DamageFate(StrEnum):
    """What becomes of what is broken on a thing that is to be lent again."""

    MENDED = "mended"
    KEPT = "kept"


DAMAGE_FATES = {
    DamageFate.MENDED: _l("C'est réparé ou remplacé"),
    DamageFate.KEPT: _l("Le matériel reste abîmé, et peut être prêté ainsi"),
}

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
