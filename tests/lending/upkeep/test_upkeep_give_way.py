"""What a plan had opened next gives way to what is reopened; it has no door of its own."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.upkeep.due import last_done, open_ticket
from refurb.lending.upkeep.states import upkeep_machine
from refurb.lending.upkeep.words import UpkeepState
from tests.lending.upkeep.tending import fire, planned
from tests.support.story import desk


def test_it_opens_nothing_more(context):
    kit = desk.kit()
    plan, ticket = planned(kit, every_months=6)
    fire(ticket, "give_way")
    assert ticket.state is UpkeepState.DROPPED
    assert open_ticket(plan, kit) is None
    assert last_done(plan, kit) is ticket


def test_it_has_no_door():
    assert upkeep_machine["give_way"].inner


def test_not_by_the_workshop(context):
    _plan, ticket = planned(desk.kit(), every_months=6)
    with pytest.raises(Forbidden):
        fire(ticket, "give_way", Role.TECHNICIAN)
