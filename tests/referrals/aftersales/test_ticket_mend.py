"""It is repaired and given back; a lock that was found late is a cause that is counted."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Invalid, WrongState
from refurb.referrals.aftersales.queries import causes_in
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from tests.support.story import troubles


def test_it_works_and_the_cause_is_counted(context):
    for ticket, cause in ((troubles.told(), Cause.BIOS_LOCKED), (troubles.own(), Cause.ACCOUNT_LOCKED)):
        troubles.fire(ticket, "take_in", Role.TECHNICIAN)
        troubles.fire(ticket, "mend", Role.TECHNICIAN, cause=cause.value)
        assert (ticket.state, ticket.outcome) == (TicketState.CLOSED, Outcome.MENDED)
        assert ticket.closed_at is not None
    assert causes_in(today().year) == [(Cause.ACCOUNT_LOCKED, 1), (Cause.BIOS_LOCKED, 1)]
    assert causes_in(today().year - 1) == []


def test_not_without_a_cause(context):
    ticket = troubles.told()
    troubles.fire(ticket, "take_in")
    with pytest.raises(Invalid):
        troubles.fire(ticket, "mend")


def test_not_what_is_still_with_the_family(context):
    with pytest.raises(WrongState):
        troubles.fire(troubles.told(), "mend", cause=Cause.BATTERY.value)
