"""The history of a device or a donation, told in sentences: what, by whom, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refurb.accounts.queries import doers_of, names_of
from refurb.inventory.words.devices import FLAG_KINDS, FlagKind
from refurb.inventory.words.donations import DONATION_REFUSALS, DonationRefusal
from refurb.inventory.words.events import EventWords
from refurb.inventory.words.parts import PART_KINDS, PartKind, within
from refurb.kernel.deeds.history import Event, notes_of
from refurb.kernel.deeds.machine import Machine
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _n, moment


@dataclass(frozen=True)
class HistoryLine:
    """One line of a history, as `ui.history` draws it."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def history_lines(events: Sequence[Event], machine: Machine[Any], words: Mapping[str, EventWords]) -> list[HistoryLine]:
    """The events, newest first, in sentences; one query for all the names, one for what was written beside."""
    told_of = {each.facts.get("to") for each in events if each.move == "handed_over_to"}
    names, doers, notes = names_of(told_of), doers_of(events), notes_of(events)
    return [_line(each, machine, words, names, doers.get(each.id), notes[each.id]) for each in events]


def _line(
    event: Event,
    machine: Machine[Any],
    words: Mapping[str, EventWords],
    names: Mapping[int, str],
    who: str | None,
    notes: Mapping[str, str],
) -> HistoryLine:
    when = moment(event.at, near=True)
    row = next((each for each in machine.moves if each.name == event.move), None)
    if row is not None:
        return HistoryLine(row.icon, machine.looks[row.target].tone, _move_text(_done(row.done, event.facts), notes), who, when)
    if event.move == "checks_answered":
        return HistoryLine("list-checks", "stop" if event.facts.get("failed") else "work", _checks_text(event.facts), who, when)
    if event.move in words:
        known = words[event.move]
        facts = _readable(event.facts)
        if event.move == "handed_over_to" and event.facts.get("to") in names:
            facts["whom"] = names[event.facts["to"]]
        return HistoryLine(known.icon, known.tone, known.told(facts), who, when)
    return HistoryLine("circle-dot", "todo", event.move, who, when)


def _done(sentence: Any, facts: Mapping[str, Any]) -> str:
    """The sentence of a move, with the reason that was picked from a list, if one was."""
    reason = facts.get("reason")
    if reason not in set(DonationRefusal):
        return str(sentence)
    return _("%(done)s (%(reason)s)", done=str(sentence), reason=str(DONATION_REFUSALS[DonationRefusal(reason)]))


def _move_text(done: str, notes: Mapping[str, str]) -> str:
    reason = notes.get("reason") or notes.get("note")
    return _("%(done)s : « %(reason)s »", done=done, reason=reason) if reason else done


def _checks_text(facts: Mapping[str, Any]) -> str:
    saved = _n("%(num)s contrôle enregistré", "%(num)s contrôles enregistrés", facts.get("count", len(facts.get("answers", ()))))
    if facts.get("at_once"):
        saved = _("%(saved)s par « tout va bien, sauf ce que je change »", saved=saved)
    failed = facts.get("failed", 0)
    return _n("%(saved)s, dont %(num)s non réussi", "%(saved)s, dont %(num)s non réussis", failed, saved=saved) if failed else saved


def _readable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as people say them: a flag by its word, a code as it is printed."""
    readable = dict(facts)
    if facts.get("flag") in set(FlagKind):
        readable["flag"] = str(FLAG_KINDS[FlagKind(facts["flag"])])
    if facts.get("part") in set(PartKind):
        readable["part"] = str(PART_KINDS[PartKind(facts["part"])])
    if "cause" in facts:
        is_part = facts["cause"] in set(PartKind)
        readable["cause"] = within(PartKind(facts["cause"])) if is_part else _("support de stockage")
    if isinstance(facts.get("code"), str):
        readable["code"] = spell(facts["code"])
    return readable
