"""The hour is moved, by whoever chose it or another; what was said before is no more."""

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.letters import NotTold, Overtaken
from refurb.referrals.handovers.actions import MAIL_APPOINTMENT
from refurb.referrals.handovers.effects import mail_appointment, mail_invitation, tell_partner
from refurb.referrals.handovers.states import TELL_PARTNER
from tests.support.story import appointments, people


def office():
    return people.actor(Role.COORDINATOR)


def planned(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()


def test_moved_once_more_and_the_former_letters_say_nothing(context):
    first, second = appointments.opened()
    invitation = appointments.chosen(appointments.invited(), first)
    appointments.chosen(invitation, second, office())
    assert (invitation.slot.id, invitation.times_moved, invitation.sequence) == (second.id, 1, 2)
    former = planned(MAIL_APPOINTMENT)[0]
    with pytest.raises(NotTold):
        mail_appointment(**former.facts)
    with pytest.raises(Overtaken):
        tell_partner(**planned(TELL_PARTNER)[0].facts)
    with pytest.raises(NotTold):
        mail_invitation(invitation_id=invitation.id)
    moves = [(each.move, each.facts.get("address"), each.facts.get("lift_words")) for each in events_of(invitation)]
    assert moves[:2] == [("reschedule", None, None), ("choose", None, None)]
    appointments.chosen(invitation, second, lift=True)
    assert (invitation.times_moved, invitation.lift) == (1, True)
