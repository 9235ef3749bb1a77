"""How the history of an item or a loan is told on its page."""

from dataclasses import dataclass
from typing import Any

from refurb.accounts.queries import names_of
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.machine import Machine
from refurb.kernel.speech.words import _l, moment

_OTHER = {"created": (_l("Enregistré"), "circle-plus", "todo")}


@dataclass(frozen=True)
class Shown:
    """One event as the history macro draws it."""

    icon: str
    kind: str
    text: Any
    who: str
    when: str


def history_of(subject: Any, machine: Machine[Any]) -> list[Shown]:
    """The events of a subject, newest first, with who did each."""
    events = events_of(subject, most=50)
    names = names_of({event.actor_id for event in events})
    shown = []
    for event in events:
        if event.move in _OTHER:
            text, icon, tone = _OTHER[event.move]
        else:
            row = machine[event.move]
            text, icon, tone = row.done, row.icon, machine.looks[row.target].tone
        who = names.get(event.actor_id, "") if event.actor_id else ""
        shown.append(Shown(icon, tone, text, who, moment(event.at, near=True)))
    return shown
