"""The checklist of each kind of device, from config/policy/checklists.toml."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from refurb.inventory.words import DeviceKind
from refurb.kernel.policy import read
from refurb.kernel.typography import french
from refurb.kernel.words import language


@dataclass(frozen=True)
class Question:
    """One check: its key for ever, the question and its short name in French and English.

    `required` says whether it must pass, `optional_part` whether it is about a part that not every machine has.
    """

    key: str
    texts: dict[str, str]
    shorts: dict[str, str]
    required: bool
    optional_part: bool

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return self.texts[language()]

    @property
    def short(self) -> str:
        """What is checked, in a word or two, for lists of what remains."""
        return self.shorts[language()]


@dataclass(frozen=True)
class Checklist:
    """The questions for a kind, and the version of the policy they are from."""

    kind: DeviceKind
    version: str
    questions: tuple[Question, ...]


class ChecklistError(ValueError):
    """A checklist cannot be asked as it is written; the message names it and says why."""


@lru_cache
def checklist_of(kind: DeviceKind) -> Checklist:
    """The checklist of a kind; kinds without one of their own share `other`."""
    policy = read("checklists")
    name = kind.value if kind.value in policy.content else "other"
    return Checklist(kind, policy.version, tuple(_question(name, key, row) for key, row in policy.content[name].items()))


def _question(name: str, key: str, row: dict[str, Any]) -> Question:
    unknown = row.keys() - {"fr", "en", "short_fr", "short_en", "required", "if_present"}
    missing = {"fr", "en", "short_fr", "short_en"} - row.keys()
    if unknown or missing or len(key) > 48:
        raise ChecklistError(f"{name}.{key}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return Question(
        key,
        {"fr": french(row["fr"]), "en": row["en"]},
        {"fr": french(row["short_fr"]), "en": row["short_en"]},
        bool(row.get("required", True)),
        bool(row.get("if_present", False)),
    )
