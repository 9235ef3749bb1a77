"""Taking back an acceptance that was pressed by mistake."""

import pytest

from refurb.inventory.words.donations import DonationState
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import workshop

WHY = "pressé par erreur"


def test_it_waits_for_its_answer_again(context):
    donation = workshop.move(workshop.announced(), "accept")
    assert workshop.move(donation, "withdraw_acceptance", reason=WHY).state == DonationState.ANNOUNCED


def test_not_without_a_reason(context):
    donation = workshop.move(workshop.announced(), "accept")
    with pytest.raises(Invalid):
        workshop.move(donation, "withdraw_acceptance")


def test_a_technician_may_not(context):
    donation = workshop.move(workshop.announced(), "accept")
    with pytest.raises(Forbidden):
        workshop.move(donation, "withdraw_acceptance", who=workshop.technician(), reason=WHY)


def test_not_once_it_has_come(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "withdraw_acceptance", reason=WHY)
