"""From how many pieces on a kind of part runs low, from config/policy/parts.toml."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from refurb.inventory.words.parts import PartKind
from refurb.kernel.deeds.policy import read


class PartPolicyError(ValueError):
    """A threshold cannot be used as it is written; the message names the file and the key."""


@lru_cache
def low_stock() -> Mapping[PartKind, int]:
    """The threshold of each kind that has one: at so many pieces or fewer, the bench is told. Raises `PartPolicyError`."""
    return parse(read("parts").content)


def parse(content: Mapping[str, Any]) -> Mapping[PartKind, int]:
    """The thresholds in the content of the policy file."""
    if content.keys() != {"low_stock"} or not isinstance(content["low_stock"], dict):
        raise PartPolicyError("config/policy/parts.toml: needs one table, [low_stock]")
    found: dict[PartKind, int] = {}
    for kind, pieces in content["low_stock"].items():
        if kind not in set(PartKind):
            raise PartPolicyError(f"config/policy/parts.toml: low_stock.{kind}: no such kind of part")
        if isinstance(pieces, bool) or not isinstance(pieces, int) or pieces < 0:
            raise PartPolicyError(f"config/policy/parts.toml: low_stock.{kind}: must be a whole number, 0 or more")
        found[PartKind(kind)] = pieces
    return found
