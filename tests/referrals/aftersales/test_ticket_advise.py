"""The family is told what to do; what was said is kept beside the history."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import notes_of
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.aftersales.words import TicketState
from tests.support.story import troubles


def test_it_works_for_the_desk(context):
    ticket = troubles.told()
    event = troubles.fire(ticket, "advise", Role.DESK, note="Essayer un autre câble")
    assert ticket.state is TicketState.ADVISED
    assert notes_of([event])[event.id] == {"note": "Essayer un autre câble"}
    assert "note" not in event.facts


def test_not_without_saying_what(context):
    with pytest.raises(Invalid):
        troubles.fire(troubles.told(), "advise")


def test_not_by_the_workshop_which_calls_nobody(context):
    with pytest.raises(Forbidden):
        troubles.fire(troubles.told(), "advise", Role.TECHNICIAN, note="?")
