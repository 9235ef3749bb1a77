"""What comes in about the contents of kits: the same for the pages and for the API."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Pick, Text, Word, Wrong
from refurb.lending.items.schemas import PartTold
from refurb.lending.words import PIECE_ENDS, PIECE_FATES, PieceWhy

_MOST = 2**31 - 1
HEAVIEST_MG = 100_000_000


class ContentTold(PartTold):
    """One component of the whole list: a known one by its id; gone where none is left, `fate` then says where its pieces go."""

    id = Number(max=_MOST)
    quantity = Number(required=True, max=999)
    fate = Word(PieceWhy, labels=PIECE_FATES)


class ContentsTold(Schema):
    """All that belongs to a kit from its next departure on, why, and the sister kits (by their codes) in which the same changes."""

    components = fields.List(fields.Nested(ContentTold), required=True)
    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)
    also = fields.List(Text(max=20), load_default=list)


class PiecesBack(Schema):
    """Which missing pieces are there again, and how."""

    component = Pick(_l("Quel élément ?"), required=True)
    quantity = Number(_l("Combien de pièces ?"), required=True, min=1, max=999)
    how = Word(PieceWhy, _l("D'où viennent-elles ?"), required=True, labels=PIECE_ENDS, widget="radio")
    note = Text(_l("Remarque"), max=300, private=True)


class Labelled(Schema):
    """Pieces of a component get labels: one that is printed already, or a fresh one for each piece that has none."""

    component = Pick(_l("Quel élément ?"), required=True)
    code = Text(_l("Étiquette déjà imprimée"), max=40, help=_l("Laissez vide : chaque pièce sans étiquette reçoit un code neuf."))


class Grams(Text):
    """A weight in grams as a scale types it, with a comma or a point; loaded as whole milligrams, up to 100 kg."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value if isinstance(value, str) else str(value), attr, data, **kwargs)
        try:
            weight = Decimal(text.removesuffix("g").replace(",", ".").replace("\u202f", "").replace(" ", "")).scaleb(3)
        except ArithmeticError:
            raise Wrong("kit.no_weight") from None
        if not weight.is_finite() or not 0 < weight <= HEAVIEST_MG or weight != int(weight):
            raise Wrong("kit.no_weight")
        return int(weight)


class Scaled(Schema):
    """What a scale says of a kit."""

    weight = Grams(
        _l("Poids, en grammes"), required=True, max=20, attribute="weight_mg", attrs={"inputmode": "decimal", "autofocus": True},
        help=_l("Une balance qui écrit comme un clavier le remplit seule."),
    )  # fmt: skip
