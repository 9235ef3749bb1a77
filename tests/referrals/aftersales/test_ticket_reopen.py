"""It was not over after all."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.aftersales.erasing import erase_tickets
from refurb.referrals.aftersales.rules import AlreadySwapped, TicketForgotten
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from refurb.referrals.cases.actions import hand_over
from tests.support.story import families, people, troubles

CLOSED = {"outcome": Outcome.NO_NEWS.value, "cause": Cause.UNKNOWN.value}
SWAP = {"cause": Cause.SCREEN.value, "copied": True}


def test_it_works_with_a_reason_and_promises_a_day_anew(context):
    ticket = troubles.told()
    promised = ticket.answer_by
    troubles.fire(ticket, "close", Role.DESK, **CLOSED)
    with unit_of_work():
        ticket.answer_by = today() - timedelta(days=30)
    troubles.fire(ticket, "reopen", Role.DESK, reason="Elle rappelle")
    assert (ticket.state, ticket.closed_at, ticket.outcome) == (TicketState.OPEN, None, None)
    assert ticket.answer_by == promised


def test_one_that_was_taken_back_may_still_be_swapped(context):
    ticket = troubles.told()
    troubles.fire(ticket, "take_back", **SWAP)
    troubles.fire(ticket, "close", **CLOSED)
    troubles.fire(ticket, "reopen", reason="Elle en voudrait un autre")
    troubles.fire(ticket, "swap", device=families.ready().code, **SWAP)
    assert ticket.state is TicketState.SWAP


def test_not_one_that_was_swapped_since_the_family_has_another_device(context):
    ticket = troubles.swapping()
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="drawn", signature=families.drawing())
    with pytest.raises(AlreadySwapped):
        troubles.fire(ticket, "reopen", reason="L'écran ne va pas")


def test_not_one_whose_words_are_erased(context):
    ticket = troubles.told()
    troubles.fire(ticket, "close", **CLOSED)
    with unit_of_work():
        erase_tickets([ticket.id])
    with pytest.raises(TicketForgotten):
        troubles.fire(ticket, "reopen", reason="Elle rappelle")
