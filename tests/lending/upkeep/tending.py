"""What the tests of upkeep share."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.upkeep.actions import open_repair, plan_upkeep
from refurb.lending.upkeep.due import open_ticket
from refurb.lending.upkeep.states import upkeep_machine
from tests.support.story import people


def planned(item, role=Role.DESK, **facts):
    """A plan of a thing, and what is open by it."""
    with unit_of_work():
        plan = plan_upkeep(people.actor(role), item, **({"name": "Contrôle complet"} | facts))
    return plan, open_ticket(plan, item)


def repair(item, role=Role.DESK, **facts):
    with unit_of_work():
        return open_repair(people.actor(role), item, **({"what": "roue cassée"} | facts))


def fire(ticket, name, role=Role.DESK, **facts):
    with unit_of_work():
        upkeep_machine.fire(ticket, name, people.actor(role), **facts)
    event = last_event(ticket)
    assert event.move == name
    return event
