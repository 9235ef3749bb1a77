"""The order of the waiting list, from config/policy/eligibility.toml: one readable rule behind the list and its reasons."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, validates_schema
from sqlalchemy import ColumnElement, case, false, or_, true

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import DayEntry, ListEntry, PartEntry, TextEntry, WholeEntry, WordEntry
from refurb.kernel.deeds.rulings import RuledLine, Ruling
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _, _l, _lp, language
from refurb.referrals.models import Referral
from refurb.referrals.words import SITUATIONS, USAGES, Situation, Usage


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

    def ruling(self, children: int, situation: Situation | None, usage: Usage | None) -> Ruling:
        """Why a referral of these facts falls where it does: the priority that holds first, and those that do not or come after."""
        won = self.priority_of(children, situation, usage)
        before = [
            RuledLine(_step(each), _("ne s'applique pas à cette orientation")) for each in self.priorities if each.number < won.number
        ]
        after = [
            RuledLine(_step(each), _("s'applique aussi, mais vient après"))
            for each in self.priorities
            if each.number > won.number and each.holds(children, situation, usage)
        ]
        return Ruling(ELIGIBILITY.name, self.version, RuledLine(_step(won), _("la première qui s'applique")), (*before, *after))

    def number(self) -> ColumnElement[int]:
        """The number of each referral's priority, asked of the database."""
        return case(*((each.condition(), each.number) for each in self.priorities), else_=len(self.priorities))


def _step(priority: Priority) -> str:
    return _("Priorité %(number)s : %(rule)s", number=priority.number, rule=priority.rule())


class PrioritySchema(PolicySchema):
    """One step of the order."""

    key = TextEntry(48, label=_lp("policy", "Clé"), help=_l("Gardée avec les décisions : sans accent ni espace."))
    fr = TextEntry(label=_l("Phrase en français"), help=_l("« %(children)s » y devient le nombre d'enfants."))
    en = TextEntry(label=_l("Phrase en anglais"))
    schoolchildren = WholeEntry(1, 20, load_default=None, label=_l("Enfants scolarisés, au moins"))
    situations = ListEntry(WordEntry(Situation, says=SITUATIONS), load_default=(), label=_l("Ou une de ces situations"))
    usages = ListEntry(WordEntry(Usage, says=USAGES), load_default=(), label=_l("Ou un de ces usages"))

    @validates_schema
    def _can_be_said(self, data: dict[str, Any], **_options: Any) -> None:
        for name in ("fr", "en"):
            try:
                data[name] % {"children": 1}
            except (KeyError, TypeError, ValueError):
                why = Wrongly("may name %(children)s alone; a percent sign is written %%", "policy.children_place")
                raise ValidationError(why, name) from None


class EligibilitySchema(PolicySchema):
    """The shape of eligibility.toml."""

    in_force_since = DayEntry(label=_l("Dite en vigueur depuis"))
    priority = ListEntry(PartEntry(PrioritySchema), least=1, label=_l("Ordre des priorités"))

    @validates_schema
    def _everybody_has_a_place(self, data: dict[str, Any], **_options: Any) -> None:
        rows = data["priority"]
        if [_is_open(row) for row in rows] != [False] * (len(rows) - 1) + [True]:
            raise ValidationError(Wrongly("the last one, and only the last, has no condition", "policy.last_is_open"), "priority")


def _is_open(row: dict[str, Any]) -> bool:
    return row["schoolchildren"] is None and not row["situations"] and not row["usages"]


def _order(content: dict[str, Any], version: str) -> Order:
    priorities = (_priority(number, row) for number, row in enumerate(content["priority"], start=1))
    return Order(version, content["in_force_since"], tuple(priorities))


def _priority(number: int, row: dict[str, Any]) -> Priority:
    texts = {"fr": row["fr"], "en": row["en"]}
    return Priority(number, row["key"], texts, row["schoolchildren"], row["situations"], row["usages"])


def _summary(made: Order) -> str:
    return _("%(steps)s ; puis l'ancienneté.", steps=" ; ".join(each.rule() for each in made.priorities))


ELIGIBILITY = PolicyFile("eligibility", PartEntry(EligibilitySchema), _order, _l("Ordre d'attente"), PolicyGroup.FAMILIES, _summary)


def order() -> Order:
    """The rule in force; raises `PolicyError` when the file has an unknown word, or leaves somebody without a place."""
    return ELIGIBILITY.in_force()
