"""What goes wrong in the story once a device is with its family, and what is done about it."""

from typing import Any

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import Event, last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.aftersales.actions import open_ticket, report_trouble
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.aftersales.words import Cause, Symptom
from tests.support.chapters import chapter
from tests.support.story import families, people


def report(device: Device, trouble: Symptom = Symptom.NO_CHARGE, **told: Any) -> Ticket:
    """Somebody tells by the label, without an account."""
    with unit_of_work():
        return report_trouble(device, trouble=trouble, **told)


@chapter
def told() -> Ticket:
    """A family has its screen, and tells that something is wrong with it."""
    return report(families.handed_over().allocation.device, words="Plus de lumière", phone="+33612345699")


@chapter
def own() -> Ticket:
    """Somebody comes with a machine of her own."""
    with unit_of_work():
        return open_ticket(people.actor(Role.DESK), trouble=Symptom.SLOW, own_machine="portable Asus de 2019")


def fire(ticket: Ticket, move: str, role: Role = Role.COORDINATOR, **facts: Any) -> Event:
    """Make one move of a ticket, by the coordinator unless another role is named."""
    with unit_of_work():
        ticket_machine.fire(ticket, move, people.actor(role), **facts)
    event = last_event(ticket)
    assert event is not None
    assert event.move == move
    return event


@chapter
def swapping() -> Ticket:
    """The family brings its screen back, and another one is reserved for it."""
    ticket = told()
    fire(ticket, "swap", device=families.ready().code, cause=Cause.SCREEN.value, copied=True)
    return ticket
