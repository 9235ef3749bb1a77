"""What comes in about the letterhead."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret

from refurb.directory.letterhead.colours import COLOUR, LEAST, is_alarming, weakest
from refurb.directory.letterhead.words import LEGAL_FORMS, LegalForm
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp, language
from refurb.kernel.web.fields import Date, Email, Phone, Text, Tick, Word, Wrong

SHORT = 22
_LA_POSTE = "356000000"
_RNA = re.compile(r"W\d{9}\Z")
_POSTCODE = re.compile(r"\d{5}\Z")


def spelt_ratio(ratio: float) -> str:
    """A contrast with one decimal, never rounded up: « 8,4 »."""
    text = f"{int(ratio * 10) / 10:.1f}"
    return text.replace(".", ",") if language() == "fr" else text


class OwnSiret(Text):
    """The territory's SIRET: fourteen digits with their key; what is wrong is said with the number as it was typed.

    The key is Luhn's; the establishments of La Poste may instead have a sum of digits that is a multiple of five (INSEE).
    """

    attrs = {"inputmode": "numeric"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        digits = "".join(text.split())
        if not digits:
            return ""
        if not (digits.isascii() and digits.isdecimal()) or len(digits) != 14:
            raise Wrong("letterhead.siret_length", length=len(digits))
        if digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0:
            return digits
        try:
            return str(siret.validate(digits))
        except NumberError:
            raise Wrong("letterhead.siret_key", siret=text) from None


class RnaNumber(Text):
    """The number of an association in the national register: W and nine digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = "".join(super()._deserialize(value, attr, data, **kwargs).split()).upper()
        if text and not _RNA.match(text):
            raise Wrong("letterhead.rna")
        return text


class Postcode(Text):
    """A French postcode, five digits."""

    attrs = {"inputmode": "numeric", "autocomplete": "postal-code", "class": "w-short"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = "".join(super()._deserialize(value, attr, data, **kwargs).split())
        if text and not _POSTCODE.match(text):
            raise Wrong("letterhead.postcode")
        return text


class Accent(Text):
    """A colour that can be read by day and by night on every ground of ours; refused with the figure."""

    attrs = {"class": "w-short mono", "autocomplete": "off", "spellcheck": "false"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).upper()
        if not text:
            return ""
        colour = text if text.startswith("#") else f"#{text}"
        if not COLOUR.match(colour):
            raise Wrong("letterhead.colour")
        if is_alarming(colour):
            raise Wrong("letterhead.colour_of_danger")
        worst = weakest(colour)
        if worst.ratio < LEAST:
            raise Wrong("letterhead.contrast", ratio=spelt_ratio(worst.ratio), least=spelt_ratio(LEAST))
        return colour


class LetterheadFacts(Schema):
    """All that the page of the letterhead holds, pictures and signatories apart."""

    name = Text(
        _l("Nom complet"),
        help=_l("Tel qu'aux statuts ou dans l'acte de création : il paraît sur les attestations."),
        required=True,
        attrs={"autocomplete": "organization"},
    )
    short_name = Text(
        _l("Nom court"), help=_l("Pour les pages, les courriels et les étiquettes, 22 lettres au plus."), required=True, max=SHORT,
        attrs={"class": "w-mid"},
    )  # fmt: skip
    legal_form = Word(LegalForm, _lp("letterhead", "Forme"), labels=LEGAL_FORMS, required=True)
    siret = OwnSiret(_lp("letterhead", "SIRET"), help=_l("Quatorze chiffres."), max=30, attrs={"class": "w-mid"})
    rna = RnaNumber(_l("RNA"), help=_l("Pour une association : W et neuf chiffres."), max=20, attrs={"class": "w-mid"})
    street = Text(_lp("letterhead", "Adresse"), attrs={"autocomplete": "street-address"})
    postcode = Postcode(_l("Code postal"), max=10)
    commune = Text(_lp("letterhead", "Commune"), required=True, max=120, attrs={"autocomplete": "address-level2"})
    phone = Phone(_l("Téléphone"), max=40, attrs={"class": "w-mid"})
    email = Email(_l("Courriel"))
    dpo_name = Text(
        _l("Délégué à la protection des données"), help=_l("Sans délégué, la page publique renvoie à l'adresse ci-dessus."), max=160,
        attrs={"autocomplete": "off"},
    )  # fmt: skip
    dpo_email = Email(_l("Son courriel"), attrs={"autocomplete": "off"})
    dpo_address = Text(_l("Son adresse"), help=_l("Si elle n'est pas la vôtre."), max=300, attrs={"autocomplete": "off"})
    publisher = Text(
        _l("Direction de la publication"),
        help=_l("La personne qui répond de ce qui est publié : présidence, maire, direction."),
        max=160,
        attrs={"autocomplete": "off"},
    )
    host = Text(_l("Hébergeur du service"), help=_l("Nom, adresse et téléphone, comme la loi les demande."), max=300)
    accent = Accent(_l("Couleur des boutons"), help=_l("Nous vérifions qu'elle reste lisible, de jour et de nuit."), max=7)
    logo_removed = Tick(_l("Retirer le logo"))

    @validates_schema
    def _reaches_the_delegate(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("dpo_name") and not (data.get("dpo_email") or data.get("dpo_address")):
            raise ValidationError([Fault("letterhead.dpo_unreachable")], "dpo_email")


class SignatoryFacts(Schema):
    """Somebody who signs for the territory, from when until when, and what."""

    name = Text(_l("Prénom et nom"), required=True, max=160, attrs={"autocomplete": "off"})
    function = Text(_l("En qualité de"), help=_l("Par exemple : présidente, maire, directrice par délégation."), required=True, max=120)
    since = Date(_lp("letterhead", "Depuis le"), required=True, future=True)
    until = Date(_l("Jusqu'au"), help=_l("Dernier jour. Vide : sans fin prévue."), future=True)
    signs_donations = Tick(_l("Signe les attestations de don"))
    signs_erasures = Tick(_l("Signe les attestations d'effacement"))
    signs_receipts = Tick(_l("Signe les reçus fiscaux"))
    griffe_removed = Tick(_l("Retirer la griffe"))

    @validates_schema
    def _ends_after_it_begins(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("until") and data["until"] < data["since"]:
            raise ValidationError([Fault("letterhead.ends_before")], "until")
