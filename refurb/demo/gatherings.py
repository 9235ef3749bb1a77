"""The ceremonies of the demonstration: one to come, one going on, one held with somebody absent, one called off."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from refurb.ceremonies.actions import choose_families, plan_ceremony
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.states import ceremony_machine, turn_machine
from refurb.demo.diary import Cast, Diary
from refurb.demo.families import give
from refurb.demo.scribble import scribble
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local
from refurb.referrals.cases.actions import text_shown

K = DeviceKind
QUARTER = timedelta(minutes=15)


def plan_gatherings(cast: Cast, diary: Diary) -> None:
    """Note every ceremony in the diary, with the allocations that are handed over there."""
    for number, (key, kind, ago) in enumerate(
        [
            *((f"held-{place}", K.LAPTOP, 24) for place in (1, 2, 3)),
            *((f"going-{place}", K.LAPTOP, 7) for place in (1, 2)),
            *((f"coming-{place}", kind, 5) for place, kind in ((1, K.LAPTOP), (2, K.DESKTOP), (3, K.LAPTOP))),
        ]
    ):
        diary.note(ago, f"14:{number * 5:02d}", partial(give, cast, key, kind))
    _plan_held(cast, diary)
    _plan_going(cast, diary)
    coming = diary.instant(-12, "17:30")
    chosen = ["coming-1", "coming-2", "coming-3"]
    title, place = "Remise aux familles, merci aux donateurs", "Maison de quartier des Couronneries"
    diary.note(4, "09:40", partial(_invite, cast, title, coming, place, chosen))
    off = diary.instant(-2, "10:00")
    diary.note(11, "09:40", partial(_invite, cast, "Remise à Bellejouanne", off, "Maison de quartier de Bellejouanne", []))
    diary.note(6, "16:30", partial(_move, cast, "Remise à Bellejouanne", "cancel", reason="Salle en travaux, nouvelle date à trouver."))


def _plan_held(cast: Cast, diary: Diary) -> None:
    title, clock = "Remise à l'hôtel de ville", "18:00"
    diary.note(
        23, "11:00", partial(_invite, cast, title, diary.instant(17, clock), "Salons de l'hôtel de ville", ["held-1", "held-2", "held-3"])
    )
    diary.note(17, clock, partial(_move, cast, title, "hold"))
    diary.note(17, "18:20", partial(_turn, cast, title, 1, "hand_over"))
    diary.note(17, "18:35", partial(_turn, cast, title, 2, "miss"))
    diary.note(17, "18:50", partial(_turn, cast, title, 3, "hand_over"))
    diary.note(17, "19:30", partial(_move, cast, title, "close"))


def _plan_going(cast: Cast, diary: Diary) -> None:
    """Going on while the demonstration is filled, so that whoever looks can hand the second device over."""
    title, began = "Remise du jour, en petit comité", diary.just_now("09:30", "18:30")
    diary.note(6, "11:00", partial(_invite, cast, title, began, "Le Relais numérique, salle du fond", ["going-1", "going-2"]))
    diary.note_at(began, partial(_move, cast, title, "hold"))
    diary.note_at(began + QUARTER, partial(_turn, cast, title, 1, "hand_over"))


def _invite(cast: Cast, title: str, starts_at: datetime, place: str, keys: list[str]) -> None:
    coordinator = cast.actors["coordinator"]
    wall = local(starts_at).replace(tzinfo=None)
    ceremony = plan_ceremony(coordinator, title=title, starts_at=wall, place=place)
    if keys:
        choose_families(coordinator, ceremony, [cast.allocations[key].id for key in keys])


def _ceremony(title: str) -> Ceremony:
    return db.session.scalars(select(Ceremony).where(Ceremony.title == title)).one()


def _move(cast: Cast, title: str, move: str, **facts: str) -> None:
    ceremony_machine.fire(_ceremony(title), move, cast.actors["coordinator"], **facts)


def _turn(cast: Cast, title: str, position: int, move: str) -> None:
    turn = db.session.scalars(select(Turn).where(Turn.ceremony_id == _ceremony(title).id, Turn.position == position)).one()
    facts: dict[str, object] = {}
    if move == "hand_over":
        signature, shown = scribble(f"{title} {position}"), text_shown(turn.allocation)
        facts = {"signature_kind": "drawn", "signature": signature, "shown": shown, "accessories": ["charger", "bag", "guide"]}
    turn_machine.fire(turn, move, cast.actors["coordinator"], **facts)
