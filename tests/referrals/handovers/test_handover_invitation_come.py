"""Whoever is handed her device came for it."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.handovers.queries import (
    count_to_arrange,
)
from refurb.referrals.handovers.words import InvitationState
from tests.support.story import appointments, people

S = InvitationState


def office():
    return people.actor(Role.COORDINATOR)


def test_who_comes_has_come_by_the_hand_over_itself(context):
    invitation = appointments.chosen(appointments.invited(), appointments.opened()[0])
    with unit_of_work():
        hand_over(office(), invitation.allocation, place="Atelier", signature_kind="paper")
    assert invitation.state is S.CAME
    assert count_to_arrange(office()) == 0
    with pytest.raises(WrongState):
        appointments.fire(invitation, "decline", because="call")
