import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.referrals.cases.rules import Incomplete
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


def test_a_complete_draft_is_submitted(context):
    referral = families.draft()

    families.fire(referral, "submit", people.actor(Role.PRESCRIBER))

    assert referral.state is ReferralState.SUBMITTED
    assert referral.submitted_at is not None


@pytest.mark.parametrize("field", ["last_name", "commune", "usage", "situation", "eligibility_checked_on", "notice_given_on"])
def test_nothing_may_be_missing(context, field):
    referral = families.draft(**{field: None})

    with pytest.raises(Incomplete) as told:
        families.fire(referral, "submit", people.actor(Role.PRESCRIBER))

    assert told.value.facts["count"] == 1
    assert referral.state is ReferralState.DRAFT


def test_it_is_submitted_once(context):
    referral = families.submitted()

    with pytest.raises(WrongState):
        families.fire(referral, "submit", people.actor(Role.PRESCRIBER))


def test_the_workshop_submits_nothing(context):
    referral = families.draft()

    with pytest.raises(Forbidden):
        families.fire(referral, "submit", people.actor(Role.TECHNICIAN))
