"""Reopening a donation that was closed by mistake."""

import pytest

from refurb.directory.queries import home_organisation
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from tests.support.story import workshop

WHY = "pressé par erreur"


def test_it_is_open_again_and_closed_again(context):
    with unit_of_work():
        home_organisation().is_public_body = False
    donation = workshop.move(workshop.sorted_out(), "close")
    assert workshop.move(donation, "reopen", reason=WHY).state == DonationState.SORTED
    assert workshop.move(donation, "close").state == DonationState.CLOSED


def test_not_what_is_not_closed(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "reopen", reason=WHY)
