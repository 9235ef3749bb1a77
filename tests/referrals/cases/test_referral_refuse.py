import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from refurb.referrals.words import ReferralState, RefusalReason
from tests.support.story import families, people


def test_it_is_refused_with_a_reason_of_the_list(context):
    referral = families.waiting()

    families.fire(referral, "refuse", reason="outside_territory")

    assert referral.state is ReferralState.REFUSED
    assert referral.refusal_reason is RefusalReason.OUTSIDE_TERRITORY


@pytest.mark.parametrize("reason", [None, "", "parce que"])
def test_any_other_reason_will_not_do(context, reason):
    referral = families.submitted()

    with pytest.raises(Invalid):
        families.fire(referral, "refuse", reason=reason)
    assert referral.state is ReferralState.SUBMITTED


def test_one_with_a_device_is_not_refused(context):
    referral = families.allocated().referral

    with pytest.raises(WrongState):
        families.fire(referral, "refuse", reason="duplicate")


def test_the_prescriber_does_not_refuse(context):
    with pytest.raises(Forbidden):
        families.fire(families.submitted(), "refuse", people.actor(Role.PRESCRIBER), reason="duplicate")


def test_the_prescriber_reads_why(app, signed_in):
    with app.app_context():
        referral = families.submitted()
        families.fire(referral, "refuse", reason="outside_territory")
        reference = referral.reference

    assert "Le foyer habite hors du territoire" in signed_in(Role.PRESCRIBER).get(f"/orientations/{reference}").text
