"""Asking the donor something before answering."""

import pytest

from refurb.inventory.donations.queries.appointments import open_question
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import workshop


def test_the_question_waits_and_stays_out_of_the_history(context):
    donation = workshop.move(workshop.announced(), "ask", question="Les chargeurs sont-ils là ?")
    assert donation.state == DonationState.NEEDS_INFORMATION
    assert open_question(donation).question == "Les chargeurs sont-ils là ?"
    assert "question" not in last_event(donation).facts


def test_not_without_a_question(context):
    with pytest.raises(Invalid):
        workshop.move(workshop.announced(), "ask", question=" ")


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        workshop.move(donation, "ask", who=workshop.technician(), question="?")


def test_not_once_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "ask", question="?")
