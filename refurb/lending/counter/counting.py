"""The checklist of components as the counter keeps it, draws it and hands it on: nothing chosen in advance, three answers each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from refurb.kernel.speech.words import _
from refurb.lending.models import Component, ComponentCount
from refurb.lending.words import COMPONENT_STATES, ComponentState

Answers = Mapping[str, Mapping[str, str]]
_LONGEST = {"state": 12, "quantity": 6, "note": 200}
_LETTERS = {"state": "c", "quantity": "n", "note": "t"}


@dataclass(frozen=True)
class Counting:
    """One component to count: what is expected, what was answered so far, and what was found before, at the departure.

    `field` is how its three fields on the page end: `c12-5`, `n12-5` and `t12-5` for component 5 of the pile's line 12.
    """

    key: int
    field: str
    name: str
    picture: str | None
    whole: int
    value_cents: int | None
    state: str
    quantity: str
    note: str
    before: str | None = None
    has_photo: bool = False


def to_count(
    line: int,
    expected: Sequence[Component] | Sequence[ComponentCount],
    answers: Answers,
    pictures: Mapping[str, str | None],
    photos: Collection[int] = (),
) -> list[Counting]:
    """The components of a thing that leaves, or the counts of a line that comes back, with the answers so far.

    `photos` are the numbers of those that a picture was taken of.
    """
    return [replace(_counting(line, each, answers.get(str(each.id), {}), pictures), has_photo=each.id in photos) for each in expected]


def _counting(line: int, each: Component | ComponentCount, answer: Mapping[str, str], pictures: Mapping[str, str | None]) -> Counting:
    returning = isinstance(each, ComponentCount)
    # What is known to be missing is not called complete by a press that means the rest.
    short = isinstance(each, Component) and each.missing > 0
    return Counting(
        key=each.id,
        field=f"{line}-{each.id}",
        name=each.name,
        picture=pictures.get(each.name) if isinstance(each, ComponentCount) else each.picture,
        whole=each.quantity_out if isinstance(each, ComponentCount) else each.quantity,
        value_cents=each.value_cents,
        state=answer.get("state", ComponentState.MISSING.value if short else ""),
        quantity=answer.get("quantity", str(each.here) if short and isinstance(each, Component) else ""),
        note=answer.get("note", ""),
        before=_before(each) if returning and isinstance(each, ComponentCount) else None,
    )


def _before(count: ComponentCount) -> str | None:
    """What was remarkable at the departure; nothing where all was there and whole."""
    if count.state_out is ComponentState.COMPLETE and not count.note_out:
        return None
    found = _(
        "Parti : %(here)s sur %(all)s, %(state)s",
        here=count.quantity_out,
        all=count.quantity_expected,
        state=str(COMPONENT_STATES[ComponentState(count.state_out)]).lower(),
    )
    return _("%(found)s (%(note)s)", found=found, note=count.note_out) if count.note_out else found


def read_answers(form: MultiDict[str, str], line: int, keys: Iterable[int], before: Answers) -> dict[str, dict[str, str]]:
    """What the page says of the components of a line, as it was typed; which of their pieces were scanned `before` stays."""
    read = {}
    for key in keys:
        told = {name: form.get(f"{letter}{line}-{key}", "").strip()[: _LONGEST[name]] for name, letter in _LETTERS.items()}
        if told["state"] not in {"", *ComponentState}:
            told["state"] = ""
        told["scanned"] = before.get(str(key), {}).get("scanned", "")
        read[str(key)] = {name: value for name, value in told.items() if value}
    return {key: told for key, told in read.items() if told}


def with_piece(counted: Counting, answer: Mapping[str, str], code: str) -> dict[str, str]:
    """The answer about a component once one of its pieces was scanned; all are there when as many were as are expected."""
    seen = sorted({*answer.get("scanned", "").split(), code})
    told = {**answer, "scanned": " ".join(seen)}
    return told | ({"state": ComponentState.COMPLETE.value} if len(seen) >= counted.whole else {})


def counts_told(counted: Iterable[Counting], *, at_once: bool) -> list[dict[str, Any]]:
    """What was answered, as the JSON door would say it; with `at_once`, what has no answer is there and whole."""
    told = []
    for each in counted:
        state = each.state or (ComponentState.COMPLETE.value if at_once else "")
        if not state or not each.whole:
            continue
        answer: dict[str, Any] = {"component": each.key, "state": state}
        if state == ComponentState.MISSING:
            answer["quantity"] = each.quantity or "0"
        told.append(answer | ({"note": each.note} if each.note else {}))
    return told


def unanswered(counted: Iterable[Counting]) -> list[str]:
    """The names of what is still to be counted."""
    return [each.name for each in counted if not each.state and each.whole]


def day_or_none(value: date | None, other: date) -> date | None:
    """A day that differs from the one proposed; None where it is the same, so that it follows."""
    return value if value is not None and value != other else None
