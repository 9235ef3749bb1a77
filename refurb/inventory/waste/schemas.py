"""What comes in about waste."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema

from refurb.inventory.waste.words import SLIP_TYPES, WASTE_CODES, SlipType, WasteCode
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, File, Number, Siret, Text, Word, Wrong

MOST_KILOGRAMS = 30_000
MOST_LOOSE = 9_999
_CERTIFICATE_BYTES = 10 * 2**20


class _CodeLabel:
    """A code with its words, in the reader's language."""

    def __init__(self, code: WasteCode) -> None:
        self.code = code

    def __str__(self) -> str:
        return f"{self.code.value} {WASTE_CODES[self.code]}"


CODE_LABELS = {code: _CodeLabel(code) for code in WASTE_CODES}


class Kilograms(Text):
    """A weight in kilograms, with a comma or a point, loaded as whole grams; up to 30 tonnes."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, max=12, **{"attrs": {"inputmode": "decimal", "autocomplete": "off"}, **options})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        said = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        text = super()._deserialize(said, attr, data, **kwargs)
        if not text:
            return None
        try:
            grams = Decimal(text.casefold().removesuffix("kg").strip().replace(",", ".").replace("\u202f", "").replace(" ", "")) * 1000
        except ArithmeticError:
            raise Wrong("waste.not_a_weight") from None
        if not grams.is_finite() or not 1 <= grams <= MOST_KILOGRAMS * 1000:
            raise Wrong("waste.not_a_weight")
        return int(grams)


class NewWasteBatch(Schema):
    """For whom a batch is, and of what."""

    waste_code = Word(WasteCode, _l("Nature du déchet"), labels=CODE_LABELS, required=True)
    operator = Text(_l("Opérateur qui enlève"), required=True, max=160, help=_l("L'entreprise ou l'éco-organisme qui vient chercher."))
    operator_siret = Siret(_l("SIRET de l'opérateur"))
    operator_address = Text(_l("Adresse de l'opérateur"), max=300)
    eco_organisme = Text(_l("Éco-organisme"), max=120, help=_l("Par exemple ecologic ou ecosystem, quand il finance l'enlèvement."))


class WasteScan(Schema):
    """One thing that is put into a batch: the label of a device, or the serial number of a destroyed drive."""

    scan = Text(
        _l("Étiquette de l'appareil, ou numéro de série du support détruit"),
        required=True,
        max=120,
        attrs={"autocomplete": "off", "autofocus": True, "data-scan": True},
    )


class LooseWaste(Schema):
    """Things in a batch that were never inventoried."""

    what = Text(_l("Quoi ?"), required=True, max=120, help=_l("Câbles, souris, cartes, batteries retirées…"))
    count = Number(_l("Combien ?"), required=True, min=1, max=MOST_LOOSE)


class WasteCollected(Schema):
    """That the operator took a batch away: what its paper says (arrêté du 31 mai 2021, article 2)."""

    collected_on = Date(_l("Enlevé le"), required=True)
    weight = Kilograms(_l("Poids, en kilogrammes"), required=True)
    slip_type = Word(SlipType, _l("Document de suivi"), labels=SLIP_TYPES, required=True)
    slip_number = Text(_l("Numéro du document"), required=True, max=80)
    carrier = Text(_l("Transporteur, s'il est différent"), max=160)


class WasteCertified(Schema):
    """What the operator's certificate says became of a batch."""

    treatment = Text(
        _l("Code du traitement"), max=8, help=_l("Sur le certificat : R4 (métaux), R5, R12, D10… Laissez vide s'il n'y est pas.")
    )


class WasteCertificate(WasteCertified):
    """The certificate itself, with what it says."""

    file = File(
        _l("Certificat de traitement"),
        help=_l("Le PDF ou la photo que l'opérateur renvoie."),
        required=True,
        attrs={
            "accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png",
            "data-max-bytes": str(_CERTIFICATE_BYTES),
            "data-too-big": _l("{name} est trop lourd : un certificat pèse moins de 10 Mo."),
        },
    )
