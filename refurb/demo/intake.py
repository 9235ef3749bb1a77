"""How donations come in, in the demonstration: what the public form brought, a question, appointments, a run of labels, a slip."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from refurb.demo.diary import Cast, Diary
from refurb.inventory.dock.actions.intake_slips import issue_intake_slip
from refurb.inventory.dock.actions.reception import claim_label, refuse_on_arrival
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.actions.proposals import confirm_proposal, propose
from refurb.inventory.donations.queries.appointments import slots_with_room
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.donations.words import Age, ArrivalRefusal, Chargers, DrivesInside, Shape
from refurb.inventory.labels.actions.label_runs import make_run
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.inventory.words.slots import Way

K = DeviceKind


@dataclass(frozen=True)
class Offer:
    """One filled-in form: who, what, and what the office answered (none yet, a question, yes, a half-day)."""

    key: str
    ago: int
    counts: dict[DeviceKind, int]
    facts: dict[str, Any]
    confirmed: bool = True
    answer: str = ""


OFFERS = (
    Offer(
        "imprimerie", 1, {K.LAPTOP: 8, K.MONITOR: 6},
        {
            "origin": LegalOrigin.COMPANY, "name": "Imprimerie des Rocs", "siren": "999120165", "contact_name": "Aline Praud",
            "email": "aline@imprimerie-des-rocs.example", "phone": "0639980031", "age": Age.FROM_5_TO_10, "shape": Shape.WORKING,
            "drives": DrivesInside.INSIDE, "chargers": Chargers.SOME, "way": Way.PICK_UP, "address": "4 rue des Presses, 86000 Poitiers",
            "message": "Au premier étage, ascenseur. Plutôt le matin.",
        },
    ),
    Offer(
        "lycee", 4, {K.DESKTOP: 14},
        {
            "origin": LegalOrigin.PUBLIC_BODY, "name": "Lycée des Coteaux", "contact_name": "Bruno Lemaire",
            "email": "intendance@lycee-des-coteaux.example", "phone": "0199003170", "age": Age.MIXED, "shape": Shape.PARTLY,
            "drives": DrivesInside.SOME, "chargers": Chargers.ALL, "way": Way.PICK_UP, "address": "Route de Gençay, 86000 Poitiers",
            "conditions": "Pour des lycéens de l'agglomération.",
        },
        answer="ask",
    ),
    Offer(
        "voisine", 3, {K.LAPTOP: 1, K.TABLET: 1},
        {
            "origin": LegalOrigin.INDIVIDUAL, "name": "Mireille Fouquet", "contact_name": "Mireille Fouquet",
            "email": "mireille@fouquet.example", "age": Age.UNDER_5, "shape": Shape.WORKING, "drives": DrivesInside.INSIDE,
            "chargers": Chargers.ALL, "way": Way.DROP_OFF, "address": "Buxerolles",
        },
        answer="schedule",
    ),
    Offer(
        "pressee", 0, {K.PRINTER: 2},
        {
            "origin": LegalOrigin.ASSOCIATION, "name": "Club photo du Clain", "rna": "W861009999", "contact_name": "Jules Nivet",
            "email": "bureau@club-photo-clain.example", "age": Age.UNKNOWN, "shape": Shape.UNKNOWN, "drives": DrivesInside.UNKNOWN,
            "chargers": Chargers.UNKNOWN, "way": Way.DROP_OFF, "address": "Poitiers",
        },
        confirmed=False,
    ),
)  # fmt: skip


def plan_intake(cast: Cast, diary: Diary) -> None:
    """Note what the public form brought, the labels printed in advance, and the slip of the donation that came last."""
    for number, offer in enumerate(OFFERS):
        instant = diary.instant(offer.ago, f"08:{number + 10}") if offer.ago else diary.just_now("08:00", "20:00")
        diary.note_at(instant, partial(_offer, cast, offer))
    diary.note(3, "08:40", partial(_answer, cast, "lycee"))
    diary.note(2, "08:41", partial(_answer, cast, "voisine"))
    diary.note(2, "08:42", partial(_answer, cast, "transports"))
    diary.note(2, "11:50", partial(_dock, cast))


def _offer(cast: Cast, offer: Offer) -> None:
    proposal = propose(source=f"192.0.2.{offer.ago}", counts=offer.counts, **offer.facts)
    if offer.confirmed:
        cast.donations[offer.key] = confirm_proposal(proposal)


def _answer(cast: Cast, key: str) -> None:
    donation, coordinator = cast.donations[key], cast.actors["coordinator"]
    if key == "lycee":
        question = "Combien de machines ont encore leur disque, et de quelle année sont les plus anciennes ?"
        donation_machine.fire(donation, "ask", coordinator, question=question)
        return
    donation_machine.fire(donation, "accept", coordinator)
    if key == "transports":  # Its half-day is still to be agreed on.
        return
    rooms = slots_with_room(donation.site_id)
    donation_machine.fire(donation, "schedule", coordinator, way=Way.DROP_OFF.value, slot=rooms[6].slot.key)


def _dock(cast: Cast) -> None:
    """On the dock: a run of labels, three machines more than were counted, two screens refused, and the slip that is signed on paper."""
    technician, coordinator, donation = cast.actors["technician"], cast.actors["coordinator"], cast.donations["architectes"]
    run = make_run(technician, 48)
    for each in run.codes[:2]:
        claim_label(technician, donation, K.MONITOR, each.code)
    refuse_on_arrival(
        coordinator, donation, kind=K.MONITOR, count=2, reason=ArrivalRefusal.BROKEN, note="Dalles fendues pendant le transport."
    )
    issue_intake_slip(
        coordinator, donation, place="4 rue du Port, Buxerolles", drives=DrivesInside.INSIDE, given_by="Lou Marchetti",
        signing=SlipSigning.PAPER,
    )  # fmt: skip
