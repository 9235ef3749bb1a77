"""What a donor's columns mean, guessed by their headings (French, English, those that the field's tools write) and by what is in them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from refurb.inventory.lists.kinds import kind_word, maker_word
from refurb.inventory.readers.identity import is_placeholder
from refurb.kernel.deeds.database import fold
from refurb.kernel.speech.words import _l


class DeclaredColumn(StrEnum):
    """What a column of a list can tell; each one once."""

    KIND = "kind"
    TAG = "tag"
    MANUFACTURER = "manufacturer"
    MODEL = "model"
    SERIAL = "serial"
    QUANTITY = "quantity"
    CPU = "cpu"
    RAM = "ram"
    STORAGE = "storage"
    NOTE = "note"


COLUMNS = {
    DeclaredColumn.KIND: _l("Nature"),
    DeclaredColumn.TAG: _l("N° d'inventaire du donateur"),
    DeclaredColumn.MANUFACTURER: _l("Fabricant"),
    DeclaredColumn.MODEL: _l("Modèle"),
    DeclaredColumn.SERIAL: _l("N° de série"),
    DeclaredColumn.QUANTITY: _l("Quantité"),
    DeclaredColumn.CPU: _l("Processeur"),
    DeclaredColumn.RAM: _l("Mémoire vive"),
    DeclaredColumn.STORAGE: _l("Taille du disque"),
    DeclaredColumn.NOTE: _l("Remarque"),
}

# Folded headings, the surest first: of two columns that could be meant, the one whose heading stands first is taken. Sources: the import
# pages and exports of Emmaüs Connect, eReuse DeviceHub, Snipe-IT, GLPI, Homebox, Shelf and leihs, and what French donors write.
_HEADINGS: dict[DeclaredColumn, tuple[str, ...]] = {
    DeclaredColumn.SERIAL: (
        "n serie",
        "serie",
        "numero de serie",
        "no de serie",
        "n de serie",
        "num serie",
        "numero serie",
        "serial number",
        "serial",
        "serial no",
        "s/n",
        "sn",
        "serialnumber",
        "serial_number",
        "device serial number",
        "placeholder serial number",
        "service tag",
        "numero de serie fabricant",
        "imei",
        "imei 1",
        "n imei",
        "numero imei",
    ),
    DeclaredColumn.TAG: (
        "identifiant unique",
        "asset tag",
        "n inventaire",
        "numero d'inventaire",
        "n d'inventaire",
        "no inventaire",
        "numero inventaire",
        "inventory number",
        "inventory_code",
        "inventory code",
        "inventaire",
        "hb.asset_id",
        "asset_id",
        "asset id",
        "id device internal",
        "placeholder id internal",
        "id device supplier",
        "placeholder id supplier",
        "code barre",
        "code-barres",
        "code barres",
        "barcode",
        "n immobilisation",
        "immobilisation",
        "etiquette",
        "n de parc",
        "numero de parc",
        "n parc",
        "id",
        "identifiant",
        "reference",
        "ref",
    ),
    DeclaredColumn.KIND: (
        "type materiel",
        "type de materiel",
        "type d'appareil",
        "type appareil",
        "nature",
        "nature du materiel",
        "categorie de materiel",
        "device type",
        "placeholder type",
        "device chassis",
        "type",
        "category",
        "categorie",
        "famille",
        "equipement",
        "materiel",
        "designation",
    ),
    DeclaredColumn.MANUFACTURER: (
        "constructeur",
        "fabricant",
        "marque",
        "manufacturer",
        "device manufacturer",
        "placeholder manufacturer",
        "brand",
        "maker",
        "vendor",
        "marque constructeur",
        "make",
    ),
    DeclaredColumn.MODEL: (
        "modele",
        "model",
        "model name",
        "device model",
        "placeholder model",
        "assetmodel",
        "nom du modele",
        "modele commercial",
        "libelle",
        "hb.name",
        "title",
        "item name",
        "name",
        "nom",
        "produit",
        "product",
        "model number",
        "numero de modele",
    ),
    DeclaredColumn.CPU: ("processeur", "cpu", "processor", "processor model", "processor 1: model", "proc"),
    DeclaredColumn.RAM: ("ram", "memoire vive", "memoire", "memory", "ram (mb)", "ram (gb)", "ram (go)", "memoire ram", "taille ram"),
    DeclaredColumn.STORAGE: (
        "taille disque 1",
        "taille disque",
        "disque dur",
        "disque",
        "stockage",
        "capacite",
        "capacite disque",
        "ssd",
        "hdd",
        "storage",
        "data storage size (mb)",
        "disk",
        "drive",
        "hard drive",
        "ssd/hdd",
        "stockage interne",
    ),
    DeclaredColumn.QUANTITY: ("quantite", "qte", "nombre", "nb", "quantity", "hb.quantity", "qty", "nombre d'unites"),
    DeclaredColumn.NOTE: (
        "remarques",
        "remarque",
        "commentaire",
        "commentaires",
        "observations",
        "observation",
        "etat",
        "etat esthetique",
        "notes",
        "asset notes",
        "info",
        "placeholder info",
        "description",
        "comment",
        "comments",
        "grade esth",
        "grade",
        "condition",
        "note",
    ),
}
_RANKS = {heading: (column, rank) for column, headings in _HEADINGS.items() for rank, heading in enumerate(headings)}
_CUSTOM = re.compile(r"\A(?:cf:|hb\.field\.)\s*(.*?)(?:\s*,\s*type:\s*\w+)?\Z", re.IGNORECASE)
_NOISE = re.compile(r"[°º*:?!]|\((?!mb|gb|go)[^)]*\)")
_NO_MACHINE = re.compile(
    r"user|utilisateur|login|mail|prenom|\bnom\b|name|phone|\btel|adresse|address|order|commande|facture|invoice|achat|purchase|prix|price|"
    r"cost|valeur|value|date|employee|matricule|salarie|agent|mac\b|\bip\b"
)
_SERIAL_LIKE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9/-]{5,24}", re.IGNORECASE)
# Of the values in a column, the part that must look alike before it is taken for something without its heading saying so.
_MOST = 0.7


def heading_signature(headings: Sequence[str]) -> str:
    """By what a donor's usual list is known again: its headings, whatever their case and accents."""
    return hashlib.sha256("\n".join(fold(heading) for heading in headings).encode()).hexdigest()


