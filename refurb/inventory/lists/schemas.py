"""What comes in about donors' lists."""

from typing import Any

from marshmallow import Schema, fields

from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import File, Tick, Word, Wrong
from refurb.spreadsheets.errors import MOST_BYTES


class ListFile(Schema):
    """The list that a donor sent."""

    file = File(
        _l("Fichier du donateur"),
        help=_l("Tel qu'il l'a envoyé : .xlsx, .ods ou .csv, avec ses propres colonnes, jusqu'à 5 000 lignes."),
        required=True,
        attrs={
            "accept": ".xlsx,.xlsm,.ods,.csv,.tsv,.txt",
            "data-max-bytes": str(MOST_BYTES),
            "data-too-big": _l("{name} est trop lourd : une liste pèse moins de 12 Mo."),
        },
    )


class ColumnsTold(fields.Field[dict[str, int]]):
    """Which column, counted from 0, tells what: {"serial": 3, "kind": 0}."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, int]:
        if not isinstance(value, dict) or not all(isinstance(at, int) and not isinstance(at, bool) for at in value.values()):
            raise Wrong("field.invalid")
        return {str(name): at for name, at in value.items()}


class ListColumns(Schema):
    """How the columns of a list are to be understood."""

    columns = ColumnsTold(required=True)
    default_kind = Word(
        DeviceKind,
        _l("Nature, quand la liste ne la dit pas"),
        labels=DEVICE_KINDS,
        help=_l("Laissez vide pour que ces lignes soient signalées."),
    )


class ListConfirmed(Schema):
    """What the confirmation of a list does besides keeping what it declares."""

    create_devices = Tick(
        _l("Créer les appareils : chaque machine de la liste reçoit sa fiche et son code"),
        help=_l("Les fiches déjà comptées, vides et sans étiquette sont remplies d'abord."),
    )
    without_doubtful = Tick(_l("Laisser aussi de côté les lignes douteuses"))
    drop_missing = Tick(
        _l("Retirer de la déclaration les machines qui ne sont plus dans ce fichier"),
        help=_l("À cocher si ce fichier remplace le précédent. Une machine déjà reçue n'est jamais retirée."),
    )
