"""Policies as pages show them: the line of a policy in the list, and values in groups with what they mean."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import ndiff
from typing import Any

from refurb.directory.policies.edits import GONE, changed_leaves, is_row, typed_as
from refurb.directory.policies.leaves import GENERAL, Leaf, Path, leaves_of
from refurb.directory.policies.queries import PolicyStanding, drafts, newest_number, standing_of
from refurb.directory.policies.schemas import GENERAL_LABEL, GROUPS
from refurb.kernel.deeds.policy import PolicyError, PolicyFile, PolicyGroup
from refurb.kernel.deeds.policy_entries import WordEntry, YesNoEntry
from refurb.kernel.deeds.policy_versions import PolicyDraft
from refurb.kernel.deeds.texts import LANGUAGES, PassageEntry
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _, day

AT_ONCE, PASSAGES_AT_ONCE = 50, 9
"""Values, and passages of a text, that one form holds; a policy with more is changed part by part."""


@dataclass(frozen=True)
class PolicyLine:
    """One policy in the list; `summary` is None where what is in force cannot be said in a line."""

    file: PolicyFile[Any]
    standing: PolicyStanding
    summary: str
    draft: PolicyDraft | None
    waits: bool

    @property
    def who(self) -> str | None:
        """Who adopted it."""
        return wired().name_of(self.standing.row.adopted_by) if self.standing.row and not self.standing.is_shipped else None


@dataclass(frozen=True)
class ValueGroup:
    """Values of one table, with the names of the tables around it."""

    title: str
    part: str
    leaves: tuple[Leaf, ...]

    @property
    def path(self) -> Path:
        """What leads to the table."""
        return self.leaves[0].path[:-1]

    @property
    def is_long(self) -> bool:
        """Whether its values are passages of a text that stand one below the other; two languages stand side by side."""
        beside = {*LANGUAGES, "one", "many"}
        return any(isinstance(each.entry, PassageEntry) and each.path[-1] not in beside for each in self.leaves)


def lines_by_group() -> list[tuple[str, list[PolicyLine]]]:
    """The list of policies: the name of each group, and its lines."""
    tried = drafts()
    lines = [_line(file, tried.get(file.name)) for file in wired().policies]
    grouped = [(str(GROUPS[group]), [each for each in lines if each.file.group is group]) for group in PolicyGroup]
    return [(title, each) for title, each in grouped if each]


def _line(file: PolicyFile[Any], draft: PolicyDraft | None) -> PolicyLine:
    standing = standing_of(file)
    summary = str(file.summary(file.read_text(standing.text)))
    return PolicyLine(file, standing, summary, draft, draft is not None and draft.base < newest_number(file))


def groups_of(leaves: Iterable[Leaf]) -> list[ValueGroup]:
    """Values table by table, in their order."""
    found: dict[tuple[Any, ...], list[Leaf]] = {}
    for each in leaves:
        found.setdefault(each.path[:-1], []).append(each)
    return [ValueGroup(_group_title(each[0]), each[0].part, tuple(each)) for each in found.values()]


def _group_title(leaf: Leaf) -> str:
    around = [each for each in leaf.labels[:-1] if each]
    return " › ".join(around) if around else str(GENERAL_LABEL)


def parts_of(leaves: Sequence[Leaf]) -> list[tuple[str, str]]:
    """The parts of a policy that is too long for one form, each with its name; nothing for a short one."""
    is_text = any(isinstance(each.entry, PassageEntry) for each in leaves)
    if len(leaves) <= (PASSAGES_AT_ONCE if is_text else AT_ONCE):
        return []
    found = {each.part: each.labels[0] if each.part != GENERAL else str(GENERAL_LABEL) for each in leaves}
    return list(found.items())


def said_value(value: Any, entry: Any = None) -> str:
    """A value as people read it."""
    if value is GONE:
        return _("rien de dit")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, list):
        return (
            ", ".join(said_value(each, getattr(entry, "inner", None)) for each in value)
            if _is_flat(value, entry)
            else typed_as(value, entry)
        )
    said = getattr(entry, "says", None) or {}
    word = next((str(each) for key, each in said.items() if str(key) == str(value)), None)
    return word or typed_as(value, entry if isinstance(entry, WordEntry | YesNoEntry) else _AS_TEXT)


def _is_flat(value: list[Any], entry: Any) -> bool:
    return bool(value) and (is_row(entry) or all(isinstance(each, str | int) for each in value))


_AS_TEXT = WordEntry(())


def differences(file: PolicyFile[Any], before: str, after: str) -> list[tuple[str, str, str]]:
    """What differs between two texts: the name of each value, as it was and as it is; nothing is said of a text that is no TOML."""
    try:
        changed = changed_leaves(file, before, after)
    except PolicyError:
        return []
    rows = [(" › ".join(leaf.labels), old, new, leaf.entry) for leaf, old, new in changed]
    return [(name, said_value(old, entry), said_value(new, entry)) for name, old, new, entry in (_parted(*row) for row in rows)]


def _parted(name: str, old: Any, new: Any, entry: Any) -> tuple[str, Any, Any, Any]:
    """Of two texts of several lines, the lines that differ."""
    if not (isinstance(old, str) and isinstance(new, str) and "\n" in old + new):
        return name, old, new, entry
    lines = list(ndiff(old.splitlines(), new.splitlines()))
    kept = ["\n".join(line[2:] for line in lines if line.startswith(mark)).strip() for mark in "-+"]
    return name, kept[0] or GONE, kept[1] or GONE, entry


def leaves_or_none(file: PolicyFile[Any], text: str) -> list[Leaf]:
    """The values of a text; none of one that is no TOML."""
    try:
        return leaves_of(file, text)
    except PolicyError:
        return []
