"""What an organisation asks for its own place: one request received, one to fetch, one to decide, one refused, one taken back."""

from functools import partial

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.demo.scribble import scribble
from refurb.directory.organisations.actions.conventions import add_convention
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.referrals.endowed import Endowment, EndowmentUse
from refurb.referrals.endowments.actions import ask_endowment, endowment_shown
from refurb.referrals.endowments.states import endowment_machine

U = EndowmentUse
ROOM = "Salle en accès libre du rez-de-chaussée, ouverte le mardi et le jeudi."
HALL = "Second écran pour les ateliers de l'étage."
CLUB = "Trois postes pour l'aide aux devoirs, à partir de janvier."
HOSTEL = "Dix postes fixes pour la salle commune de la résidence."
STAND = "Un écran pour la borne d'accueil."
SIGNS = "Claire Sauvage, pour le CCAS"


def plan_endowments(cast: Cast, diary: Diary) -> None:
    """Note in the diary what the CCAS asks for its own rooms, and what becomes of it."""
    diary.note(41, "10:00", partial(_agree, cast))
    for ago, use, words, kind, number in (
        (40, U.FREE_ACCESS, ROOM, "monitor", 2),
        (21, U.HOSTING, HOSTEL, "desktop", 10),
        (12, U.OTHER, STAND, "monitor", 1),
        (6, U.FREE_ACCESS, HALL, "monitor", 1),
        (2, U.CENTRE, CLUB, "laptop", 3),
    ):
        diary.note(ago, "10:20", partial(_ask, cast, use, words, kind, number))
    diary.note(38, "11:10", partial(_fire, cast, ROOM, "grant", monitor=2, reason="Salle ouverte à tous, seule du quartier."))
    diary.note(33, "14:20", partial(_hand_over, cast))
    diary.note(19, "11:10", partial(_fire, cast, HOSTEL, "refuse", refusal="no_stock"))
    diary.note(11, "16:10", partial(_fire, cast, STAND, "withdraw", who="ccas"))
    diary.note(5, "11:10", partial(_fire, cast, HALL, "grant", monitor=1, reason="Aucune famille n'attend d'écran."))


def _agree(cast: Cast) -> None:
    first = today()
    add_convention(
        cast.actors["coordinator"],
        cast.organisations["ccas"],
        kind=ConventionKind.ENDOWMENT,
        starts_on=first,
        ends_on=None,
        signed_on=first,
    )


def _ask(cast: Cast, use: EndowmentUse, words: str, kind: str, number: int) -> None:
    ask_endowment(cast.actors["ccas"], use=use, words=words, **{kind: number})


def _fire(cast: Cast, words: str, move: str, who: str = "coordinator", **facts: object) -> None:
    endowment_machine.fire(_of(words), move, cast.actors[who], **facts)


def _hand_over(cast: Cast) -> None:
    endowment = _of(ROOM)
    told = {"place": "Le Relais numérique, accueil", "received_by": SIGNS, "signature_kind": "drawn", "signature": scribble(SIGNS)}
    endowment_machine.fire(endowment, "hand_over", cast.actors["coordinator"], **told, shown=endowment_shown(endowment))


def _of(words: str) -> Endowment:
    return db.session.scalars(select(Endowment).where(Endowment.words == words)).one()
