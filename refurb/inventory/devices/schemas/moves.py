"""What the moves of a device ask."""

from marshmallow import Schema, fields

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Text


class Merging(Schema):
    """Into which record of the same machine this one goes, and why they are one."""

    into = Number(required=True, max=2**31 - 1)
    reason = Text(_l("À quoi le voit-on ?"), required=True, max=300, private=True)


class WasteExit(Schema):
    """How a device leaves as waste (code de l'environnement L.541-7; nomenclature of waste codes, R.541-7)."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)
    operator = Text(_l("Opérateur de déchets"), max=160)
    slip = Text(_l("Numéro du bordereau"), max=80)


class ComponentTold(Schema):
    """One thing counted with an item that is lent: the charger, the sleeve, four robots; its value in euro cents."""

    name = Text(required=True, max=120)
    quantity = Number(required=True, min=1, max=999)
    value_cents = Number(max=10_000_000)
    picture = Text(max=64)


class Pooling(Schema):
    """As what a device is lent: by which product it is asked for, under which name, with which components."""

    product_id = Number(required=True, max=2**31 - 1)
    name = Text(required=True, max=160)
    components = fields.List(fields.Nested(ComponentTold), required=True)
