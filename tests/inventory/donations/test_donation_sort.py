"""Saying that a donation is sorted."""

import pytest

from refurb.inventory.donations.rules import NotSorted
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def test_it_is_then_sorted(context):
    assert workshop.move(workshop.sorted_out(), "sort").state == DonationState.SORTED


def test_not_while_a_machine_waits_for_it(app, signed_in):
    with app.app_context():
        donation = workshop.received()
        with pytest.raises(NotSorted):
            workshop.move(donation, "sort")
        reference = donation.reference
    page = signed_in(Role.COORDINATOR).get(f"/dons/{reference}").text
    assert "attendent encore d’être triées" in page
    assert f'action="/dons/{reference}/tri-termine"' not in page


def test_a_technician_may_not(context):
    donation = workshop.sorted_out()
    with pytest.raises(Forbidden):
        workshop.move(donation, "sort", who=workshop.technician())


def test_not_before_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.announced(), "sort")
