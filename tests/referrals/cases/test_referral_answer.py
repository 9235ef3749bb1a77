import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, WrongState
from refurb.referrals.cases.actions import revise_referral
from refurb.referrals.cases.rules import Incomplete
from refurb.referrals.cases.thread import thread_of
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


@pytest.fixture
def asked(context):
    referral = families.submitted()
    families.fire(referral, "ask", question="Depuis quand ?")
    return referral


def answer(referral, text="Depuis mars."):
    families.fire(referral, "answer", people.actor(Role.PRESCRIBER), answer=text)


def test_the_answer_sends_it_back_to_the_coordination(asked):
    before = asked.submitted_at

    answer(asked)

    assert asked.state is ReferralState.SUBMITTED
    assert [each.text for each in thread_of(asked)] == ["Depuis mars.", "Depuis quand ?"]
    assert asked.submitted_at == before, "its rank is counted from the first time"


def test_the_answer_stays_out_of_the_history(asked):
    answer(asked)

    assert last_event(asked).facts == {"from": "needs_information", "to": "submitted"}


def test_an_answer_has_words(asked):
    with pytest.raises(Invalid):
        answer(asked, "")


def test_nothing_was_asked(context):
    with pytest.raises(WrongState):
        answer(families.submitted())


def test_what_was_emptied_in_the_meantime_is_missed(asked):
    with unit_of_work():
        facts = {"eligibility_checked_on": asked.eligibility_checked_on, "notice_given_on": asked.notice_given_on}
        revise_referral(people.actor(Role.PRESCRIBER), asked, **{**families.FACTS, **facts, "commune": None})

    with pytest.raises(Incomplete):
        answer(asked)
