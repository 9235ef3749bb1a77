import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import WrongState
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


@pytest.mark.parametrize("begun", [families.draft, families.submitted, families.waiting])
def test_the_prescriber_takes_it_back(context, begun):
    referral = begun()

    families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))

    assert referral.state is ReferralState.WITHDRAWN


def test_an_unfinished_draft_can_be_taken_back(context):
    referral = families.draft(notice_given_on=None, usage=None)

    families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))

    assert referral.state is ReferralState.WITHDRAWN


def test_not_while_a_device_is_held_for_it(context):
    referral = families.allocated().referral

    with pytest.raises(WrongState):
        families.fire(referral, "withdraw", people.actor(Role.PRESCRIBER))
