"""An hour is chosen: a seat is the family's, letters say so at once and the day before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NobodyToWriteTo
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, local
from refurb.referrals.handovers.actions import MAIL_APPOINTMENT, choose_by_link
from refurb.referrals.handovers.effects import mail_appointment, tell_partner
from refurb.referrals.handovers.queries import (
    expected,
)
from refurb.referrals.handovers.rules import HandoverSlotGone
from refurb.referrals.handovers.states import TELL_PARTNER
from tests.support.story import appointments, people


def office():
    return people.actor(Role.COORDINATOR)


def planned(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()


def references(rows):
    return [row.reference for row in rows]


def test_a_chosen_hour_is_written_to_the_family_at_once_and_the_day_before(context):
    slot = appointments.opened()[0]
    invitation = appointments.chosen(appointments.invited(), slot)
    at_once, eve = planned(MAIL_APPOINTMENT)
    assert local(eve.due_at).date() == slot.day - timedelta(days=1)
    assert local(eve.due_at).hour == 10
    letter = mail_appointment(**at_once.facts)
    assert "14\u202fh" in letter.subject
    (calendar,) = letter.enclosures
    assert b"BEGIN:VEVENT" in calendar.content
    assert references(expected(office())) == [invitation.allocation.referral.reference]
    assert "rendez-vous" in tell_partner(**planned(TELL_PARTNER)[-1].facts).subject


def test_who_has_no_address_is_called(context):
    invitation = appointments.chosen(appointments.invited(email=None), appointments.opened()[0])
    with pytest.raises(NobodyToWriteTo):
        mail_appointment(invitation_id=invitation.id, sequence=1, reminds=False)


def test_by_the_link_until_the_day_before(context):
    first, second = appointments.opened()
    invitation = appointments.invited()
    with unit_of_work():
        choose_by_link(invitation, slot=first.id, lift=True, lift_words="Depuis Civray")
    assert invitation.lift_words == "Depuis Civray"
    for day in (first.starts_at - timedelta(hours=2), first.starts_at):
        with at(day), pytest.raises(HandoverSlotGone), unit_of_work():
            choose_by_link(invitation, slot=second.id)
    with pytest.raises(HandoverSlotGone), unit_of_work():
        choose_by_link(invitation, slot=9999)
