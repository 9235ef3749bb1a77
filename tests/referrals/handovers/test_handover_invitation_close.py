"""An invitation is over: another takes its place, or the allocation is cancelled."""

from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.actions import cancel_allocation
from refurb.referrals.handovers.actions import MAIL_APPOINTMENT
from refurb.referrals.handovers.effects import mail_appointment
from refurb.referrals.handovers.queries import (
    invitation_of,
    invitations_about,
)
from refurb.referrals.handovers.words import InvitationState, InvitedBy
from tests.support.story import appointments, people

S = InvitationState


def office():
    return people.actor(Role.COORDINATOR)


def planned(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()


def test_another_invitation_takes_the_place_of_the_first_and_frees_its_hour(context):
    slot = appointments.opened()[0]
    first = appointments.chosen(appointments.invited(), slot)
    second = appointments.invite_to(first.allocation, InvitedBy.SMS)
    assert (first.state, first.seat, second.state) == (S.CLOSED, None, S.INVITED)
    assert invitation_of(first.allocation) is second
    assert [each.id for each in invitations_about(first.allocation.referral)] == [first.id, second.id]
    off = mail_appointment(**planned(MAIL_APPOINTMENT)[-1].facts)
    assert "n’a plus lieu" in off.text
    appointments.chosen(second, slot)


def test_an_allocation_that_is_cancelled_expects_nobody(context):
    slot = appointments.opened()[0]
    invitation = appointments.chosen(appointments.invited(), slot)
    with unit_of_work():
        cancel_allocation(office(), invitation.allocation, reason="Autre solution")
    assert (invitation.state, invitation.seat) == (S.CLOSED, None)
