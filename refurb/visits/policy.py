"""The territory's own words of visits: config/policy/visits.toml."""

from dataclasses import dataclass
from typing import Any

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import ListEntry, PartEntry, TextEntry
from refurb.kernel.speech.words import _l, _n
from refurb.visits.models import LONGEST


@dataclass(frozen=True)
class VisitPolicy:
    """What is offered beside the national vocabulary: how somebody heard of it, what they first came for, where they were sent.

    A visit keeps the word itself: one that is taken off the list, or said otherwise, stays in the figures as it was said.
    """

    version: str
    heard: tuple[str, ...]
    detour: tuple[str, ...]
    sent: tuple[str, ...]


def _words(label: Any, help: Any = None) -> ListEntry:  # noqa: A002 - called so in every entry
    return ListEntry(TextEntry(LONGEST), label=label, help=help)


class VisitPolicySchema(PolicySchema):
    """The shape of visits.toml."""

    heard = _words(
        _l("Connu grâce à"), _l("Une ligne par réponse, de 30 signes au plus. Une réponse retirée reste dans les chiffres d'avant.")
    )
    detour = _words(_l("D'abord pour autre chose"))
    sent = _words(_l("Orientation donnée"), _l("Où la personne a été orientée, par sorte de lieu ; jamais le nom de quelqu'un."))


def _policy(content: dict[str, Any], version: str) -> VisitPolicy:
    return VisitPolicy(version, *(tuple(dict.fromkeys(each.strip() for each in content[name])) for name in ("heard", "detour", "sent")))


def _summary(made: VisitPolicy) -> str:
    return _n("%(num)s façon de nous connaître proposée.", "%(num)s façons de nous connaître proposées.", len(made.heard))


VISIT_WORDS = PolicyFile("visits", PartEntry(VisitPolicySchema), _policy, _l("Ce que l'on note d'une visite"), PolicyGroup.HOUSE, _summary)


def visit_words() -> VisitPolicy:
    """What is in force today."""
    return VISIT_WORDS.in_force()
