"""What comes in about what is used up: the same for the pages and for the API."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Number, Pick, Text, Tick, Word
from refurb.lending.supplies.words import SUPPLY_MOVES, SupplyMoveKind

MOST = 1_000_000


class SupplyFacts(Schema):
    """What is used up, and at how much of it a place runs low."""

    name = Text(_l("Nom du consommable"), required=True, max=120, help=_l("« Clé USB 16 Go », « Fil PLA 1,75 mm »"))
    unit = Text(_l("Compté en"), required=True, max=24, help=_l("« pièces », « grammes », « mètres »"))
    low_at = Number(_l("Alerter quand il en reste, au plus"), max=MOST, help=_l("À chaque lieu. Vide : jamais."))


class SupplyRecord(SupplyFacts):
    """The same, corrected or retired."""

    retired = Tick(_l("On n'en tient plus : le retirer des listes"))


class SupplyMoveTold(Schema):
    """So much came, went, or was found when counted."""

    kind = Word(SupplyMoveKind, _l("Ce qui se passe"), labels=SUPPLY_MOVES, widget="radio", required=True)
    quantity = Number(_lp("supply", "Combien ?"), required=True, max=MOST)
    site_id = Pick(_l("À quel lieu ?"), required=True)
    reason = Text(_l("Pourquoi"), max=200, help=_l("Demandé pour un recomptage : « boîte tombée », « erreur de saisie ». Aucun nom."))
