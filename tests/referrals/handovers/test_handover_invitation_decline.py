"""Nobody comes, with notice: the hour is somebody else's."""

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.handovers.actions import decline
from refurb.referrals.handovers.queries import (
    to_arrange,
)
from refurb.referrals.handovers.words import DeclinedBecause, InvitationState
from tests.support.story import appointments, people

S = InvitationState


def office():
    return people.actor(Role.COORDINATOR)


def references(rows):
    return [row.reference for row in rows]


def test_declined_with_notice_the_hour_is_free_and_another_may_be_chosen(context):
    slot = appointments.opened()[0]
    invitation = appointments.chosen(appointments.invited(), slot)
    with unit_of_work():
        decline(SERVICE, invitation, DeclinedBecause.CANNOT_TRAVEL)
    assert (invitation.state, invitation.seat, invitation.declined_because) == (S.DECLINED, None, DeclinedBecause.CANNOT_TRAVEL)
    assert references(to_arrange(office())) == [invitation.allocation.referral.reference]
    appointments.chosen(invitation, slot)
    assert (invitation.state, invitation.declined_because) == (S.CHOSEN, None)
