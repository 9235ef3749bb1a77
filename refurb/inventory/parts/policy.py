"""From how many pieces on a kind of part runs low, from config/policy/parts.toml."""

from collections.abc import Mapping
from typing import Any

from refurb.inventory.words.parts import PART_KINDS, PartKind
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import PartEntry, TableEntry, WholeEntry
from refurb.kernel.speech.words import _, _l


class PartsSchema(PolicySchema):
    """The shape of parts.toml."""

    low_stock = TableEntry(WholeEntry(), keys=PartKind, what="kind of part", says=PART_KINDS, label=_l("Stock bas à partir de"))


def _low_stock(content: dict[str, Any], _version: str) -> Mapping[PartKind, int]:
    thresholds: Mapping[PartKind, int] = content["low_stock"]
    return thresholds


def _summary(made: Mapping[PartKind, int]) -> str:
    return _("Seuils fixés pour %(kinds)s sortes de pièces.", kinds=len(made))


PARTS = PolicyFile("parts", PartEntry(PartsSchema), _low_stock, _l("Stock bas de pièces"), PolicyGroup.WORKSHOP, _summary)


def low_stock() -> Mapping[PartKind, int]:
    """The threshold of each kind that has one: at so many pieces or fewer, the bench is told. Raises `PolicyError`."""
    return PARTS.in_force()
