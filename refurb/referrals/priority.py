"""The order of the waiting list, from config/policy/eligibility.toml: one readable rule behind the list and its reasons."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, case, false, or_, true

from refurb.kernel.deeds.policy import read
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import language
from refurb.referrals.models import Referral
from refurb.referrals.words import Situation, Usage


@dataclass(frozen=True)
class Priority:
    """One step of the order; holds when any of its conditions does, always when it has none."""

    number: int
    key: str
    texts: dict[str, str]
    schoolchildren: int | None
    situations: tuple[Situation, ...]
    usages: tuple[Usage, ...]

    @property
    def is_open(self) -> bool:
        """Whether everybody else falls here."""
        return self.schoolchildren is None and not self.situations and not self.usages

    def holds(self, children: int, situation: Situation | None, usage: Usage | None) -> bool:
        """Whether a referral of these facts falls here."""
        enough = self.schoolchildren is not None and children >= self.schoolchildren
        return self.is_open or enough or situation in self.situations or usage in self.usages

    def condition(self) -> ColumnElement[bool]:
        """The same, asked of the database."""
        if self.is_open:
            return true()
        enough = false() if self.schoolchildren is None else Referral.school_children >= self.schoolchildren
        return or_(enough, Referral.situation.in_(self.situations), Referral.usage.in_(self.usages))

    def reason(self, children: int) -> str:
        """Why, in the reader's language."""
        text = self.texts[language()] % {"children": children}
        return french(text) if language() == "fr" else text

    def rule(self) -> str:
        """The rule as it is told to everybody, without anybody's number."""
        text = self.texts[language()].split(":", maxsplit=1)[0].strip()
        return french(text) if language() == "fr" else text


@dataclass(frozen=True)
class Order:
    """The whole rule, and the version that decisions record."""

    version: str
    in_force_since: date
    priorities: tuple[Priority, ...]

    def priority_of(self, children: int, situation: Situation | None, usage: Usage | None) -> Priority:
        """Where a referral of these facts falls: the first priority that holds."""
        return next(each for each in self.priorities if each.holds(children, situation, usage))

    def number(self) -> ColumnElement[int]:
        """The number of each referral's priority, asked of the database."""
        return case(*((each.condition(), each.number) for each in self.priorities), else_=len(self.priorities))


@lru_cache
def order() -> Order:
    """The rule in force; raises ValueError when the file has an unknown word, or leaves somebody without a place."""
    policy = read("eligibility")
    priorities = tuple(_priority(number, row) for number, row in enumerate(policy.content["priority"], start=1))
    if [each.is_open for each in priorities] != [False] * (len(priorities) - 1) + [True]:
        raise ValueError("eligibility.toml: the last priority, and only the last, has no condition")
    return Order(policy.version, policy.content["in_force_since"], priorities)


def _priority(number: int, row: dict[str, Any]) -> Priority:
    unknown = set(row) - {"key", "fr", "en", "schoolchildren", "situations", "usages"}
    if unknown:
        raise ValueError(f"eligibility.toml: unknown {sorted(unknown)} in priority {number}")
    return Priority(
        number,
        row["key"],
        {"fr": row["fr"], "en": row["en"]},
        row.get("schoolchildren"),
        tuple(Situation(each) for each in row.get("situations", ())),
        tuple(Usage(each) for each in row.get("usages", ())),
    )
