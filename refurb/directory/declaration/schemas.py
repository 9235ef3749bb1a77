"""What comes in about the declaration of accessibility."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Email, LongText, Number, Phone, Text

CRITERIA = 106
"""Of the RGAA 4.1.2, in thirteen themes."""
_AUDIT = ("audited_on", "audited_by", "criteria_met", "criteria_applicable")


class DeclarationFacts(Schema):
    """The parts of the model of declaration that a territory fills in itself."""

    declared_on = Date(_l("Déclaration établie le"), required=True)
    audited_on = Date(_l("Audit terminé le"), help=_l("Sans audit, la page dit « non conforme », comme la loi le demande."))
    audited_by = Text(_l("Audit fait par"), help=_l("La société ou le service qui l'a fait."), attrs={"autocomplete": "off"})
    criteria_met = Number(_l("Critères respectés"), max=CRITERIA)
    criteria_applicable = Number(_l("Critères applicables"), help=_l("Sur les 106 du RGAA 4.1.2."), min=1, max=CRITERIA)
    shortcomings = LongText(_l("Non-conformités"), help=_l("Une par ligne : ce qui bloque, et où."), max=4000)
    exemptions = LongText(_l("Dérogations pour charge disproportionnée"), help=_l("Une par ligne, avec la raison."), max=4000)
    out_of_scope = LongText(_l("Contenus non soumis à l'obligation"), help=_l("Un par ligne."), max=4000)
    environment = LongText(
        _l("Environnement de test et pages vérifiées"), help=_l("Navigateurs, lecteurs d'écran, outils, pages."), max=2000
    )
    plan_url = Text(
        _l("Adresse du schéma pluriannuel et du plan d'action"), help=_l("Elle commence par https://"), max=400,
        pattern=re.compile(r"https://[^\s\"<>]+\Z"), attrs={"inputmode": "url"},
    )  # fmt: skip
    contact_email = Email(_l("Courriel pour signaler un défaut"), help=_l("Vide : celui de l'en-tête."), attrs={"autocomplete": "off"})
    contact_phone = Phone(_lp("accessibility", "Téléphone"), max=40, attrs={"autocomplete": "off"})

    @validates_schema
    def _audit_is_whole(self, data: dict[str, Any], **_: Any) -> None:
        missing = [name for name in _AUDIT if data.get(name) is None]
        if missing and len(missing) < len(_AUDIT):
            raise ValidationError([Fault("accessibility.audit_incomplete")], missing[0])

    @validates_schema
    def _no_more_met_than_apply(self, data: dict[str, Any], **_: Any) -> None:
        met, applicable = data.get("criteria_met"), data.get("criteria_applicable")
        if met is not None and applicable is not None and met > applicable:
            raise ValidationError([Fault("accessibility.more_met_than_apply")], "criteria_met")
