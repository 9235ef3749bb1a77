"""A policy's text value by value: each with its path, the entry that knows its limits, and what the text says beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from refurb.kernel.deeds.policy import PolicyFile, parsed
from refurb.kernel.deeds.policy_entries import FixedEntry, ListEntry, PartEntry, PolicyEntry, TableEntry, TextEntry

Path = tuple[str | int, ...]
GENERAL = ""
"""The part of what stands above every table."""

_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_TABLE = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#\s*(.*))?$")
_WORD = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_NAMED_BY = ("name", "short_fr", "fr", "key")


@dataclass(frozen=True)
class Leaf:
    """One value: `path` leads to it, `entry` says what may stand there (None where nobody does), `value` is as TOML has it.

    `labels` are what the tables around it and it itself are called on a page, from the outside in; `remark` is what the text says
    beside it.
    """

    path: Path
    entry: Any
    value: Any
    labels: tuple[str, ...]
    remark: str = ""

    @property
    def name(self) -> str:
        """The path as complaints write it: entries of a list count from 1."""
        return spelt(self.path)

    @property
    def part(self) -> str:
        """The table of the outside in which it lies."""
        return str(self.path[0]) if len(self.path) > 1 else GENERAL

    @property
    def law(self) -> Any:
        """Why it is not for the territory to change, if it is not."""
        return getattr(self.entry, "law", None)


def spelt(path: Path) -> str:
    """A path as one word."""
    found = ""
    for step in path:
        found += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if found else step
    return found


def leaves_of(file: PolicyFile[Any], text: str) -> list[Leaf]:
    """Every value of a text, in its order. Raises `PolicyError` for what is no TOML; a text that is refused otherwise has leaves, too."""
    remarks = remarks_in(text)
    return list(_below(file.shape, parsed(file.name, text).content, (), (), remarks))


class Unsaid:
    """Instead of a value: nothing stands there, though something may."""


def absent_of(file: PolicyFile[Any], text: str) -> list[Leaf]:
    """Every simple value that a text might say and does not, beside those that it does. Raises `PolicyError` for what is no TOML."""
    return list(_absent(file.shape, parsed(file.name, text).content, (), ()))


def _absent(entry: Any, value: Any, path: Path, labels: tuple[str, ...]) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for key, each in value.items():
            inner = _inner(entry, key)
            yield from _absent(inner, each, (*path, key), (*labels, _label(entry, inner, key, each)))
        for key, inner in _optional(entry):
            if key not in value:
                yield from _unsaid(inner, (*path, key), (*labels, str(inner.label)))
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for place, each in enumerate(value):
            yield from _absent(getattr(entry, "inner", None), each, (*path, place), (*labels, _title(each, str(place + 1))))


def _unsaid(entry: Any, path: Path, labels: tuple[str, ...]) -> Iterator[Leaf]:
    """What might be said there: the value itself, or each passage of a text that need not be there."""
    if isinstance(entry, PartEntry):
        for key, inner in entry.schema.fields.items():
            yield Leaf((*path, key), inner, Unsaid, (*labels, str(getattr(inner, "label", None) or key)))
    else:
        yield Leaf(path, entry, Unsaid, labels)


def _may_lack(entry: Any) -> bool:
    """Whether it is typed in a form, and need not be: a simple value, or a passage in its languages."""
    if isinstance(entry, PartEntry):
        return all(isinstance(each, TextEntry) and not each.required for each in entry.schema.fields.values())
    return is_simple(entry)


def _optional(entry: Any) -> Iterator[tuple[str, Any]]:
    """The keys of a table that may be left out, each with its entry."""
    for name, each in entry.schema.fields.items() if isinstance(entry, PartEntry) else ():
        if isinstance(each, PolicyEntry) and not each.required and each.label is not None and not each.law and _may_lack(each):
            yield each.data_key or name, each


def _below(entry: Any, value: Any, path: Path, labels: tuple[str, ...], remarks: Mapping[str, str]) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for key, each in value.items():
            inner = _inner(entry, key)
            yield from _below(inner, each, (*path, key), (*labels, _label(entry, inner, key, each)), remarks)
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for place, each in enumerate(value):
            yield from _below(getattr(entry, "inner", None), each, (*path, place), (*labels, _title(each, str(place + 1))), remarks)
    else:
        yield Leaf(path, entry, value, labels, remarks.get(spelt(path), ""))


def _inner(entry: Any, key: str) -> Any:
    if isinstance(entry, PartEntry):
        fields = entry.schema.fields
        return next((each for name, each in fields.items() if (each.data_key or name) == key), None)
    return entry.inner if isinstance(entry, TableEntry | ListEntry) else None


def _label(outer: Any, inner: Any, key: str, value: Any) -> str:
    if isinstance(outer, TableEntry):
        said = {str(each): str(word) for each, word in outer.says.items()}
        return said.get(key) or (_title(value, key) if isinstance(value, dict) else key)
    return str(getattr(inner, "label", None) or key)


def _title(row: Mapping[str, Any], otherwise: str) -> str:
    """What a table calls itself."""
    return next((row[each] for each in _NAMED_BY if isinstance(row.get(each), str)), otherwise)


def remarks_in(text: str) -> dict[str, str]:
    """What the comments of a text say, by the path of the value that they stand above or beside; "" is said of the whole."""
    found: dict[str, str] = {}
    pending: list[str] = []
    counted: dict[str, int] = {}
    table = ""
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("#"):
            pending.append(bare.lstrip("# "))
            continue
        if header := _TABLE.match(line):
            table = _dotted(header[2])
            if header[1] == "[[":
                counted[table] = counted.get(table, 0) + 1
                table = f"{table}[{counted[table]}]"
            _note(found, table, [*pending, header[3] or ""])
        elif key := _KEY.match(line):
            inside = f"{table}.{_dotted(key[1])}" if table else _dotted(key[1])
            _note(found, inside, [*pending, _beside(line)])
        elif pending and "" not in found:
            found[""] = " ".join(pending)
        pending = []
    return found


def _note(found: dict[str, str], path: str, lines: list[str]) -> None:
    if said := " ".join(each for each in lines if each):
        found[path] = said


def _dotted(typed: str) -> str:
    return ".".join(each.strip("\"'") for each in _WORD.findall(typed))


def _beside(line: str) -> str:
    """The comment at the end of a line: after a sign that lies in no text."""
    quote = ""
    for place, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote and line[place - 1] != "\\" else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return line[place + 1 :].strip()
    return ""


def is_simple(entry: Any) -> bool:
    """Whether a value of this entry is typed as it is, without brackets."""
    return entry is not None and not isinstance(entry, ListEntry | FixedEntry | TableEntry | PartEntry)
