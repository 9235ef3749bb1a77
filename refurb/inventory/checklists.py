"""The checklist of each kind of device, from config/policy/checklists.toml."""

from dataclasses import dataclass
from functools import lru_cache

from refurb.inventory.words import DeviceKind
from refurb.kernel.policy import read
from refurb.kernel.words import language


@dataclass(frozen=True)
class Question:
    """One check: its key for ever, its text in French and English, whether it must pass."""

    key: str
    texts: dict[str, str]
    required: bool

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return self.texts[language()]


@dataclass(frozen=True)
class Checklist:
    """The questions for a kind, and the version of the policy they are from."""

    kind: DeviceKind
    version: str
    questions: tuple[Question, ...]


@lru_cache
def checklist_of(kind: DeviceKind) -> Checklist:
    """The checklist of a kind; kinds without one of their own share `other`."""
    policy = read("checklists")
    rows = policy.content.get(kind.value) or policy.content["other"]
    return Checklist(
        kind,
        policy.version,
        tuple(
            Question(key, {"fr": row["fr"], "en": row["en"]}, row.get("required", True)) for key, row in rows.items()
        ),
    )
