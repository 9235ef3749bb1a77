"""What comes in about parts."""

from enum import StrEnum

from marshmallow import Schema

from refurb.inventory.words.parts import PART_KINDS, PART_ORIGINS, PartKind, PartOrigin
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Text, Tick, Word
from refurb.kernel.web.money import Euros

MOST_PIECES = 9_999

# What is taken out of a machine enters from the page of that machine.
COMING_IN = {origin: word for origin, word in PART_ORIGINS.items() if origin is not PartOrigin.HARVESTED}


class PartFacts(Schema):
    """What can be corrected of a part, its stock apart."""

    name = Text(_l("Désignation"), required=True, max=160, help=_l("Par exemple : DDR4 SO-DIMM 8 Go 2666, ou batterie DELL GJKNX."))
    fits = Text(
        _l("Modèles compatibles"), max=300, help=_l("Séparés par des virgules : ils remontent en tête quand on cherche une pièce pour eux.")
    )
    place = Text(_l("Rangement"), max=80)
    low_at = Number(_l("Alerter à partir de (pièces restantes)"), max=MOST_PIECES)
    cost = Euros(_l("Coût d'une pièce, en euros"), attribute="cost_cents")
    supplier = Text(_l("Fournisseur"), max=160)
    invoice = Text(_l("Numéro de facture"), max=80)
    funder = Text(
        _l("Financement"), max=80, help=_l("La subvention ou la ligne de budget qui paie : le bilan des coûts se lit par financement.")
    )


class NewPart(PartFacts):
    """A piece or a lot that enters the stock."""

    class Meta:
        fields = (
            "kind",
            "name",
            "origin",
            "is_lot",
            "quantity",
            "code",
            "fits",
            "place",
            "low_at",
            "cost",
            "supplier",
            "invoice",
            "funder",
        )

    kind = Word(PartKind, _l("Genre de pièce"), labels=PART_KINDS, required=True)
    origin = Word(PartOrigin, _l("D'où vient-elle ?"), labels=COMING_IN, required=True, widget="radio")
    is_lot = Tick(_l("C'est un lot : plusieurs pièces semblables, comptées sous une seule étiquette"))
    quantity = Number(_l("Combien de pièces"), min=1, max=MOST_PIECES, load_default=1)
    code = Text(_l("Code de l'étiquette"), max=300, help=_l("Scannez une étiquette imprimée d'avance, ou laissez vide : un code est créé."))


class PieceFate(StrEnum):
    """What becomes of a piece that is taken out of a machine."""

    KEEP = "keep"
    THROW = "throw"


FATES = {PieceFate.KEEP: _l("Elle est bonne : la garder en stock"), PieceFate.THROW: _l("Elle ne vaut rien : la jeter")}


class TakenOut(Schema):
    """A piece taken out of a machine, and what becomes of it."""

    kind = Word(PartKind, _l("Genre de pièce"), labels=PART_KINDS, required=True)
    fate = Word(PieceFate, _l("Que devient-elle ?"), labels=FATES, required=True, widget="radio")
    name = Text(_l("Désignation"), max=160, help=_l("Vide : le genre et le modèle de la machine."))
    code = Text(_l("Code de l'étiquette"), max=300, help=_l("Scannez une étiquette imprimée d'avance, ou laissez vide : un code est créé."))
    place = Text(_l("Rangement"), max=80)


class PartInto(Schema):
    """Into which device a part is fitted, by the device's code."""

    device = Text(_l("Code de l'appareil"), required=True, max=300, attrs={"autocomplete": "off"})
    quantity = Number(_l("Combien de pièces"), min=1, max=MOST_PIECES, load_default=1)


class PartOf(Schema):
    """Which part is fitted into a device or taken back from it, by the part's code."""

    part = Text(_l("Code de la pièce"), required=True, max=300, attrs={"autocomplete": "off"})
    quantity = Number(_l("Combien de pièces"), min=1, max=MOST_PIECES, load_default=1)


class PartCount(Schema):
    """How many pieces are really there, and why that differs from the stock."""

    quantity = Number(_l("Combien y en a-t-il vraiment ?"), required=True, max=MOST_PIECES)
    reason = Text(_l("Pourquoi cet écart ?"), required=True, max=300, private=True, help=_l("Perdue, cassée, jetée, oubliée au comptage…"))
