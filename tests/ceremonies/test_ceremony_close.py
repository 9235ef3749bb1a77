import pytest

from refurb.ceremonies.rules import StillExpected
from refurb.ceremonies.words import CeremonyState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.actions import cancel_allocation, hand_over
from tests.support.story import gala, people


def test_it_closes_when_each_was_served_or_is_absent(context):
    ceremony = gala.held(2)
    gala.turn(ceremony.turns[0], "hand_over")
    gala.turn(ceremony.turns[1], "miss")

    gala.fire(ceremony, "close")

    assert ceremony.state is CeremonyState.CLOSED


def test_not_while_somebody_is_expected(context):
    ceremony = gala.held(2)
    gala.turn(ceremony.turns[0], "hand_over")

    with pytest.raises(StillExpected) as told:
        gala.fire(ceremony, "close")

    assert told.value.facts == {"count": 1}
    assert ceremony.state is CeremonyState.HELD


def test_who_was_served_at_the_desk_is_expected_no_more(context):
    ceremony = gala.held(1)
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), ceremony.turns[0].allocation, place="Atelier", signature_kind="paper")

    gala.fire(ceremony, "close")


def test_whose_allocation_was_cancelled_is_expected_no_more(context):
    ceremony = gala.held(1)
    with unit_of_work():
        cancel_allocation(people.actor(Role.COORDINATOR), ceremony.turns[0].allocation, reason="Déménagement.")

    gala.fire(ceremony, "close")
