"""The days that follow from the rule of a rota, made ahead as rows; a change is seen before it is made.

What somebody made or changed by hand, what took place, and what people are expected at is never touched unasked.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import delete, select

from refurb.directory.agenda.days import ClosedSpan, SiteDays
from refurb.directory.agenda.queries import closures_at
from refurb.directory.rota.at_stops import PassageKey, ThingAtStop, come_again, move_on, things_at
from refurb.directory.rota.models import Passage, Rota, RotaClosure
from refurb.directory.rota.rules import NotWhatWasSeen
from refurb.directory.rota.turns import Schedule
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.speech.clock import today

AHEAD: Final = timedelta(days=548)
"""How far ahead passages are made: eighteen months."""


@dataclass(frozen=True)
class WantedPassage:
    """A passage as the rule wants it; `state` is cancelled on closed days, `why` by which closure."""

    site_id: int
    day: date
    opens: int
    closes: int
    state: PassageState = PassageState.PLANNED
    why: str | None = None

    @property
    def key(self) -> PassageKey:
        """Which passage it is."""
        return self.site_id, self.day


def schedule_of(rota: Rota) -> Schedule:
    """A rota as its rows say it."""
    spans = tuple(each.span for each in rota.closures if each.withdrawn_at is None)
    return Schedule(rota.anchor, rota.cycle, rota.since, rota.until, spans, tuple(each.rule for each in rota.stops), rota.vehicle_id)


def closures_in_force(rota: Rota) -> list[RotaClosure]:
    """The closures that were not withdrawn, in their order."""
    return [each for each in rota.closures if each.withdrawn_at is None]


def wanted(schedule: Schedule, first: date, until: date) -> dict[PassageKey, WantedPassage]:
    """The passages that a rota wants between two days, half-open: planned, or cancelled on closed days.

    None on public holidays, and on days on which the stop, the vehicle or every place is closed they are cancelled.
    """
    spared = _Spared(schedule.vehicle_id)
    found = {}
    for day, rule in sorted(schedule.calls(first, until), key=lambda each: (each[0], each[1].opens)):
        due = WantedPassage(rule.site_id, day, rule.opens, rule.closes)
        if spared.is_holiday(day) or due.key in found:
            continue
        shut = schedule.shut_on(day)
        why = shut.why if shut else spared.why_closed(rule.site_id, day)
        found[due.key] = due if why is None else replace(due, state=PassageState.CANCELLED, why=why)
    return found


class _Spared:
    """The days on which places are closed, asked once for many."""

    def __init__(self, vehicle_id: int | None) -> None:
        self._vehicle = vehicle_id
        self._known: dict[int, SiteDays] = {}

    def _days(self, site_id: int) -> SiteDays:
        if site_id not in self._known:
            self._known[site_id] = closures_at(site_id)
        return self._known[site_id]

    def is_holiday(self, day: date) -> bool:
        return not self._days(self._vehicle or 0).calendar.is_open(day)

    def why_closed(self, site_id: int, day: date) -> str | None:
        return next(
            (each.reason for place in {site_id, self._vehicle or site_id} for each in self._days(place).closed if each.holds(day)), None
        )


@dataclass(frozen=True)
class Changes:
    """What a change of rule does from a day on: passages that come, that go, and what people are expected at on those that go."""

    come: Sequence[WantedPassage]
    go: Sequence[Passage]
    expected: Mapping[PassageKey, Sequence[ThingAtStop]]

    def on(self, span: ClosedSpan, vehicle_id: int | None) -> "Changes":
        """What of it comes of some closed days, at their place or of its vehicle: nothing else goes because of them."""

        def of_span(each: WantedPassage | Passage) -> bool:
            return span.holds(each.day) and any(span.concerns(place) for place in (each.site_id, vehicle_id) if place is not None)

        go = [each for each in self.go if of_span(each)]
        gone = {(each.site_id, each.day) for each in go}
        expected = {key: things for key, things in self.expected.items() if key in gone}
        return Changes([each for each in self.come if of_span(each)], go, expected)

    @property
    def asked(self) -> list[tuple[Passage, Sequence[ThingAtStop]]]:
        """The passages that would go and at which somebody is expected, in the order of the days."""
        return [(each, self.expected[each.site_id, each.day]) for each in self.go if (each.site_id, each.day) in self.expected]

    @property
    def newly_planned(self) -> list[WantedPassage]:
        """The passages on days on which there was none."""
        return [each for each in self.come if each.state is PassageState.PLANNED]

    @property
    def lost(self) -> list[Passage]:
        """The passages to come that would not take place."""
        return [each for each in self.go if each.state is PassageState.PLANNED and each.day not in self._again.get(each.site_id, ())]

    @cached_property
    def _again(self) -> dict[int, set[date]]:
        found: dict[int, set[date]] = {}
        for each in self.newly_planned:
            found.setdefault(each.site_id, set()).add(each.day)
        return found

    @property
    def communes(self) -> set[int]:
        """The stops whose days change."""
        return {each.site_id for each in self.newly_planned} | {each.site_id for each in self.lost}

    @property
    def digest(self) -> str:
        """What was seen, by which whoever confirms it says so."""
        told = [[each.site_id, each.day.isoformat(), each.opens, each.closes, each.state] for each in self.come]
        told += [[each.site_id, each.day.isoformat()] for each in self.go]
        told += [[things[0].site_id, things[0].day.isoformat(), *(each.what for each in things)] for things in self.expected.values()]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def changes_of(rota: Rota, schedule: Schedule) -> Changes:
    """What a rota as it would be changes from today on; nothing is written."""
    first = today()
    want = wanted(schedule, first, first + AHEAD)
    rows = db.session.scalars(
        select(Passage).where(Passage.rota_id == rota.id, Passage.day >= first).order_by(Passage.day, Passage.opens)
    ).all()
    known = {(each.site_id, each.day): each for each in rows}
    foreign = _of_others(rota, first)
    come = [due for key, due in want.items() if key not in foreign and _differs(due, known.get(key))]
    anew = {due.key for due in come}
    go = [row for key, row in known.items() if _follows_rule(row) and (key not in want or key in anew)]
    at = things_at({each.site_id for each in go}, first)
    gone = {(each.site_id, each.day) for each in go if each.state is PassageState.PLANNED} - {
        due.key for due in come if due.state is PassageState.PLANNED
    }
    return Changes(come, go, {key: things for key, things in at.items() if key in gone})


def _of_others(rota: Rota, first: date) -> set[PassageKey]:
    """The days on which another rota, or a hand, has a passage there already."""
    query = select(Passage.site_id, Passage.day).where(Passage.day >= first, (Passage.rota_id != rota.id) | Passage.by_hand)
    return {(row.site_id, row.day) for row in db.session.execute(query)}


def _follows_rule(row: Passage) -> bool:
    return not row.by_hand and row.state in {PassageState.PLANNED, PassageState.CANCELLED}


def _differs(due: WantedPassage, row: Passage | None) -> bool:
    if row is None:
        return True
    if not _follows_rule(row):
        return False
    return (row.opens, row.closes, row.state, row.why) != (due.opens, due.closes, due.state, due.why)


def carry_out(actor: Actor, rota: Rota, changes: Changes, *, keeping: Collection[int] | None = None) -> int:
    """Make the passages that a change wants; how many rows are new or gone.

    Those at which somebody is expected stay as they are where `keeping` is None; else those whose ids it names are kept as they are,
    by hand from now on, and the others go: what follows a rule moves on from them.
    """
    held = {each.id for each, _things in changes.asked}
    kept = held if keeping is None else held & set(keeping)
    go = [each for each in changes.go if each.id not in kept]
    stays = {(each.site_id, each.day) for each in changes.go if each.id in kept}
    came = {(each.site_id, each.day) for each in go if each.state is PassageState.PLANNED}
    lost = [(each.site_id, each.day) for each in go if each.id in held]
    for each in changes.go if keeping is not None else ():
        if each.id in kept:
            each.by_hand = True
            record(each, "kept", actor)
    db.session.flush()
    db.session.execute(delete(Passage).where(Passage.id.in_([each.id for each in go])))
    come = [each for each in changes.come if each.key not in stays]
    db.session.add_all(
        Passage(rota_id=rota.id, site_id=each.site_id, day=each.day, opens=each.opens, closes=each.closes, state=each.state, why=each.why)
        for each in come
    )
    db.session.flush()
    move_on(actor, lost)
    come_again(actor, [each.key for each in come if each.state is PassageState.PLANNED and each.key not in came])
    return len(go) + len(come)


def adopt(actor: Actor, rota: Rota, schedule: Schedule, *, seen: str | None, keeping: Collection[int]) -> int:
    """Carry out what a rota as it is now changes, once that was seen (`Changes.digest`); raises `NotWhatWasSeen`."""
    changes = changes_of(rota, schedule)
    if changes.asked and seen != changes.digest:
        raise NotWhatWasSeen
    return carry_out(actor, rota, changes, keeping=keeping)


def expected_off_rota(rotas: Sequence[Rota]) -> Iterator[tuple[PassageKey, Sequence[ThingAtStop]]]:
    """What people are expected at, from today on, on days on which nobody comes: somebody has to move it."""
    sites = {each.site_id for rota in rotas for each in rota.stops}
    at = things_at(sites, today())
    query = select(Passage.site_id, Passage.day).where(Passage.day >= today(), Passage.state == PassageState.PLANNED)
    comes = {(row.site_id, row.day) for row in db.session.execute(query)} if at else set()
    return ((key, things) for key, things in at.items() if key not in comes)
