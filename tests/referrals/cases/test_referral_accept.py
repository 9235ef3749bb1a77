import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


def test_the_coordination_puts_it_on_the_waiting_list(context):
    referral = families.submitted()

    families.fire(referral, "accept")

    assert referral.state is ReferralState.WAITING


def test_the_prescriber_does_not_accept_her_own(context):
    referral = families.submitted()

    with pytest.raises(Forbidden):
        families.fire(referral, "accept", people.actor(Role.PRESCRIBER))


def test_a_draft_is_not_accepted(context):
    referral = families.draft()

    with pytest.raises(WrongState):
        families.fire(referral, "accept")
