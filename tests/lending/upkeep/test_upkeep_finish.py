"""What was to do is done, with what it cost."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from refurb.lending.upkeep.due import months_after, open_ticket
from refurb.lending.upkeep.queries import costs_of, repairs_of, settled_of
from refurb.lending.upkeep.words import UpkeepState
from refurb.lending.words import ItemState
from tests.lending.upkeep.tending import fire, planned, repair
from tests.support.story import desk


def test_it_works_and_the_thing_in_repair_is_repaired(context):
    kit = desk.kit()
    ticket = repair(kit, stays=True)
    assert kit.state is ItemState.IN_REPAIR
    assert repairs_of(kit) == [ticket]
    fire(ticket, "finish", cost="12,50", workshop="Fablab", parts="roue", note="collée")
    assert (ticket.state, ticket.cost_cents, ticket.workshop) == (UpkeepState.DONE, 1250, "Fablab")
    assert kit.state is ItemState.TO_CHECK
    assert settled_of(kit) == [ticket]
    assert costs_of(kit) == [(1250, 1)]


def test_what_another_repair_waits_for_stays_in_repair(context):
    kit = desk.kit()
    first, second = repair(kit, stays=True), repair(kit, what="capteur muet")
    fire(first, "finish")
    assert kit.state is ItemState.IN_REPAIR
    assert costs_of(kit) == [(None, 1)], "a cost that nobody told is not known"
    fire(second, "finish")
    assert kit.state is ItemState.TO_CHECK


def test_the_next_is_open_with_its_days(context):
    kit = desk.kit()
    plan, ticket = planned(kit, every_months=12)
    assert ticket.due_on == months_after(today(), 12)
    fire(ticket, "finish")
    following = open_ticket(plan, kit)
    assert following is not None
    assert following.id != ticket.id
    assert ticket.claim is None


def test_not_a_cost_that_is_none(context):
    with pytest.raises(Invalid):
        fire(repair(desk.kit()), "finish", cost="cher")


def test_not_twice(context):
    ticket = repair(desk.kit())
    fire(ticket, "finish")
    with pytest.raises(WrongState):
        fire(ticket, "finish")


def test_not_by_the_workshop(context):
    with pytest.raises(Forbidden):
        fire(repair(desk.kit()), "finish", Role.TECHNICIAN)
