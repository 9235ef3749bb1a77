"""Which rule holds for whom: terms that differ for persons and structures, or at one place; which rule won, and which lost.

Pure: asked of no table. What blocks a thing for everybody (preparation, margin, check) is the same for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from refurb.kernel.deeds.policy import PolicySchema
from refurb.kernel.deeds.policy_entries import TextEntry, WholeEntry, WordEntry, YesNoEntry
from refurb.kernel.speech.words import _l, _lp
from refurb.lending.words import BORROWER_KINDS, BorrowerKind

CHANGED: Final = (
    "days", "longest", "renewals", "advance", "at_once", "sessions", "hold", "kept", "offer", "approval", "on_site", "not_lent",
    "at_stops", "insurance", "training",
)  # fmt: skip
"""The terms that a rule may change."""


@dataclass(frozen=True)
class TermsRule:
    """A rule for some: of a category, for a kind of borrower, at a place; None is all of them. `changes` are terms by their key."""

    name: str
    category: str | None
    borrower: BorrowerKind | None
    site: int | None
    changes: Mapping[str, Any]

    def holds(self, category: str, kind: BorrowerKind, site: int) -> bool:
        """Whether it is about them."""
        return self.category in {None, category} and self.borrower in {None, kind} and self.site in {None, site}

    @property
    def weight(self) -> tuple[int, bool, bool, bool]:
        """By what one rule wins over another: how many conditions it names, then category before borrower before place."""
        named = (self.category is not None, self.borrower is not None, self.site is not None)
        return (sum(named), *named)


@dataclass(frozen=True)
class TermsRuling:
    """What holds of a category for somebody at a place: by key the rule that won, and of each key those that lost to it."""

    won: Mapping[str, TermsRule]
    lost: Mapping[str, Sequence[TermsRule]]

    @property
    def changes(self) -> dict[str, Any]:
        """The terms that differ from the category's own."""
        return {key: rule.changes[key] for key, rule in self.won.items()}


def ruling_of(rules: Sequence[TermsRule], category: str, kind: BorrowerKind, site: int) -> TermsRuling:
    """Of the rules about them, for each key the one that names most; of two that name as much, the later in the file."""
    about = sorted((each for each in rules if each.holds(category, kind, site)), key=lambda each: each.weight)
    won: dict[str, TermsRule] = {}
    lost: dict[str, list[TermsRule]] = {}
    for rule in about:
        for key in rule.changes:
            if key in won:
                lost.setdefault(key, []).append(won[key])
            won[key] = rule
    return TermsRuling(won, lost)


def _whole(label: Any, least: int, most: int) -> WholeEntry:
    return WholeEntry(least, most, load_default=None, label=label)


class TermsRuleSchema(PolicySchema):
    """A rule for some: whom it is about, and what is otherwise for them."""

    name = TextEntry(120, label=_lp("policy", "Nom"))
    category = TextEntry(32, load_default=None, label=_lp("policy", "Catégorie"))
    borrower = WordEntry(BorrowerKind, says=BORROWER_KINDS, load_default=None, label=_l("Qui emprunte"))
    site = _whole(_l("Numéro du lieu"), 1, 2**31 - 1)
    days = _whole(_l("Durée proposée"), 1, 366)
    longest = _whole(_l("Durée la plus longue"), 1, 366)
    renewals = _whole(_lp("policy", "Prolongations"), 0, 100)
    advance = _whole(_l("Réservable à l'avance"), 0, 366)
    at_once = _whole(_l("Réservables à la fois, au plus"), 1, 1000)
    sessions = _whole(_l("Séances d'une même demande sans accord, au plus"), 1, 366)
    hold = _whole(_l("Mis de côté pendant"), 1, 30)
    kept = _whole(_l("Attendu après le jour prévu"), 0, 30)
    offer = _whole(_l("Gardé pour qui attendait"), 1, 336)
    approval = YesNoEntry(load_default=None, label=_l("Une personne accepte chaque réservation"))
    on_site = YesNoEntry(load_default=None, label=_l("Sur place seulement"))
    not_lent = YesNoEntry(load_default=None, label=_l("N'est pas prêté"))
    at_stops = YesNoEntry(load_default=None, label=_l("Se retire aussi aux arrêts du bus"))
    insurance = YesNoEntry(load_default=None, label=_l("Assurance demandée au départ"))
    training = YesNoEntry(load_default=None, label=_l("Formation demandée au départ"))


def rules_of(rows: Sequence[Mapping[str, Any]]) -> tuple[TermsRule, ...]:
    """The rules in what such a list was read as."""
    return tuple(
        TermsRule(
            row["name"],
            row["category"],
            row["borrower"],
            row["site"],
            {key: row[key] for key in CHANGED if row[key] is not None},
        )
        for row in rows
    )
