"""The organisation of the story that asks for machines of its own."""

from datetime import timedelta

from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.conventions import add_convention
from refurb.directory.organisations.words import ConventionKind
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.endowed import Endowment, EndowmentUse
from refurb.referrals.endowments.actions import ask_endowment, endowment_shown
from refurb.referrals.endowments.states import endowment_machine
from tests.support.chapters import chapter
from tests.support.story import families, people

WHY = "La salle ouvre en janvier, la commission siège en mars."
SIGNS = "Maud Riffault, directrice"


@chapter
def asked(number: int = 2, kind: DeviceKind = DeviceKind.MONITOR) -> Endowment:
    """The CCAS asks screens for its room, by its prescriber."""
    with unit_of_work():
        return ask_endowment(
            people.actor(Role.PRESCRIBER), use=EndowmentUse.FREE_ACCESS, words="Six postes, ouverts le mardi.", **{kind.value: number}
        )


@chapter
def granted(number: int = 2) -> Endowment:
    """The same, decided by the coordination; its screens are reserved."""
    endowment = asked(number)
    for _ in range(number):
        families.ready()
    fire(endowment, "grant", monitor=number, reason=WHY)
    return endowment


@chapter
def agreed() -> Organisation:
    """The CCAS, with its convention about machines that are given."""
    organisation = people.organisation("CCAS")
    with unit_of_work():
        first = today() - timedelta(days=30)
        add_convention(
            people.actor(Role.COORDINATOR), organisation, kind=ConventionKind.ENDOWMENT, starts_on=first, ends_on=None, signed_on=first
        )
    return organisation


@chapter
def given(*, drawn: bool = True, number: int = 2) -> Endowment:
    """Its screens are with it, signed for on the screen, or still to be signed."""
    endowment = granted(number)
    agreed()
    fire(endowment, "hand_over", **handing(drawn=drawn))
    return endowment


def handing(*, drawn: bool = True) -> dict[str, str]:
    """What is told with a hand-over by a person of ours."""
    signature = {"signature_kind": "drawn", "signature": families.drawing(), "shown": ""} if drawn else {"signature_kind": "paper"}
    return {"place": "Atelier", "received_by": SIGNS, **signature}


def fire(endowment: Endowment, move: str, role: Role = Role.COORDINATOR, **facts: object) -> None:
    """Make one move."""
    if facts.get("shown") == "":
        facts["shown"] = endowment_shown(endowment)
    with unit_of_work():
        endowment_machine.fire(endowment, move, people.actor(role), **facts)
