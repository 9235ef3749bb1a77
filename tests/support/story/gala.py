"""The ceremony of the story: a Saturday at the town hall, and the families that are invited."""

import datetime as dt

from refurb.ceremonies.actions import choose_families, plan_ceremony
from refurb.ceremonies.guests.actions import add_guest
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.queries import invited_families
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.states import ceremony_machine, turn_machine
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.cases.actions import text_shown
from refurb.referrals.models import Allocation
from tests.support.chapters import chapter
from tests.support.story import families, people

PLACE = "Salons de l'hôtel de ville"


@chapter
def planned(*allocations: Allocation, title: str = "Remise d'automne", **plan: object) -> Ceremony:
    """A ceremony in a week, with these hand-overs."""
    coordinator = people.actor(Role.COORDINATOR)
    with unit_of_work():
        at = dt.datetime.combine(today() + dt.timedelta(days=7), dt.time(14, 0))
        ceremony = plan_ceremony(coordinator, title=title, starts_at=at, place=PLACE, **plan)
        if allocations:
            choose_families(coordinator, ceremony, [allocation.id for allocation in allocations])
        return ceremony


@chapter
def held(count: int = 3) -> Ceremony:
    """A ceremony that has begun, with so many families."""
    ceremony = planned(*[families.allocated() for _ in range(count)])
    fire(ceremony, "hold")
    return ceremony


def fire(ceremony: Ceremony, move: str, **facts: object) -> None:
    """Make one move of the ceremony; it is held on another day than it was planned for."""
    if move == "hold":
        facts = {"other_day": True, "reason": "La salle n'était libre que ce jour.", **facts}
    with unit_of_work():
        ceremony_machine.fire(ceremony, move, people.actor(Role.COORDINATOR), **facts)


def turn(turn: Turn, move: str, **facts: object) -> None:
    """Make one move of a family's turn; signed on the screen where a signature is wanted."""
    if move == "hand_over" and not facts:
        facts = {"signature_kind": "drawn", "signature": families.drawing()}
    if facts.get("signature"):
        facts = {"shown": text_shown(turn.allocation), **facts}
    with unit_of_work():
        turn_machine.fire(turn, move, people.actor(Role.COORDINATOR), **facts)


def choose(ceremony: Ceremony, *allocations: Allocation) -> None:
    """Say which families come."""
    with unit_of_work():
        choose_families(people.actor(Role.COORDINATOR), ceremony, [allocation.id for allocation in allocations])


def guest(ceremony: Ceremony, name: str = "Mme Odile Ferrand", **told: object) -> CeremonyInvitation:
    """Somebody of the town's council who is written down; her invitation was not sent."""
    told = {"kind": GuestKind.OFFICIAL, "email": f"{name.rsplit(maxsplit=1)[-1].lower()}@mairie.example", **told}
    with unit_of_work():
        return add_guest(people.actor(Role.COORDINATOR), ceremony, name=name, **told)


def family(ceremony: Ceremony, position: int = 1) -> CeremonyInvitation:
    """The invitation of the family that comes up at this place."""
    return invited_families(ceremony)[position - 1]


def answer(invitation: CeremonyInvitation, move: str, **facts: object) -> None:
    """Make one move of an invitation."""
    with unit_of_work():
        guest_machine.fire(invitation, move, people.actor(Role.COORDINATOR), **facts)
