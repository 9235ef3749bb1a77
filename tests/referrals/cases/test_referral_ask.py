import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.cases.thread import open_question
from refurb.referrals.words import ReferralState
from tests.support.story import families, people

QUESTION = "Zoë a-t-elle un clavier ?"


@pytest.mark.parametrize("begun", [families.submitted, families.waiting])
def test_the_coordination_asks(context, begun):
    referral = begun()

    families.fire(referral, "ask", question=QUESTION)

    assert referral.state is ReferralState.NEEDS_INFORMATION
    assert open_question(referral).text == QUESTION


def test_the_question_stays_out_of_the_history(context):
    referral = families.submitted()

    families.fire(referral, "ask", question=QUESTION)

    assert last_event(referral).facts == {"from": "submitted", "to": "needs_information"}


def test_a_question_has_words(context):
    referral = families.submitted()

    with pytest.raises(Invalid):
        families.fire(referral, "ask", question="  ")


def test_the_prescriber_does_not_ask_herself(context):
    referral = families.submitted()

    with pytest.raises(Forbidden):
        families.fire(referral, "ask", people.actor(Role.PRESCRIBER), question=QUESTION)


def test_the_prescriber_reads_the_question(app, signed_in):
    with app.app_context():
        referral = families.submitted()
        families.fire(referral, "ask", question=QUESTION)
        reference = referral.reference

    page = signed_in(Role.PRESCRIBER).get(f"/orientations/{reference}")

    assert QUESTION in page.text.replace("\u202f", " ")
