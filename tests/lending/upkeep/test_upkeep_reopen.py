"""What was settled by mistake is to do again."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.lending.upkeep.due import open_ticket
from refurb.lending.upkeep.words import UpkeepState
from tests.lending.upkeep.tending import fire, planned, repair
from tests.support.story import desk


def test_it_works(context):
    ticket = repair(desk.kit())
    fire(ticket, "finish", cost="5")
    fire(ticket, "reopen", reason="pas fait")
    assert ticket.state is UpkeepState.OPEN
    assert ticket.cost_cents is None


def test_what_came_next_gives_way(context):
    kit = desk.kit()
    plan, ticket = planned(kit, every_months=6)
    fire(ticket, "finish")
    following = open_ticket(plan, kit)
    fire(ticket, "reopen", reason="pas fait")
    assert open_ticket(plan, kit) is ticket
    assert following.state is UpkeepState.DROPPED


def test_not_what_is_open(context):
    with pytest.raises(WrongState):
        fire(repair(desk.kit()), "reopen", reason="?")


def test_not_by_the_workshop(context):
    ticket = repair(desk.kit())
    fire(ticket, "drop", reason="?")
    with pytest.raises(Forbidden):
        fire(ticket, "reopen", Role.TECHNICIAN, reason="?")
