"""What comes in about donations and devices."""

from marshmallow import Schema

from refurb.kernel.fields import Date, Text
from refurb.kernel.words import _l


class Reason(Schema):
    """Why something out of the ordinary is done."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300)


class WasteExit(Schema):
    """How a device leaves as waste (code de l'environnement L.541-7; nomenclature of waste codes, R.541-7)."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300)
    operator = Text(_l("Opérateur de déchets"), max=160)
    slip = Text(_l("Numéro du bordereau"), max=80)


class Count(Schema):
    """What was counted on the dock; the counts by kind come beside, one per announced line."""

    received_on = Date(_l("Reçu le"), required=True)
