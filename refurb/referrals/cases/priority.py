"""The order of the waiting list, from config/policy/eligibility.toml: one readable rule behind the list and its reasons."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from marshmallow import ValidationError, validates_schema
from sqlalchemy import ColumnElement, case, false, or_, true

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import DayEntry, ListEntry, PartEntry, TextEntry, WholeEntry, WordEntry, YesNoEntry
from refurb.kernel.deeds.rulings import RuledLine, Ruling
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _, _l, _lp, _n, language
from refurb.referrals.models import Referral
from refurb.referrals.words import SITUATIONS, USAGES, PriorityArea, Situation, Usage

_AREA = _l("Comme la structure l'a coché : « non » et « ne sait pas » n'y comptent pas, et aucune adresse n'est regardée.")


class Rise(StrEnum):
    """What a long wait changes, so that nobody stands behind for ever."""

    NONE = "none"
    STEP = "step"
    FIRST = "first"


RISES = {
    Rise.STEP: _l("une phrase plus haut, à chaque fois"),
    Rise.FIRST: _l("tout en haut"),
    Rise.NONE: _l("sans changement"),
}


@dataclass(frozen=True)
class Waited:
    """That who has waited for so many days stands in a higher sentence: one for each such span, or the first at once."""

    days: int
    rises: Rise

    def cutoffs(self, number: int, at: datetime) -> list[tuple[datetime, int]]:
        """The sentences to which one of the `number`th rises: submitted at or before each instant, the earliest (and highest) first."""
        if self.rises is Rise.NONE or number == 1:
            return []
        if self.rises is Rise.FIRST:
            return [(at - timedelta(days=self.days), 1)]
        return [(at - timedelta(days=self.days * spans), number - spans) for spans in range(number - 1, 0, -1)]

    def rule(self) -> str:
        """The same as it is told to everybody; nothing where it changes nothing."""
        if self.rises is Rise.FIRST:
            return _("après %(days)s jours d'attente, tout en haut", days=self.days)
        return _("tous les %(days)s jours d'attente, une phrase plus haut", days=self.days) if self.rises is Rise.STEP else ""


@dataclass(frozen=True)
class Needs:
    """What the order asks of a referral: its schoolchildren, its situation and usage, since when it waits, and its neighbourhood."""

    children: int
    situation: Situation | None
    usage: Usage | None
    submitted_at: datetime
    area: PriorityArea = PriorityArea.UNKNOWN

    @classmethod
    def of(cls, row: Any) -> "Needs":
        """Those of a referral that was submitted, or of a row of the waiting list."""
        return cls(row.school_children, row.situation, row.usage, row.submitted_at, row.priority_area)


@dataclass(frozen=True)
class Priority:
    """One step of the order; holds when any of its conditions does, always when it has none."""

    number: int
    key: str
    texts: dict[str, str]
    schoolchildren: int | None
    situations: tuple[Situation, ...]
    usages: tuple[Usage, ...]
    neighbourhood: bool = False

    @property
    def is_open(self) -> bool:
        """Whether everybody else falls here."""
        return self.schoolchildren is None and not self.situations and not self.usages and not self.neighbourhood

    def holds(self, children: int, situation: Situation | None, usage: Usage | None, area: PriorityArea = PriorityArea.UNKNOWN) -> bool:
        """Whether a referral of these facts falls here. Nobody is in a priority neighbourhood whose prescriber does not say so."""
        enough = self.schoolchildren is not None and children >= self.schoolchildren
        here = self.neighbourhood and area is PriorityArea.YES
        return self.is_open or enough or here or situation in self.situations or usage in self.usages

    def condition(self) -> ColumnElement[bool]:
        """The same, asked of the database."""
        if self.is_open:
            return true()
        enough = false() if self.schoolchildren is None else Referral.school_children >= self.schoolchildren
        here = Referral.priority_area == PriorityArea.YES if self.neighbourhood else false()
        return or_(enough, here, Referral.situation.in_(self.situations), Referral.usage.in_(self.usages))

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
    waited: Waited

    def priority_of(
        self, children: int, situation: Situation | None, usage: Usage | None, area: PriorityArea = PriorityArea.UNKNOWN
    ) -> Priority:
        """Where a referral of these facts falls: the first priority that holds."""
        return next(each for each in self.priorities if each.holds(children, situation, usage, area))

    def own_of(self, needs: Needs) -> Priority:
        """Where a referral falls by what it needs, whatever its wait changes."""
        return self.priority_of(needs.children, needs.situation, needs.usage, needs.area)

    def place_of(self, needs: Needs, at: datetime | None = None) -> int:
        """The number of the priority among which it stands at an instant (now): its own, or the higher one to which its wait raised it."""
        own = self.own_of(needs).number
        raised = (place for before, place in self.waited.cutoffs(own, at or now()) if needs.submitted_at <= before)
        return next(raised, own)

    def ruling(self, needs: Needs, at: datetime | None = None) -> Ruling:
        """Why a referral stands where it does at an instant (now): what raised it, else the first priority that holds; and what lost."""
        own = self.own_of(needs)
        place = self.place_of(needs, at)
        won = RuledLine(_step(own), _("la première qui s'applique"))
        unmet = _("ne s'applique pas à cette orientation")
        before = [RuledLine(_step(each), unmet) for each in self.priorities if each.number < own.number]
        after = [
            RuledLine(_step(each), _("s'applique aussi, mais vient après"))
            for each in self.priorities
            if each.number > own.number and each.holds(needs.children, needs.situation, needs.usage, needs.area)
        ]
        if place < own.number:
            before, after = [RuledLine(_step(own), _("sa priorité, sans compter l'attente"))], [*before, *after]
            won = RuledLine(self.raised(needs, at), _("pour que personne n'attende toujours"))
        return Ruling(ELIGIBILITY.name, self.version, won, (*before, *after))

    def reasons(self, needs: Needs, at: datetime | None = None) -> list[str]:
        """Why it stands where it does at an instant (now), in words: its priority, and what its wait changed."""
        own, place = self.own_of(needs), self.place_of(needs, at)
        said = _("%(reason)s (priorité %(number)s)", reason=own.reason(needs.children), number=own.number)
        return [said, self.raised(needs, at)] if place < own.number else [said]

    def raised(self, needs: Needs, at: datetime | None = None) -> str:
        """That it was raised by its wait."""
        days = ((at or now()) - needs.submitted_at).days
        place = self.place_of(needs, at)
        return _n("Attend depuis %(num)s jour : passe en priorité %(place)s", "Attend depuis %(num)s jours : passe en priorité %(place)s",
                  days, place=place)  # fmt: skip

    def number(self) -> ColumnElement[int]:
        """The number of each referral's own priority, asked of the database."""
        return self._number

    @cached_property
    def _number(self) -> ColumnElement[int]:
        return case(*((each.condition(), each.number) for each in self.priorities), else_=len(self.priorities))

    def place(self, at: datetime | None = None) -> ColumnElement[int]:
        """`place_of` each referral at an instant (now), asked of the database."""
        at = at or now()
        return case(*((each.condition(), self._raised_from(each.number, at)) for each in self.priorities), else_=len(self.priorities))

    def _raised_from(self, number: int, at: datetime) -> Any:
        steps = self.waited.cutoffs(number, at)
        return case(*((Referral.submitted_at <= before, place) for before, place in steps), else_=number) if steps else number

    def raised_before(self, at: datetime | None = None) -> datetime | None:
        """Who was submitted at or before this instant is raised by its wait, unless it is the first already; None where nobody ever is."""
        return None if self.waited.rises is Rise.NONE else (at or now()) - timedelta(days=self.waited.days)


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

    # Versions that were adopted before it could be asked do not name it.
    neighbourhood = YesNoEntry(load_default=False, label=_l("Ou un foyer en quartier prioritaire (QPV)"), help=_AREA)

    @validates_schema
    def _can_be_said(self, data: dict[str, Any], **_options: Any) -> None:
        for name in ("fr", "en"):
            try:
                data[name] % {"children": 1}
            except (KeyError, TypeError, ValueError):
                why = Wrongly("may name %(children)s alone; a percent sign is written %%", "policy.children_place")
                raise ValidationError(why, name) from None


