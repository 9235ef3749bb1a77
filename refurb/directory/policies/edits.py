"""Changing values in a policy's text: everything else, comments included, stays letter by letter as it was."""

import datetime as dt
import tomllib
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from refurb.directory.policies.leaves import Leaf, Path, is_simple, leaves_of
from refurb.kernel.deeds.policy import PolicyError, PolicyFile
from refurb.kernel.deeds.policy_entries import (
    DayEntry,
    FigureEntry,
    HourEntry,
    ListEntry,
    PolicyEntry,
    WholeEntry,
    WordEntry,
    YearlyEntry,
    YesNoEntry,
)
from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.errors import Fault, Invalid

if TYPE_CHECKING:
    from tomlkit.items import String

GONE = object()
"""Instead of a value: the key is taken out."""


def typed_as(value: Any, entry: Any) -> str:
    """A value as a field of a form holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and is_simple(entry):
        return value
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return ", ".join(map(str, value)) if is_row(entry) else _written(value)


def is_row(entry: Any) -> bool:
    """Whether it is a list of plain words or numbers, typed with commas between them."""
    return isinstance(entry, ListEntry) and isinstance(entry.inner, WholeEntry | WordEntry | YearlyEntry)


def _written(value: Any) -> str:
    from tomlkit import item  # noqa: PLC0415 - loaded where it is used

    return str(item(value).as_string())


def read_typed(typed: str, leaf: Leaf) -> Any:
    """The value of what was typed for a leaf, `GONE` for nothing where nothing may be said. Raises `Invalid` with the leaf's name."""
    try:
        return _value(typed.strip(), leaf.entry, leaf.value)
    except (ValueError, RecursionError) as error:
        raise Invalid({leaf.name: [Fault(_code(leaf.entry))]}) from error


def _value(typed: str, entry: Any, former: Any) -> Any:
    if is_row(entry):
        words = typed.replace(";", ",").strip("[]").split(",")
        return [_value(each.strip(" \"'"), entry.inner, None) for each in words if each.strip()]
    if not typed:
        return _refuse() if getattr(entry, "required", True) else GONE
    reader = next((read for kind, read in _READERS if isinstance(entry, kind)), None)
    if reader is not None:
        return reader(typed, former)
    return typed if is_simple(entry) else tomllib.loads(f"value = {typed}")["value"]


def _refuse() -> Any:
    raise ValueError


def _figure(typed: str, former: Any) -> int | float:
    figure = float(typed.replace(",", "."))
    return int(figure) if figure.is_integer() and isinstance(former, int) else figure


# How what was typed for an entry is read, given the former value; what cannot be raises ValueError.
_READERS: tuple[tuple[type[PolicyEntry], Callable[[str, Any], Any]], ...] = (
    (WholeEntry, lambda typed, _former: int(typed)),
    (FigureEntry, _figure),
    (YesNoEntry, lambda typed, _former: {"yes": True, "no": False}[typed] if typed in {"yes", "no"} else _refuse()),
    (DayEntry, lambda typed, _former: day_in(typed) or _refuse()),
    (HourEntry, lambda typed, _former: dt.time.fromisoformat(typed)),
)


_CODES: tuple[tuple[type[PolicyEntry], str], ...] = (
    (WholeEntry, "field.number"), (FigureEntry, "field.number"), (YesNoEntry, "field.choice"), (DayEntry, "field.date"),
    (HourEntry, "policy.hour"),
)  # fmt: skip


def _code(entry: Any) -> str:
    plain = "field.required" if is_simple(entry) else "policy.brackets"
    return next((code for kind, code in _CODES if isinstance(entry, kind)), plain)


def with_values(text: str, values: Mapping[Path, Any], *, new: Collection[Path] = ()) -> str:
    """The text with these values in their places, or without them (`GONE`). A path that leads nowhere, unless `new`, raises `KeyError`."""
    from tomlkit import dumps, parse, table  # noqa: PLC0415 - loaded where it is used

    document: Any = parse(text)
    for path, value in values.items():
        inner = document
        for step in path[:-1]:
            if step not in inner and path in new:
                inner[step] = table()
            inner = inner[step]
        if path[-1] not in inner and path not in new:
            raise KeyError(path)
        if value is GONE:
            del inner[path[-1]]
        else:
            inner[path[-1]] = _lines(value) if isinstance(value, str) and "\n" in value else value
    return dumps(document)


def _lines(text: str) -> "String":
    """A text of several lines as somebody would write it in a file."""
    from tomlkit.items import String, StringType, Trivia  # noqa: PLC0415 - loaded where it is used

    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = f'{escaped[:-1]}\\"' if escaped.endswith('"') else escaped
    return String(StringType.MLB, text, f"\n{escaped}", Trivia())


def changed_leaves(file: PolicyFile[Any], before: str, after: str) -> list[tuple[Leaf, Any, Any]]:
    """The values in which two texts differ: the leaf, its value before and after; `GONE` where it is not there."""
    old = {each.name: each for each in leaves_of(file, before)}
    new = {each.name: each for each in leaves_of(file, after)}
    found = [(new[name], each.value, new[name].value) for name, each in old.items() if name in new and new[name].value != each.value]
    found += [(each, each.value, GONE) for name, each in old.items() if name not in new]
    return found + [(each, GONE, each.value) for name, each in new.items() if name not in old]


def taken_over(file: PolicyFile[Any], base: str, mine: str, theirs: str) -> str:
    """My changes of a text, made in the text that somebody else adopted meanwhile; where both changed a value, mine is tried.

    Where the texts have not the same values, or one is no TOML, mine is kept as it is.
    """
    try:
        changes = changed_leaves(file, base, mine)
    except PolicyError:
        return mine
    if any(GONE in (before, after) for _leaf, before, after in changes):
        return mine
    try:
        return with_values(theirs, {leaf.path: after for leaf, _before, after in changes})
    except (KeyError, IndexError):
        return mine
