"""What was not yet on the list when it was joined is looked at again."""

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.one_request import follow_households, resume
from refurb.referrals.households.actions import separate
from refurb.referrals.words import ReferralState
from tests.referrals.cases.test_referral_join import OTHER, coordinator, unite
from tests.support.story import families


def test_parted_again_it_is_to_be_examined(context):
    first, second = families.waiting(), families.submitted(**OTHER)
    sent = second.submitted_at
    unite(first, second)
    with unit_of_work():
        separate(coordinator(), second.beneficiary.household, reason="deux cousines")
    assert (second.state, second.joined_into_id, second.submitted_at) == (ReferralState.SUBMITTED, None, sent)
    assert first.state is ReferralState.WAITING


def test_a_family_that_is_whole_stays_as_it_is(context):
    first, second = families.waiting(), families.submitted(**OTHER)
    unite(first, second)
    with unit_of_work():
        follow_households(coordinator(), [first.beneficiary.household_id])
    assert second.joined_into_id == first.id
    with unit_of_work():
        resume(coordinator(), second)
    assert second.state is ReferralState.SUBMITTED
