"""How visits are said on a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from refurb.directory.sites.words import said_hour
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _n, _p
from refurb.referrals.words import SITUATIONS
from refurb.visits.actions import ages_of
from refurb.visits.queries import CountedLine, VisitFigures
from refurb.visits.words import AGES, GENDERS, REASONS, RETURNING, UNTOLD, AgeBand, FirstTime, Motive

Said = tuple[str, int]


def hour_of(line: CountedLine) -> str:
    """When a line of today's list was entered."""
    at = local(line.at)
    return said_hour(at.hour * 60 + at.minute)


def line_said(line: CountedLine) -> str:
    """What a line of today's list says, in a few words; what nobody said is left out."""
    first = line.visits[0]
    told: list[Any] = []
    if line.is_group:
        told.append(_n("groupe de %(num)s", "groupe de %(num)s", line.people))
        told += [f"{AGES[AgeBand(band)]} : {number}" for band, number in ages_of(line.visits).items() if number and band != UNTOLD]
    elif first.age is not AgeBand.UNTOLD:
        told.append(AGES[first.age])
    told += [REASONS[each.reason] for each in first.reasons if each.reason is not Motive.UNTOLD]
    if first.first_time is not FirstTime.UNTOLD:
        told.append(RETURNING[first.first_time])
    return " · ".join(str(each) for each in told) or _("rien d'autre de noté")


def _rows(found: Mapping[str, int], words: Mapping[Any, Any]) -> list[Said]:
    """In the order of the vocabulary, which is that of ages; what nobody said last."""
    return [(str(words[each]), found[each.value]) for each in words if each.value in found]


def reason_rows(figures: VisitFigures) -> list[Said]:
    """The reasons, the most frequent first; what nobody said last."""
    told = [(str(REASONS[Motive(key)]), number) for key, number in figures.reasons.items() if key != UNTOLD]
    untold = figures.reasons.get(UNTOLD, 0)
    return [*told, *([(str(REASONS[Motive.UNTOLD]), untold)] if untold else [])]


def _own_words(found: Mapping[str, int]) -> list[Said]:
    """The territory's own words, the most frequent first; an empty one is what nobody said."""
    told = [(key, number) for key, number in found.items() if key]
    return [*told, *([(_p("visit", "Non communiqué"), found[""])] if found.get("") else [])]


def tables(figures: VisitFigures) -> Sequence[tuple[str, str, list[Said]]]:
    """Every question with how often each answer was given: its key, its heading, its rows."""
    said = figures.said
    return [
        ("motifs", _("Motifs"), reason_rows(figures)),
        ("ages", _p("visit", "Âge"), _rows(said.get("age", {}), AGES)),
        ("fois", _("Première fois"), _rows(said.get("first_time", {}), RETURNING)),
        ("situations", _p("visit", "Situation"), _rows(said.get("situation", {}), SITUATIONS)),
        ("genres", _p("visit", "Genre"), _rows(said.get("gender", {}), GENDERS)),
        ("connu", _("Connu grâce à"), _own_words(said.get("heard", {}))),
        ("detours", _("D'abord pour autre chose"), _own_words(said.get("detour", {}))),
        ("orientations", _("Orientation donnée"), _own_words(said.get("sent", {}))),
    ]


def share(part: int, whole: int) -> str:
    """A share in whole per cent; of nothing, none."""
    return _("%(share)s %%", share=round(100 * part / whole)) if whole else "–"
