"""The ceremonies of the demonstration: one to come, one going on, one held with somebody absent, one called off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from refurb.ceremonies.actions import choose_families, plan_ceremony
from refurb.ceremonies.after.actions import issue_report, thank
from refurb.ceremonies.consents.actions import ask_consent, say_yes, withdraw
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.uses import record_use
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.door.actions import let_in
from refurb.ceremonies.guests.actions import add_guest
from refurb.ceremonies.guests.figures import donors_to_invite
from refurb.ceremonies.guests.queries import guests_of, invited_families
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.states import ceremony_machine, turn_machine
from refurb.ceremonies.testimonies.actions import answer_testimony, pick, sum_of, write_testimony
from refurb.demo.diary import Cast, Diary
from refurb.demo.families import give
from refurb.demo.scribble import scribble
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import read_drawing
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import SERVICE, Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local, today
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
    diary.note(4, "09:40", partial(_invite, cast, title, coming, place, chosen, _plan_of(coming)))
    diary.note(4, "10:10", partial(_fill, cast, title))
    diary.note(3, "09:00", partial(_answer, cast, title))
    off = diary.instant(-2, "10:00")
    diary.note(11, "09:40", partial(_invite, cast, "Remise à Bellejouanne", off, "Maison de quartier de Bellejouanne", []))
    diary.note(10, "11:00", partial(_guest, cast, "Remise à Bellejouanne", "Mme Inès Chauveau", GuestKind.OFFICIAL, "send"))
    diary.note(6, "16:30", partial(_move, cast, "Remise à Bellejouanne", "cancel", reason="Salle en travaux, nouvelle date à trouver."))


def _plan_held(cast: Cast, diary: Diary) -> None:
    title, clock = "Remise à l'hôtel de ville", "18:00"
    diary.note(
        23, "11:00", partial(_invite, cast, title, diary.instant(17, clock), "Salons de l'hôtel de ville", ["held-1", "held-2", "held-3"])
    )
    diary.note(22, "11:00", partial(_guest, cast, title, "Mme Louise Rouvray", GuestKind.OFFICIAL, "accept", companions=2))
    diary.note(22, "11:10", partial(_guest, cast, title, "M. Anh Tuan Pham", GuestKind.PARTNER, "accept"))
    diary.note(17, clock, partial(_move, cast, title, "hold"))
    diary.note(17, "18:05", partial(_arrive, cast, title))
    diary.note(17, "18:20", partial(_turn, cast, title, 1, "hand_over"))
    diary.note(17, "18:35", partial(_turn, cast, title, 2, "miss"))
    diary.note(17, "18:50", partial(_turn, cast, title, 3, "hand_over"))
    diary.note(17, "19:30", partial(_move, cast, title, "close"))
    diary.note(16, "09:30", partial(_thank, cast, title))
    diary.note(16, "10:00", partial(_agree, cast, title))
    diary.note(15, "09:30", partial(_report, cast, title))


def _plan_going(cast: Cast, diary: Diary) -> None:
    """Going on while the demonstration is filled, so that whoever looks can hand the second device over."""
    title, began = "Remise du jour, en petit comité", diary.just_now("09:30", "18:30")
    diary.note(6, "11:00", partial(_invite, cast, title, began, "Le Relais numérique, salle du fond", ["going-1", "going-2"]))
    diary.note(5, "11:00", partial(_guest, cast, title, "Mme Solange Bâtard-Fontenille", GuestKind.PARTNER, "accept", companions=1))
    diary.note(5, "11:10", partial(_guest, cast, title, "M. Théo Lacassagne", GuestKind.PRESS, "accept"))
    diary.note_at(began, partial(_move, cast, title, "hold"))
    diary.note_at(began + QUARTER / 3, partial(_arrive, cast, title))
    diary.note_at(began + QUARTER, partial(_turn, cast, title, 1, "hand_over"))


def _plan_of(starts_at: datetime) -> dict[str, Any]:
    programme = "17 h 30 Accueil, café\n17 h 40 Mots de bienvenue\n17 h 55 Remise des ordinateurs\n18 h 30 Goûter et premiers clics"
    return {
        "capacity": 8, "programme": programme, "access": "Bus 2A, arrêt « Maison de quartier ».", "step_free": True, "room_booked": True,
        "answer_by": (local(starts_at) - timedelta(days=3)).date(), "minutes": 90,
    }  # fmt: skip


def _fill(cast: Cast, title: str) -> None:
    """Two donors, one of them by letter and not yet sent, a partner, an official, the press."""
    ceremony, coordinator = _ceremony(title), cast.actors["coordinator"]
    first, second = [each for each in donors_to_invite([]) if each.email][:2]
    told = (
        (GuestKind.DONOR, first.person, first.figure.donor_id, first.email),
        (GuestKind.OFFICIAL, "M. Bastien Ourliac, adjoint à la cohésion sociale", None, "b.ourliac@mairie.example"),
        (GuestKind.PARTNER, "Mme Rim Haddadi", None, "rim.haddadi@mission.example"),
        (GuestKind.PRESS, "Centre Hebdo", None, "redaction@hebdo.example"),
        (GuestKind.VISITOR, "M. Youn Le Goff", None, "youn@ecole.example"),
    )
    for kind, name, house, email in told:
        made = add_guest(coordinator, ceremony, kind=kind, name=name, organisation_id=house, email=email, is_named=kind is GuestKind.DONOR)
        guest_machine.fire(made, "send", coordinator)
    by_letter: dict[str, Any] = {"name": second.person, "organisation_id": second.figure.donor_id, "address": second.address}
    add_guest(coordinator, ceremony, kind=GuestKind.DONOR, **by_letter)
    for each in invited_families(ceremony)[:2]:
        guest_machine.fire(each, "send", coordinator)


def _answer(cast: Cast, title: str) -> None:
    ceremony, coordinator = _ceremony(title), cast.actors["coordinator"]
    first, _second, third = invited_families(ceremony)
    guest_machine.fire(first, "accept", coordinator, companions=2)
    guest_machine.fire(third, "decline", coordinator)
    donor, official, partner, press, *_others = guests_of(ceremony)
    guest_machine.fire(donor, "accept", coordinator, companions=1, needs=["sign_language"])
    guest_machine.fire(official, "accept", coordinator)
    guest_machine.fire(partner, "wait", coordinator, companions=1)
    guest_machine.fire(press, "decline", coordinator)


def _guest(cast: Cast, title: str, name: str, kind: GuestKind, move: str, **facts: object) -> None:
    email = f"{name.split()[1].lower().encode('ascii', 'ignore').decode()}@invites.example"
    made = add_guest(cast.actors["coordinator"], _ceremony(title), kind=kind, name=name, email=email)
    guest_machine.fire(made, move, cast.actors["coordinator"], **facts)


WORDS = "Avant, je faisais les dossiers de mes enfants sur mon téléphone, la nuit. Maintenant on s'assoit tous les trois."


def _agree(cast: Cast, title: str) -> None:
    """A family that is shown on a poster and quoted, a child whose second parent is awaited, an official who withdraws her film."""
    ceremony, actor = _ceremony(title), cast.actors["coordinator"]
    family, other = invited_families(ceremony)[0], invited_families(ceremony)[1]
    poster, quoted = (ConsentChannel.PHOTO, Showing.POSTER), (ConsentChannel.WORDS, Showing.CEREMONY_REPORT)
    awa = ask_consent(actor, family, name="Awa Diagne-Poitevin", shown=[poster, quoted], naming="Awa")
    lena = ask_consent(
        actor, other, name="Léna Guibert", shown=[poster], is_minor=True, first_guardian="Karine Guibert",
        second_guardian="Stéphane Aubineau",
    )  # fmt: skip
    filmed = ask_consent(actor, guests_of(ceremony)[0], name="Mme Louise Rouvray", shown=[(ConsentChannel.FILM, Showing.SITE)])
    for voice in (awa.voices[0], lena.voices[0], filmed.voices[0]):
        drawn = read_drawing(scribble(voice.name))
        say_yes(actor, voice, way=SignatureWay.DRAWN, signature=drawn, shown=voice.consent.digest)
    _show(actor, ceremony, awa, poster, "Affiche A3, rires au goûter")
    _show(actor, ceremony, filmed, (ConsentChannel.FILM, Showing.SITE), "Film de la soirée")
    said = write_testimony(actor, awa, words=WORDS, said_on=today())
    answer_testimony(SERVICE, said, answer="yes", read=sum_of(said))
    pick(actor, said, is_picked=True)
    withdraw(SERVICE, filmed)


def _show(actor: Actor, ceremony: Ceremony, consent: Consent, pair: tuple[ConsentChannel, Showing], what: str) -> None:
    channel, showing = pair
    record_use(
        actor, ceremony, what=what, channel=channel, showing=showing, spot="Vitrine de l'atelier", keeper=actor.name,
        published_on=today(), persons=[consent],
    )  # fmt: skip


def _report(cast: Cast, title: str) -> None:
    issue_report(cast.actors["coordinator"], _ceremony(title))


def _thank(cast: Cast, title: str) -> None:
    thank(cast.actors["coordinator"], _ceremony(title))


def _arrive(cast: Cast, title: str) -> None:
    ceremony = _ceremony(title)
    for each in (*guests_of(ceremony)[:1], *invited_families(ceremony)[:1]):
        let_in(cast.actors["coordinator"], each)


def _invite(cast: Cast, title: str, starts_at: datetime, place: str, keys: Sequence[str], plan: dict[str, Any] | None = None) -> None:
    coordinator = cast.actors["coordinator"]
    wall = local(starts_at).replace(tzinfo=None)
    ceremony = plan_ceremony(coordinator, title=title, starts_at=wall, place=place, **(plan or {}))
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
