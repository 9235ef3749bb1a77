"""The answer of a donor, through the link or told on the telephone."""

import pytest

from refurb.inventory.donations.queries.appointments import open_question, questions_of
from refurb.inventory.words.donations import DonationState
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def asked():
    return workshop.move(workshop.announced(), "ask", question="Les chargeurs sont-ils là ?")


def test_it_stands_beside_the_question_and_the_donation_is_to_be_answered_again(context):
    donation = workshop.move(asked(), "answer", answer="Oui, dans un carton à part.")
    assert donation.state == DonationState.ANNOUNCED
    assert open_question(donation) is None
    assert [each.answer for each in questions_of(donation)] == ["Oui, dans un carton à part."]


def test_a_second_question_may_follow(context):
    donation = workshop.move(asked(), "answer", answer="Oui.")
    workshop.move(donation, "ask", question="Quel étage ?")
    assert [each.question for each in questions_of(donation)] == ["Quel étage ?", "Les chargeurs sont-ils là ?"]


def test_nothing_is_answered_that_was_not_asked(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.announced(), "answer", answer="Oui.")


def test_a_technician_may_not(context):
    donation = asked()
    with pytest.raises(Forbidden):
        workshop.move(donation, "answer", who=workshop.technician(), answer="Oui.")
