"""It is over: somebody says how, and what was found."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from tests.support.story import troubles


def test_it_works(context):
    ticket = troubles.told()
    troubles.fire(ticket, "close", Role.DESK, outcome=Outcome.SOLVED.value, cause=Cause.USE.value, note="Le câble était débranché")
    assert (ticket.state, ticket.outcome, ticket.cause) == (TicketState.CLOSED, Outcome.SOLVED, Cause.USE)


@pytest.mark.parametrize("outcome", ["swapped", "taken_back", ""])
def test_not_with_what_follows_from_another_deed(context, outcome):
    ticket = troubles.told()
    with pytest.raises(Invalid):
        troubles.fire(ticket, "close", outcome=outcome, cause=Cause.USE.value)
