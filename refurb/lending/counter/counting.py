"""The checklist of components as a page draws it and as it comes back: nothing chosen in advance, three answers each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from refurb.kernel.speech.words import _
from refurb.lending.models import Component, ComponentCount
from refurb.lending.words import COMPONENT_STATES, ComponentState


@dataclass(frozen=True)
class Counting:
    """One component to count: what is expected, what was answered so far, and what was found before, at the departure."""

    key: int
    name: str
    picture: str | None
    whole: int
    value_cents: int | None
    state: str
    quantity: str
    note: str
    before: str | None = None


def to_count(expected: Sequence[Component] | Sequence[ComponentCount], pictures: dict[str, str | None] | None = None) -> list[Counting]:
    """The components of an item, or the counts of a line that comes back, with the answers that the page sent."""
    at_once = everything_is_there()
    return [_counting(each, pictures or {}, at_once=at_once) for each in expected]


def _counting(each: Component | ComponentCount, pictures: dict[str, str | None], *, at_once: bool) -> Counting:
    returning = isinstance(each, ComponentCount)
    answered = request.form.get(f"c{each.id}", "")
    # What is known to be missing is not called complete by a press that means the rest.
    short = not isinstance(each, ComponentCount) and each.missing > 0
    if short and not answered:
        answered = ComponentState.MISSING.value
    return Counting(
        key=each.id,
        name=each.name,
        picture=pictures.get(each.name) if isinstance(each, ComponentCount) else each.picture,
        whole=each.quantity_out if isinstance(each, ComponentCount) else each.quantity,
        value_cents=each.value_cents,
        state=answered or (ComponentState.COMPLETE.value if at_once else ""),
        quantity=request.form.get(f"n{each.id}", str(each.here) if short and isinstance(each, Component) else ""),
        note=request.form.get(f"t{each.id}", ""),
        before=_before(each) if returning and isinstance(each, ComponentCount) else None,
    )


def everything_is_there() -> bool:
    """Whether « Tout est là, sauf ce que je change » was pressed; it fills in what has no answer yet."""
    return request.form.get("do") == "all"


def _before(count: ComponentCount) -> str:
    found = _(
        "Parti : %(here)s sur %(all)s, %(state)s",
        here=count.quantity_out,
        all=count.quantity_expected,
        state=str(COMPONENT_STATES[ComponentState(count.state_out)]).lower(),
    )
    return _("%(found)s (%(note)s)", found=found, note=count.note_out) if count.note_out else found


def counts_as_json(counted: Iterable[Counting]) -> list[dict[str, Any]]:
    """What the page answered, as the JSON door would say it; a component without an answer is not named."""
    return [
        {"component": each.key, "state": each.state}
        | ({"quantity": each.quantity} if each.quantity else {})
        | ({"note": each.note} if each.note else {})
        for each in counted
        if each.state
    ]


def unanswered(counted: Iterable[Counting]) -> list[str]:
    """The names of what is still to be counted."""
    return [each.name for each in counted if not each.state and each.whole]
