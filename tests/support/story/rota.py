"""The van's round: a rota of two weeks from a Monday, its stops, its closures."""

from datetime import UTC, date, datetime, time
from typing import Any

from refurb.directory.rota.actions.closures import close_rota, closed_as, span_of_closure
from refurb.directory.rota.actions.rotas import begin_rota
from refurb.directory.rota.actions.stops import add_stop, place_of_stop
from refurb.directory.rota.models import Passage, Rota, RotaClosure, RotaStop
from refurb.directory.rota.planning import changes_of
from refurb.directory.rota.turns import CallRule
from refurb.directory.rota.words import ClosureEffect
from refurb.directory.sites.actions import add_site
from refurb.directory.sites.models import Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.story import people, places

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(1, 6)
A, B = 0, 1
A_WEEK = date(2026, 8, 31)
"""A Monday from which a rota counts."""


def desk() -> Actor:
    """Who keeps the rota."""
    return people.actor(Role.DESK)


def begun(name: str = "Bus 1", anchor: date | None = None, cycle: int = 2, **told: Any) -> Rota:
    """A rota; from a Monday not far back unless told."""
    people.settle()
    with unit_of_work():
        return begin_rota(desk(), name=name, anchor=anchor or places.monday(0), cycle=cycle, **told)


def van(name: str = "Bus 1, Kangoo") -> Site:
    """A vehicle."""
    people.settle()
    with unit_of_work():
        return add_site(people.actor(Role.COORDINATOR), name=name, kind=SiteKind.VAN)


def stop(
    rota: Rota, commune: str = "Charroux", weekday: int = THURSDAY, turn: int | None = B, opens: int = 840, closes: int = 990, **told: Any
) -> RotaStop:
    """A stop; on Thursdays of week B, from 14 to 16:30, unless told."""
    since = told.pop("since", max(today(), rota.since))
    with unit_of_work():
        site = place_of_stop(desk(), commune=commune, postcode="86250", place=told.pop("place", "mairie"))
        return add_stop(desk(), rota, CallRule(site.id, weekday, opens, closes, since, turn=turn, **told))


def closed(rota: Rota, first: date, last: date, effect: ClosureEffect | None = None, why: str = "Congés", **told: Any) -> RotaClosure:
    """A closure, by somebody who looked at what that changes."""
    span = span_of_closure(rota, first=first, last=last, why=why)
    seen = changes_of(rota, closed_as(rota, span, effect)).digest
    with unit_of_work():
        return close_rota(desk(), rota, first=first, last=last, why=why, effect=effect, seen=seen, **told)


def days(stopped: RotaStop, state: str = "planned") -> list[date]:
    """The days on which a stop has a passage in a state."""
    query = db.select(Passage.day).where(Passage.site_id == stopped.site_id, Passage.state == state).order_by(Passage.day)
    return list(db.session.scalars(query))


def passage(stopped: RotaStop, number: int = 0) -> Passage:
    """A passage to come of a stop, by its place among them."""
    query = db.select(Passage).where(Passage.site_id == stopped.site_id, Passage.state == "planned", Passage.day >= today())
    return db.session.scalars(query.order_by(Passage.day)).all()[number]


def noon(day: date) -> datetime:
    """An instant of a day at which it is the same day everywhere in France."""
    return datetime.combine(day, time(11), UTC)


NOVEMBER = noon(date(2026, 11, 24))
"""A Tuesday of a week A."""


def two_weeks() -> tuple[Rota, RotaStop, RotaStop]:
    """A rota with a stop in each of its weeks."""
    made = begun(anchor=A_WEEK)
    return made, stop(made, "Blanzay", TUESDAY, A), stop(made, "Charroux", THURSDAY, B)
