"""The device comes back for good, and is erased again."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.aftersales.rules import NotWithAFamily
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from tests.support.story import evidence, troubles

FACTS = {"cause": Cause.OTHER.value, "copied": True}


def test_it_works_then_the_ticket_ends_as_taken_back(context):
    ticket = troubles.told()
    troubles.fire(ticket, "take_back", Role.TECHNICIAN, **FACTS)
    assert (ticket.state, ticket.device.state) == (TicketState.TAKEN_BACK, DeviceState.RECEIVED)
    troubles.fire(ticket, "close", Role.DESK, cause=Cause.OTHER.value, outcome=Outcome.SOLVED.value)
    assert ticket.outcome is Outcome.TAKEN_BACK, "whatever was ticked: it came back"


def test_not_what_came_back_already(context):
    ticket = troubles.told()
    evidence.fire(ticket.device, "come_back", reason="rendu à l'atelier")
    with pytest.raises(NotWithAFamily):
        troubles.fire(ticket, "take_back", **FACTS)


def test_not_by_the_desk_which_takes_no_machine_in(context):
    with pytest.raises(Forbidden):
        troubles.fire(troubles.told(), "take_back", Role.DESK, **FACTS)
