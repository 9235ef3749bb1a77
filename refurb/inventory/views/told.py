"""The history of a device or a donation, told in sentences: what, by whom, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refurb.accounts.queries import names_of
from refurb.inventory.events import EventWords
from refurb.inventory.words import FLAG_KINDS, FlagKind
from refurb.kernel.history import Event
from refurb.kernel.machine import Machine
from refurb.kernel.words import _, moment


@dataclass(frozen=True)
class HistoryLine:
    """One line of a history, as `ui.history` draws it."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def told(events: Sequence[Event], machine: Machine[Any], words: Mapping[str, EventWords]) -> list[HistoryLine]:
    """The events, newest first, in sentences; one query for all the names."""
    names = names_of({each.actor_id for each in events})
    return [_line(each, machine, words, names) for each in events]


def _line(event: Event, machine: Machine[Any], words: Mapping[str, EventWords], names: Mapping[int, str]) -> HistoryLine:
    who = names.get(event.actor_id) if event.actor_id is not None else None
    when = moment(event.at, near=True)
    row = next((each for each in machine.moves if each.name == event.move), None)
    if row is not None:
        return HistoryLine(row.icon, machine.looks[row.target].tone, _move_text(str(row.done), event.facts), who, when)
    if event.move in words:
        known = words[event.move]
        return HistoryLine(known.icon, known.tone, known.told(_readable(event.facts)), who, when)
    return HistoryLine("circle-dot", "todo", event.move, who, when)


def _move_text(done: str, facts: Mapping[str, Any]) -> str:
    reason = facts.get("reason")
    return _("%(done)s : « %(reason)s »", done=done, reason=reason) if reason else done


def _readable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts in which a flag is its word."""
    flag = facts.get("flag")
    return {**facts, "flag": str(FLAG_KINDS[FlagKind(flag)])} if flag in set(FlagKind) else dict(facts)
