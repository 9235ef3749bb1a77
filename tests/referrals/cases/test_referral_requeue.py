import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.actions import cancel_allocation
from refurb.referrals.cases.queries.waiting import rank_of
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


def test_a_cancelled_allocation_puts_the_referral_back_at_its_old_rank(context):
    allocation = families.allocated()
    younger = families.waiting()

    with unit_of_work():
        cancel_allocation(people.actor(Role.COORDINATOR), allocation, reason="La famille a déménagé.")

    assert allocation.referral.state is ReferralState.WAITING
    assert (rank_of(allocation.referral), rank_of(younger)) == (1, 2)


@pytest.mark.parametrize("move", ["requeue", "serve"])
def test_there_is_no_door_to_it(app, signed_in, move):
    with app.app_context():
        reference = families.allocated().referral.reference
    client = signed_in(Role.COORDINATOR)

    assert client.submit(f"/orientations/{reference}/{move}").status_code == 404
    posted = client.post(f"/api/v1/referrals/{reference}/{move}", json={}, headers={"X-CSRFToken": client.token()})
    assert posted.status_code == 404
