"""It was not over after all."""

from refurb.kernel.deeds.access import Role
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from tests.support.story import troubles


def test_it_works_with_a_reason(context):
    ticket = troubles.told()
    troubles.fire(ticket, "close", Role.DESK, outcome=Outcome.NO_NEWS.value, cause=Cause.UNKNOWN.value)
    troubles.fire(ticket, "reopen", Role.DESK, reason="Elle rappelle")
    assert (ticket.state, ticket.closed_at, ticket.outcome) == (TicketState.OPEN, None, None)
