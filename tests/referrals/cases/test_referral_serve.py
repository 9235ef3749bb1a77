from refurb.kernel.deeds.history import events_of
from refurb.referrals.words import ReferralState
from tests.support.story import families


def test_a_hand_over_serves_the_referral(context):
    referral = families.handed_over().allocation.referral

    assert referral.state is ReferralState.SERVED
    assert [event.move for event in events_of(referral)] == ["serve", "allocate", "accept", "submit", "created"]
