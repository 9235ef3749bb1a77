"""A donation that does not happen: we refuse it, and say why."""

import pytest

from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import workshop


def test_it_is_over_with_its_reason(context):
    donation = workshop.move(workshop.announced(), "refuse", reason="too_old", note="tout a plus de douze ans")
    assert donation.state == DonationState.REFUSED
    happened = last_event(donation)
    assert happened.facts["reason"] == "too_old"
    assert notes_of([happened])[happened.id] == {"note": "tout a plus de douze ans"}


def test_the_history_tells_the_reason_in_words(app, signed_in):
    with app.app_context():
        reference = workshop.move(workshop.announced(), "refuse", reason="too_old", note="douze ans").reference
    assert "Don refusé (Matériel trop ancien pour être réemployé)" in signed_in(Role.COORDINATOR).get(f"/dons/{reference}").text


def test_not_without_a_reason(context):
    for reason in ({}, {"reason": "parce que"}):
        with pytest.raises(Invalid):
            workshop.move(workshop.announced(), "refuse", **reason)


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        workshop.move(donation, "refuse", who=workshop.technician(), reason="too_old")


def test_not_once_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "refuse", reason="too_old")
