"""The rounds of the demonstration: two vans, twenty communes of the Civraisien in week A and week B, and what happens on the road."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.directory.agenda.queries import closures_at
from refurb.directory.rota.actions.closures import close_rota, closed_as, span_of_closure
from refurb.directory.rota.actions.passages import read_odometer
from refurb.directory.rota.actions.rotas import begin_rota
from refurb.directory.rota.actions.stops import add_stop, place_of_stop
from refurb.directory.rota.models import Passage, Rota
from refurb.directory.rota.planning import changes_of
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.turns import WEEK, CallRule, monday_of
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.actions import add_site
from refurb.directory.sites.models import Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = 2, 3, 4, 5
MORNING, AFTERNOON = (570, 720), (840, 990)
A, B = 0, 1

ROUNDS: Final = {
    "bus1": ("Bus 1", "adviser", (
        ("Saint-Pierre-d'Exideuil", "86400", "médiathèque", TUESDAY, A, MORNING),
        ("Blanzay", "86400", "mairie", TUESDAY, A, AFTERNOON),
        ("Gençay", "86160", "centre socioculturel", WEDNESDAY, A, MORNING),
        ("Saint-Maurice-la-Clouère", "86160", "mairie", WEDNESDAY, A, AFTERNOON),
        ("Valence-en-Poitou", "86700", "Couhé, halles", THURSDAY, A, MORNING),
        ("Chaunay", "86510", "mairie", THURSDAY, A, AFTERNOON),
        ("Genouillé", "86250", "place de l'Église", TUESDAY, B, MORNING),
        ("Saint-Gaudent", "86400", "mairie", TUESDAY, B, AFTERNOON),
        ("Mauprévoir", "86460", "épicerie", WEDNESDAY, B, MORNING),
        ("Payroux", "86350", "mairie", WEDNESDAY, B, AFTERNOON),
        ("La Chapelle-Bâton", "86250", "mairie", THURSDAY, B, MORNING),
        ("Charroux", "86250", "place du Marché", THURSDAY, B, AFTERNOON),
    )),
    "bus2": ("Bus 2", "desk", (
        ("Romagne", "86700", "mairie", TUESDAY, A, MORNING),
        ("Sommières-du-Clain", "86160", "salle des fêtes", TUESDAY, A, AFTERNOON),
        ("Brux", "86510", "mairie", THURSDAY, A, MORNING),
        ("Linazay", "86400", "salle des aînés", THURSDAY, A, AFTERNOON),
        ("Savigné", "86400", "école", TUESDAY, B, MORNING),
        ("Lizant", "86400", "mairie", TUESDAY, B, AFTERNOON),
        ("Château-Garnier", "86350", "mairie", THURSDAY, B, MORNING),
        ("Joussé", "86350", "salle des fêtes", THURSDAY, B, AFTERNOON),
    )),
}  # fmt: skip
"""By vehicle: what its round is called, who is on the road, and its stops."""
VEHICLES: Final = {"bus1": "Bus 1, Kangoo", "bus2": "Bus 2, Zoé"}
KILOMETRES_A_WEEK: Final = {"bus1": 212, "bus2": 148}


def settle_rota(cast: Cast) -> None:
    """Two vans, and the stops that each serves from now on."""
    anchor = monday_of(today())
    for key, (name, adviser, stops) in ROUNDS.items():
        van = cast.sites[key] = add_site(SERVICE, name=VEHICLES[key], kind=SiteKind.VAN, commune="Civray", postcode="86400")
        rota = begin_rota(SERVICE, name=name, anchor=anchor, vehicle_id=van.id, advisers=[cast.actors[adviser].id or 0])
        for commune, postcode, place, weekday, turn, (opens, closes) in stops:
            site = place_of_stop(SERVICE, commune=commune, postcode=postcode, place=place)
            add_stop(SERVICE, rota, CallRule(site.id, weekday, opens, closes, rota.since, turn=turn))


def plan_rota(cast: Cast, diary: Diary) -> None:
    """Note in the diary what happens on the road: kilometres, upkeep, closures, and a day on which the van breaks down."""
    for number, ago in enumerate((70, 55, 40, 25, 10)):
        diary.note(ago, "18:10", partial(_read, cast, number))
    diary.note(1, "17:20", partial(_pass, cast))
    diary.note(1, "17:30", partial(_close, cast))
    diary.note(1, "17:45", partial(_move, cast))


def _rotas() -> list[Rota]:
    return list(db.session.scalars(select(Rota).order_by(Rota.name)))


def _read(cast: Cast, number: int) -> None:
    """The counter of each van, every third week; its upkeep, once."""
    for key, vehicle in ((key, db.session.get_one(Site, cast.sites[key].id)) for key in VEHICLES):
        kilometres = 41_000 + KILOMETRES_A_WEEK[key] * 3 * number
        upkeep = "Vidange" if number == 1 else "Pneus neufs à l'avant" if number == 3 else None
        again = today() + timedelta(days=90) if number == 1 else None
        read_odometer(cast.actors["adviser"], vehicle, day=today(), kilometres=kilometres, upkeep=upkeep, again_on=again)


def _pass(cast: Cast) -> None:
    """What was on the road until now took place."""
    been = select(Passage).where(Passage.day <= today(), Passage.state == PassageState.PLANNED).order_by(Passage.day, Passage.opens)
    for passage in db.session.scalars(been).all():
        passage_machine.fire(passage, "finish", cast.actors["adviser"])


def _close(cast: Cast) -> None:
    """Christmas, two weeks, of which nothing is to be decided; and a week of training, of which nobody has said what comes after."""
    actor = cast.actors["coordinator"]
    christmas = monday_of(date(today().year, 12, 24))
    training = monday_of(today()) + 11 * WEEK
    if abs((training - christmas).days) < 28:
        training = christmas + 4 * WEEK
    for rota in _rotas():
        for first, weeks, why in ((christmas, 2, "Noël"), (training, 1, "Formation des conseillers")):
            if first > today() and (weeks == 2 or rota.name == "Bus 1"):
                last = first + weeks * WEEK - timedelta(days=3)
                seen = changes_of(rota, closed_as(rota, span_of_closure(rota, first=first, last=last, why=why), None)).digest
                close_rota(actor, rota, first=first, last=last, why=why, effect=None, seen=seen)


def _move(cast: Cast) -> None:
    """A garage has time on a day of the round: one passage is moved to a Friday, on which nobody is on the road."""
    later = select(Passage).where(Passage.day > today() + timedelta(days=4), Passage.state == PassageState.PLANNED)
    passage = db.session.scalars(later.order_by(Passage.day, Passage.opens).limit(1)).one()
    free = (passage.day + timedelta(days=each) for each in range(1, 20))
    day = next(each for each in free if each.isoweekday() == FRIDAY and closures_at(passage.site_id).is_spared(each))
    passage_machine.fire(passage, "move", cast.actors["adviser"], day=day.isoformat(), why="Le bus est au garage")
