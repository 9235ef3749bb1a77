"""A grant or a cost as pages show it and the JSON door tells it, and what happened to it: what was noted, corrected, taken out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refurb.accounts.queries import doers_of
from refurb.directory.models import Organisation
from refurb.funding.models import Cost, FundingGrant
from refurb.funding.words import ACTIVITIES, COST_KINDS, Activity, CostKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, plain
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.words import _, _l, _lp, moment

_DEEDS = {
    "noted": (_lp("funding", "Noté"), "circle-plus", "todo"),
    "corrected": (_lp("funding", "Corrigé"), "pen-line", "todo"),
    "withdrawn": (_l("Ne compte plus"), "undo-2", "stop"),
}


def _funder(number: int) -> str:
    found = db.session.get(Organisation, number)
    return found.name if found else "–"


_SAID: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "funder_id": (_l("Financeur"), _funder),
    "year": (_lp("funding", "Année"), str),
    "purpose": (_l("Pour quoi"), str),
    "label": (_l("Quelle dépense"), str),
    "kind": (_lp("cost", "Nature"), lambda word: COST_KINDS[CostKind(word)]),
    "activity": (_lp("cost", "Pour"), lambda word: ACTIVITIES[Activity(word)]),
    "amount_cents": (_l("Montant"), euros_said),
    "rate": (_l("Taux"), lambda rate: "–" if rate is None else _("%(share)s %%", share=rate)),
}


@dataclass(frozen=True)
class MoneyEvent:
    """One event as the history macro draws it."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def history_of_money(row: FundingGrant | Cost) -> list[MoneyEvent]:
    """What happened to a grant or a cost, newest first, with what was said each time, and by whom."""
    events = events_of(row, most=50)
    doers, shown = doers_of(events), []
    for event in events:
        done, icon, tone = _DEEDS[event.move]
        told = ", ".join(f"{word} {say(event.facts[name])}" for name, (word, say) in _SAID.items() if name in event.facts)
        text = _("%(done)s : %(what)s", done=done, what=told) if told else str(done)
        shown.append(MoneyEvent(icon, tone, text, doers.get(event.id), moment(event.at, near=True)))
    return shown


def dump_money(row: FundingGrant | Cost) -> dict[str, Any]:
    """A grant or a cost as the JSON door tells it."""
    names = ("id", *(name for name in _SAID if hasattr(row, name)), "withdrawn_at")
    told: dict[str, Any] = plain({name: getattr(row, name) for name in names})
    return {**told, "funder": row.funder.name} if isinstance(row, FundingGrant) else told
