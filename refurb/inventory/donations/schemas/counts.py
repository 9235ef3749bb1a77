"""What is told when a donation arrives: how many of each kind, and what was refused."""

from typing import Any

from marshmallow import Schema, fields

from refurb.inventory.donations.words import ARRIVAL_REFUSALS, ArrivalRefusal
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Number, Text, Tick, Word, Wrong

MOST_OF_A_KIND = 999


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


class StockTaken(Schema):
    """Since when what stands here already has been here."""

    received_on = Date(_l("Reçu le"), required=True)


class Count(Schema):
    """What was counted on the dock: a number for each announced line, and for each kind that came besides; what was refused is apart.

    `detail_later` is told where labels printed in advance wait: what was counted then gets its code when one of them is scanned.
    """

    received_on = Date(_l("Reçu le"), required=True)
    counts = Counts(required=True)
    refused = fields.List(fields.Nested(RefusedTold), load_default=list)
    detail_later = Tick(_l("Coller des étiquettes imprimées d'avance"))
