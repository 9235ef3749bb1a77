"""What waited on the list when it was joined goes back to its rank, where the households are parted or the other came to nothing."""

import pytest

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.queries.waiting import rank_of
from refurb.referrals.cases.rules import NeverJoined, was_joined
from refurb.referrals.households.actions import separate
from refurb.referrals.words import ReferralState
from tests.referrals.cases.test_referral_join import OTHER, coordinator, unite
from tests.support.story import families


def test_parted_again_each_has_its_rank(context):
    first, second = families.waiting(), families.waiting(**OTHER)
    unite(first, second)
    with unit_of_work():
        separate(coordinator(), first.beneficiary.household, reason="deux cousines")
    assert (second.state, second.joined_into_id) == (ReferralState.WAITING, None)
    assert (rank_of(first), rank_of(second)) == (1, 2)


@pytest.mark.parametrize(("move", "told"), [("refuse", {"reason": "outside_territory"}), ("withdraw", {})])
def test_where_the_other_comes_to_nothing_it_goes_on(context, move, told):
    first, second = families.waiting(), families.waiting(**OTHER)
    third = families.waiting(first_name="Bakary", last_name="Sow", phone=None, birth_year=1981)
    unite(first, second)
    unite(first, third)
    families.fire(first, move, **told)
    assert (second.state, third.joined_into_id) == (ReferralState.WAITING, second.id)


def test_what_its_partner_withdrew_does_not_go_on(context):
    referral = families.waiting()
    families.fire(referral, "withdraw")
    for move in ("resume", "resume_waiting"):
        with pytest.raises(NeverJoined):
            families.fire(referral, move)
    with pytest.raises(NeverJoined):
        was_joined(referral)
