"""From how many pieces on a kind of part runs low, from config/policy/parts.toml."""

from collections.abc import Mapping
from typing import Any

from refurb.inventory.words.parts import PartKind
from refurb.kernel.deeds.policy import PolicyFile, PolicySchema
from refurb.kernel.deeds.policy_entries import PartEntry, TableEntry, WholeEntry


class PartsSchema(PolicySchema):
    """The shape of parts.toml."""

    low_stock = TableEntry(WholeEntry(), keys=PartKind, what="kind of part")


def _low_stock(content: dict[str, Any], _version: str) -> Mapping[PartKind, int]:
    thresholds: Mapping[PartKind, int] = content["low_stock"]
    return thresholds


PARTS = PolicyFile("parts", PartEntry(PartsSchema), _low_stock)


def low_stock() -> Mapping[PartKind, int]:
    """The threshold of each kind that has one: at so many pieces or fewer, the bench is told. Raises `PolicyError`."""
    return PARTS.in_force()
