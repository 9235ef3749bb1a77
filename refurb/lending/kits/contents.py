"""What a correction changes of the contents of a kit: a pure question, asked for the preview and for the deed alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refurb.lending.items.pieces import FACTS, refuse_unfit
from refurb.lending.items.rules import NotSoManyHere
from refurb.lending.kits.rules import FateUntold, Untold
from refurb.lending.models import Component
from refurb.lending.words import PieceWhy

TOLD = ("name", "quantity", *FACTS)
"""What is compared of a component; weights in milligrams, values in euro cents."""


@dataclass(frozen=True)
class Change:
    """What changes of one component: only the facts that differ; `before` is None for a new one, `after` for one that goes.

    `pieces` are so many that belong to the kit no more and are here; `fate` says where they go, where that is told.
    """

    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    pieces: int = 0
    fate: PieceWhy | None = None

    @property
    def asks_fate(self) -> bool:
        """Whether pieces go of which somebody has to say where."""
        return self.pieces > 0

    def plain(self) -> dict[str, Any]:
        """The change as the history keeps it."""
        told = {"name": self.name, "before": self.before, "after": self.after}
        return told | ({"pieces": self.pieces, "fate": self.fate} if self.pieces else {})


def changes_of(components: Sequence[Component], told: Sequence[Mapping[str, Any]]) -> list[Change]:
    """The changes by which the contents become what is told: each known component by its `id`, gone where its `quantity` is 0.

    Raises `Untold` where a component is passed over, `WithoutComponents` where nothing would be left, `Invalid` for two of one name.
    """
    by_id = {each["id"]: each for each in told if each.get("id")}
    if silent := [each.name for each in components if each.id not in by_id]:
        raise Untold(names=", ".join(silent))
    refuse_unfit([each["name"] for each in told if each["quantity"]])
    known = [_change(each, by_id[each.id]) for each in components]
    added = [Change(each["name"], None, _facts(each)) for each in told if not each.get("id") and each["quantity"]]
    return [each for each in known if each is not None] + added


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told.get(name) for name in TOLD}


def _change(component: Component, told: Mapping[str, Any]) -> Change | None:
    fate = told.get("fate")
    if not told["quantity"]:
        return Change(component.name, {"quantity": component.quantity}, None, component.here, fate)
    changed = [name for name in TOLD if name in told and told[name] != getattr(component, name)]
    if not changed:
        return None
    fewer = max(0, component.quantity - told["quantity"])
    before, after = ({name: each(name) for name in changed} for each in (lambda name: getattr(component, name), told.get))
    return Change(component.name, before, after, fewer, fate)


def refuse_untold_fates(components: Sequence[Component], changes: Sequence[Change]) -> None:
    """Each piece that goes goes somewhere, and what is not here cannot go to the stock. Raises `FateUntold`, `NotSoManyHere`."""
    parts = {each.name: each for each in components}
    if silent := [each.name for each in changes if each.asks_fate and each.fate is None]:
        raise FateUntold(names=", ".join(silent))
    for each in changes:
        if each.after is not None and each.fate is not PieceWhy.LOST and each.name in parts and each.pieces > parts[each.name].here:
            raise NotSoManyHere(name=each.name, here=parts[each.name].here)