class WaitedSchema(PolicySchema):
    """What a long wait changes."""

    days = WholeEntry(7, 730, label=_l("Après tant de jours d'attente"))
    rises = WordEntry(
        Rise, says=RISES, label=_lp("policy", "Passer"), help=_l("À priorité égale, la plus ancienne passe toujours d'abord.")
    )


class EligibilitySchema(PolicySchema):
    """The shape of eligibility.toml."""

    in_force_since = DayEntry(label=_l("Dite en vigueur depuis"))
    priority = ListEntry(PartEntry(PrioritySchema), least=1, label=_l("Ordre des priorités"))
    # Versions that were adopted before it was asked do not say it: nothing changes for them.
    waited = PartEntry(WaitedSchema, load_default=None, label=_l("Pour que personne n'attende toujours"))

    @validates_schema
    def _everybody_has_a_place(self, data: dict[str, Any], **_options: Any) -> None:
        rows = data["priority"]
        if [_is_open(row) for row in rows] != [False] * (len(rows) - 1) + [True]:
            raise ValidationError(Wrongly("the last one, and only the last, has no condition", "policy.last_is_open"), "priority")


def _is_open(row: dict[str, Any]) -> bool:
    return row["schoolchildren"] is None and not row["situations"] and not row["usages"] and not row["neighbourhood"]


UNCHANGED = Waited(0, Rise.NONE)


def _order(content: dict[str, Any], version: str) -> Order:
    priorities = (_priority(number, row) for number, row in enumerate(content["priority"], start=1))
    waited = content["waited"]
    return Order(version, content["in_force_since"], tuple(priorities), Waited(**waited) if waited else UNCHANGED)


def _priority(number: int, row: dict[str, Any]) -> Priority:
    texts = {"fr": row["fr"], "en": row["en"]}
    return Priority(number, row["key"], texts, row["schoolchildren"], row["situations"], row["usages"], row["neighbourhood"])


def _summary(made: Order) -> str:
    steps = [*(each.rule() for each in made.priorities), *filter(None, [made.waited.rule()])]
    return _("%(steps)s ; puis l'ancienneté.", steps=" ; ".join(steps))


ELIGIBILITY = PolicyFile("eligibility", PartEntry(EligibilitySchema), _order, _l("Ordre d'attente"), PolicyGroup.FAMILIES, _summary)


def order() -> Order:
    """The rule in force; raises `PolicyError` when the file has an unknown word, or leaves somebody without a place."""
    return ELIGIBILITY.in_force()
