"""A reservation is kept longer by name and with a reason, for a year at most."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.rules import SwapWaits
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.handovers.lapsing import let_reservations_lapse
from refurb.referrals.words import AllocationState
from tests.support.story import families, people, troubles

WHY = "Zoë est à l'hôpital."


def hold(allocation, days, role=Role.COORDINATOR, reason=WHY):
    with unit_of_work():
        until = (today() + timedelta(days=days)).isoformat()
        allocation_machine.fire(allocation, "hold_longer", people.actor(role), until=until, reason=reason)


def test_it_is_kept_and_told_again_before_its_new_end(context):
    allocation, days = families.allocated(), HOLDING.in_force().days
    for day in (days, days + 1):
        hold(allocation, days + 30)
        with at(now() + timedelta(days=day)), unit_of_work():
            assert let_reservations_lapse() == 0
    assert (allocation.state, allocation.hold_told_at) == (AllocationState.ACTIVE, None)
    assert "Zoë" not in str(last_event(allocation).facts)


def test_for_a_year_at_most_with_a_reason(context):
    allocation = families.allocated()
    for days, reason in ((400, WHY), (-1, WHY), (20, "")):
        with pytest.raises(Invalid):
            hold(allocation, days, reason=reason)


def test_not_by_a_partner_nor_for_what_has_no_end(context):
    with pytest.raises(Forbidden):
        hold(families.allocated(), 40, Role.PRESCRIBER)
    with pytest.raises(SwapWaits):
        hold(troubles.swapping().swap, 40)


def test_from_the_page(app, signed_in):
    with app.app_context():
        reference = families.allocated().referral.reference
        until = (today() + timedelta(days=60)).isoformat()
    client = signed_in(Role.COORDINATOR)
    assert "Garder plus longtemps" in client.get(f"/orientations/{reference}").text
    assert client.submit(f"/remises/{reference}/garder-plus-longtemps", {"until": "", "reason": "Elle déménage"}).status_code == 422
    assert client.submit(f"/remises/{reference}/garder-plus-longtemps", {"until": until, "reason": "Elle déménage"}).status_code == 303
    assert "réservé jusqu" in client.get("/remises").text
