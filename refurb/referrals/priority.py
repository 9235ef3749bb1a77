"""The order of the waiting list, from config/policy/eligibility.toml: one readable rule behind the list and its reasons."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, validates_schema
from sqlalchemy import ColumnElement, case, false, or_, true

from refurb.kernel.deeds.policy import PolicyFile, PolicySchema
from refurb.kernel.deeds.policy_entries import DayEntry, ListEntry, PartEntry, TextEntry, WholeEntry, WordEntry
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


class PrioritySchema(PolicySchema):
    """One step of the order."""

    key = TextEntry(48)
    fr = TextEntry()
    en = TextEntry()
    schoolchildren = WholeEntry(1, 20, load_default=None)
    situations = ListEntry(WordEntry(Situation), load_default=())
    usages = ListEntry(WordEntry(Usage), load_default=())

    @validates_schema
    def _can_be_said(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("fr", "en"):
            try:
                data[name] % {"children": 1}
            except (KeyError, TypeError, ValueError):
                raise ValidationError("may name %(children)s alone; a percent sign is written %%", name) from None


class EligibilitySchema(PolicySchema):
    """The shape of eligibility.toml."""

    in_force_since = DayEntry()
    priority = ListEntry(PartEntry(PrioritySchema), least=1)

    @validates_schema
    def _everybody_has_a_place(self, data: dict[str, Any], **_: Any) -> None:
        rows = data["priority"]
        if [_is_open(row) for row in rows] != [False] * (len(rows) - 1) + [True]:
            raise ValidationError("the last one, and only the last, has no condition", "priority")


def _is_open(row: dict[str, Any]) -> bool:
    return row["schoolchildren"] is None and not row["situations"] and not row["usages"]


def _order(content: dict[str, Any], version: str) -> Order:
    priorities = (_priority(number, row) for number, row in enumerate(content["priority"], start=1))
    return Order(version, content["in_force_since"], tuple(priorities))


def _priority(number: int, row: dict[str, Any]) -> Priority:
    texts = {"fr": row["fr"], "en": row["en"]}
    return Priority(number, row["key"], texts, row["schoolchildren"], row["situations"], row["usages"])


ELIGIBILITY = PolicyFile("eligibility", PartEntry(EligibilitySchema), _order)


def order() -> Order:
    """The rule in force; raises `PolicyError` when the file has an unknown word, or leaves somebody without a place."""
    return ELIGIBILITY.in_force()