@lru_cache(maxsize=4096)
def meaning(heading: str) -> tuple[DeclaredColumn, int] | None:
    """What a heading means, with its rank among those that mean the same (0 is the surest); None for one that says nothing to us."""
    custom = _CUSTOM.match(heading)
    bare = fold(custom.group(1) if custom else heading).replace("’", "'").strip(" .-_")
    plain = " ".join(_NOISE.sub(" ", bare).split()).strip(" .-_")
    for spelling in (bare, plain, plain.removesuffix("s"), plain.replace("_", " ")):
        if spelling in _RANKS:
            return _RANKS[spelling]
    return None


def known_headings(cells: Sequence[str]) -> int:
    """How many different things the headings of a row mean."""
    return len({found[0] for cell in cells if cell and (found := meaning(cell[:120]))})


def guess(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[DeclaredColumn, int]:
    """Which column tells what: by headings first, then by content for what no heading told. A column tells one thing."""
    ranked = sorted(
        (found[1], at, found[0]) for at, heading in enumerate(headings) if heading and (found := meaning(heading[:120])) is not None
    )
    chosen: dict[DeclaredColumn, int] = {}
    for _, at, column in ranked:
        # Of two that mean the same, an empty one gives way; and for the kind, the one in which more kinds are named.
        if column not in chosen or _worth(column, at, rows) > _worth(column, chosen[column], rows):
            chosen[column] = at
    for column, fits in ((DeclaredColumn.SERIAL, _serials), (DeclaredColumn.KIND, _kinds), (DeclaredColumn.MANUFACTURER, _makers)):
        if column not in chosen:
            free = (at for at in range(len(headings)) if at not in chosen.values() and not _is_taken(headings[at]))
            fitting = {at: values for at in free if fits(values := [row[at] for row in rows if row[at]])}
            if fitting:  # Of several that could be serials, the longest are; a donor's own numbers are short.
                chosen[column] = max(fitting, key=lambda at: (sum(map(len, fitting[at])) / len(fitting[at]), -at))
    return {column: chosen[column] for column in DeclaredColumn if column in chosen}


def _worth(column: DeclaredColumn, at: int, rows: Sequence[Sequence[str]]) -> int:
    if column == DeclaredColumn.KIND:
        return sum(1 for row in rows if kind_word(row[at]))
    return int(any(row[at] for row in rows))


def _is_taken(heading: str) -> bool:
    """Whether a heading says already that its column is something else: known to us, or about people, orders and money."""
    return bool(heading) and (meaning(heading[:120]) is not None or _NO_MACHINE.search(fold(heading)) is not None)


def _serials(values: list[str]) -> bool:
    alike = [value for value in values if _SERIAL_LIKE.fullmatch(value) and not is_placeholder(value)]
    return len(values) >= 2 and len(alike) >= _MOST * len(values) and len(set(values)) == len(values)


def _kinds(values: list[str]) -> bool:
    return len(values) >= 2 and sum(1 for value in values if kind_word(value)) >= _MOST * len(values)


def _makers(values: list[str]) -> bool:
    return len(values) >= 2 and sum(1 for value in values if maker_word(value)) >= _MOST * len(values)


def mapping_of(columns: Mapping[str, int]) -> dict[DeclaredColumn, int]:
    """A mapping as it was kept."""
    return {DeclaredColumn(name): at for name, at in columns.items() if name in set(DeclaredColumn)}
