"""What comes in about the legal basis of tax receipts."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.directory.fiscal.words import RULINGS, STANDINGS, FiscalRuling, FiscalStanding
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, LongText, Text, Tick, Word


class FiscalFacts(Schema):
    """Why the territory may give receipts, to whom, and who decided it."""

    standing = Word(FiscalStanding, _l("Ce que vous êtes"), labels=STANDINGS, required=True)
    purpose = LongText(
        _l("Objet, en toutes lettres"),
        help=_l("Tel qu'aux statuts : il permet de vérifier le caractère social, éducatif, humanitaire… et paraît sur chaque reçu."),
        required=True,
        max=300,
    )
    individuals = Tick(_l("Reçus aux particuliers (CGI, article 200 ; formulaire 11580)"))
    companies = Tick(_l("Reçus aux entreprises (CGI, article 238 bis ; formulaire 16216)"))
    ruling = Word(FiscalRuling, _l("Avez-vous demandé un rescrit à l'administration fiscale ?"), labels=RULINGS, required=True)
    ruling_reference = Text(_l("Numéro de la réponse"), max=80, sometimes=True, attrs={"class": "w-mid"})
    ruling_on = Date(_l("Date de la réponse"), sometimes=True)
    decided_by = Text(
        _l("Qui a décidé d'émettre des reçus"), help=_l("Le conseil d'administration, l'assemblée, la présidente…"), required=True, max=160,
    )  # fmt: skip
    decided_on = Date(_l("Date de la décision"), required=True)

    @validates_schema
    def _holds_together(self, data: dict[str, Any], **_: Any) -> None:
        if not (data.get("individuals") or data.get("companies")):
            raise ValidationError([Fault("fiscal.for_nobody")], "individuals")
        is_obtained = data.get("ruling") is FiscalRuling.OBTAINED
        for name in ("ruling_reference", "ruling_on"):
            if is_obtained and not data.get(name):
                raise ValidationError([Fault("fiscal.ruling_incomplete")], name)
            if not is_obtained and data.get(name):
                raise ValidationError([Fault("fiscal.no_ruling_yet")], name)
