"""A silence ends by its day."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import WrongState
from refurb.referrals.handovers.actions import let_invitations_expire
from refurb.referrals.handovers.queries import (
    count_to_arrange,
    overdue_invitations,
)
from refurb.referrals.handovers.words import InvitationState
from tests.support.story import appointments, people

S = InvitationState


def office():
    return people.actor(Role.COORDINATOR)


def test_a_silence_ends_by_its_day_and_comes_back_to_the_office(context):
    invitation = appointments.invited()
    with at(now() + timedelta(days=14)), unit_of_work():
        assert let_invitations_expire() == 0
    with at(now() + timedelta(days=15)):
        assert overdue_invitations() == [invitation]
        with unit_of_work():
            assert let_invitations_expire() == 1
        assert (invitation.state, count_to_arrange(office())) == (S.EXPIRED, 1)
        with pytest.raises(WrongState):
            appointments.chosen(invitation, appointments.opened(day=appointments.an_open_day())[0])
