"""Nobody came, without notice: the office looks after it again."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import at
from refurb.referrals.handovers.queries import (
    to_arrange,
)
from refurb.referrals.handovers.rules import NotYetTime, has_begun
from refurb.referrals.handovers.words import InvitationState
from tests.support.story import appointments, families, people

S = InvitationState


def office():
    return people.actor(Role.COORDINATOR)


def references(rows):
    return [row.reference for row in rows]


def test_absent_without_notice_comes_back_to_the_office(context):
    invitation = appointments.chosen(appointments.invited(), appointments.opened()[0])
    with pytest.raises(NotYetTime):
        appointments.fire(invitation, "miss")
    with pytest.raises(NotYetTime):
        has_begun(appointments.invite_to(families.allocated()))
    with at(invitation.slot.starts_at):
        appointments.fire(invitation, "miss")
        assert invitation.state is S.ABSENT
        assert invitation.allocation.referral.reference in references(to_arrange(office()))
