"""What the moves of the life cycles ask."""

from typing import Any

from marshmallow import Schema, fields

from refurb.inventory.donations.words import ARRIVAL_REFUSALS, ArrivalRefusal
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Number, Text, Tick, Word, Wrong

MOST_OF_A_KIND = 999


class Reason(Schema):
    """Why something out of the ordinary is done."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class Merging(Schema):
    """Into which record of the same machine this one goes, and why they are one."""

    into = Number(required=True, max=2**31 - 1)
    reason = Text(_l("À quoi le voit-on ?"), required=True, max=300, private=True)


class WasteExit(Schema):
    """How a device leaves as waste (code de l'environnement L.541-7; nomenclature of waste codes, R.541-7)."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)
    operator = Text(_l("Opérateur de déchets"), max=160)
    slip = Text(_l("Numéro du bordereau"), max=80)


class Counts(fields.Field[dict[DeviceKind, int]]):
    """How many of each kind were counted: {"laptop": 9}."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[DeviceKind, int]:
        if not isinstance(value, dict):
            raise Wrong("field.invalid")
        counted: dict[DeviceKind, int] = {}
        for kind, count in value.items():
            if kind not in set(DeviceKind) or isinstance(count, bool) or not isinstance(count, int):
                raise Wrong("field.invalid")
            if not 0 <= count <= MOST_OF_A_KIND:
                raise Wrong("field.out_of_range", least=0, most=MOST_OF_A_KIND)
            counted[DeviceKind(kind)] = count
        return counted


class RefusedTold(Schema):
    """So many of a kind that were brought and not taken, and why."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    count = Number(_l("Nombre"), required=True, min=1, max=MOST_OF_A_KIND)
    reason = Word(ArrivalRefusal, _l("Motif"), labels=ARRIVAL_REFUSALS, required=True)
    note = Text(_l("Précision"), max=300)


class Count(Schema):
    """What was counted on the dock: a number for each announced line, and for each kind that came besides; what was refused is apart.

    `detail_later` is told where labels printed in advance wait: what was counted then gets its code when one of them is scanned.
    """

    received_on = Date(_l("Reçu le"), required=True)
    counts = Counts(required=True)
    refused = fields.List(fields.Nested(RefusedTold), load_default=list)
    detail_later = Tick(_l("Coller des étiquettes imprimées d'avance"))


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
