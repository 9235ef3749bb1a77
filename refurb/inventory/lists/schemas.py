"""What comes in about donors' lists."""

from typing import Any

from marshmallow import Schema, fields

from refurb.inventory.lists.columns import COLUMNS, DeclaredColumn
from refurb.inventory.lists.rows import MOST_TYPED
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import File, Text, Tick, Word, Wrong
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


class ListRow(Schema):
    """What stands in the cells of one row, in the words of a list."""

    kind = Word(DeviceKind, COLUMNS[DeclaredColumn.KIND], labels=DEVICE_KINDS, sometimes=True)
    tag = Text(COLUMNS[DeclaredColumn.TAG], max=MOST_TYPED, sometimes=True)
    manufacturer = Text(COLUMNS[DeclaredColumn.MANUFACTURER], max=MOST_TYPED, sometimes=True)
    model = Text(COLUMNS[DeclaredColumn.MODEL], max=MOST_TYPED, sometimes=True)
    serial = Text(COLUMNS[DeclaredColumn.SERIAL], max=MOST_TYPED, sometimes=True)
    quantity = Text(COLUMNS[DeclaredColumn.QUANTITY], max=MOST_TYPED, sometimes=True)
    cpu = Text(COLUMNS[DeclaredColumn.CPU], max=MOST_TYPED, sometimes=True)
    ram = Text(COLUMNS[DeclaredColumn.RAM], max=MOST_TYPED, sometimes=True)
    storage = Text(COLUMNS[DeclaredColumn.STORAGE], max=MOST_TYPED, sometimes=True)
    note = Text(COLUMNS[DeclaredColumn.NOTE], max=MOST_TYPED, sometimes=True)


class WordsTold(fields.Field[dict[str, DeviceKind | None]]):
    """Which kind a word of the donor's means: {"grille-pain": "other"}; null for one that means nothing to us."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, DeviceKind | None]:
        if not isinstance(value, dict) or not all(map(_is_kind, value.values())):
            raise Wrong("field.choice")
        return {str(word): DeviceKind(kind) if kind is not None else None for word, kind in value.items()}


def _is_kind(told: Any) -> bool:
    return told is None or (isinstance(told, str) and told in set(DeviceKind))


class ListWords(Schema):
    """What the donor's words mean."""

    words = WordsTold(required=True)


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
