"""Invitations: made once for a device, told without a name, known to no stranger."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from refurb.documents.links import make_link
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid, NotFound
from refurb.kernel.speech.short_messages import for_telephone, messages_needed
from refurb.referrals.cases.actions import cancel_allocation
from refurb.referrals.cases.lines import add_machine
from refurb.referrals.handovers import actions
from refurb.referrals.handovers.actions import MAIL_INVITATION, invite, let_invitations_expire
from refurb.referrals.handovers.effects import APPOINTMENT_LINK, mail_invitation, tell_partner
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.queries import (
    count_to_arrange,
    expected,
    invitation_for,
    invitation_of_allocation,
    invitation_of_link,
    to_answer,
    to_arrange,
)
from refurb.referrals.handovers.rules import NotToHandOver
from refurb.referrals.handovers.states import TELL_PARTNER
from refurb.referrals.handovers.words import InvitedBy
from refurb.referrals.persons import REFERRED
from refurb.referrals.retention import erase_beneficiaries
from tests.support.story import appointments, families, people


def office():
    return people.actor(Role.COORDINATOR)


def planned(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()


def references(rows):
    return [row.reference for row in rows]


def test_invited_once_told_to_the_family_and_to_its_partner(context):
    allocation = families.allocated(email=appointments.EMAIL)
    reference = allocation.referral.reference
    assert references(to_arrange(office())) == [reference]
    invitation = appointments.invite_to(allocation)
    assert (references(to_arrange(office())), references(to_answer(office()))) == ([], [reference])
    letter = mail_invitation(**planned(MAIL_INVITATION)[0].facts)
    assert letter.to == appointments.EMAIL
    assert f"/mon-rendez-vous/{make_link(APPOINTMENT_LINK, invitation.id)[:8]}" in letter.text
    for said in (families.FACTS["first_name"], families.FACTS["last_name"], "CCAS", reference):
        assert said not in letter.text + letter.subject
    news = tell_partner(**planned(TELL_PARTNER)[0].facts)
    assert reference in news.subject
    assert "invitation à venir" in news.subject
    assert families.FACTS["first_name"] not in news.text


def test_the_database_knows_one_open_invitation_for_a_device(context):
    invitation = appointments.invited()
    row = {"allocation_id": invitation.allocation_id, "state": "invited", "invited_by": "sms", "invited_at": now(), "answer_by": today()}
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(HandoverInvitation).values(**row))


def test_only_who_hands_over_invites_and_only_to_what_is_here(context):
    allocation = families.allocated()
    with pytest.raises(Forbidden), unit_of_work():
        invite(people.actor(Role.PRESCRIBER), allocation, invited_by=InvitedBy.SMS, answer_by=today())
    with unit_of_work():
        cancel_allocation(office(), allocation, reason="Autre solution")
    with pytest.raises(NotToHandOver):
        appointments.invite_to(allocation)


def test_a_day_that_went_by_is_asked_about(context):
    invitation = appointments.chosen(appointments.invited(), appointments.opened()[0])
    assert count_to_arrange(office()) == 0
    with at(invitation.slot.starts_at + timedelta(days=1)):
        assert count_to_arrange(office()) == 1
        assert expected(office()) == []


def test_a_stranger_knows_of_no_invitation(context):
    invitation = appointments.invited()
    reference, stranger = invitation.allocation.referral.reference, people.other_prescriber()
    assert invitation_for(people.actor(Role.PRESCRIBER), reference) is invitation
    with pytest.raises(NotFound):
        invitation_for(stranger, reference)
    with pytest.raises(NotFound):
        invitation_of_allocation(stranger, invitation.allocation_id)
    with pytest.raises(NotFound):
        invitation_of_link(9999)
    assert count_to_arrange(stranger) == 0


def test_what_was_written_is_told_to_the_person_and_goes_with_the_name(context):
    invitation = appointments.chosen(appointments.invited(), appointments.opened()[0], lift=True, lift_words="Fauteuil roulant")
    referral = invitation.allocation.referral
    said = [str(fact.value) for part in REFERRED.known(referral.id) for fact in part.facts]
    assert "Fauteuil roulant" in said
    assert any("14\u202fh" in each for each in said)
    with unit_of_work():
        erase_beneficiaries([referral.beneficiary_id])
    db.session.refresh(invitation)
    assert invitation.lift_words is None


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Où\u202f? Ça va\u00a0: «\u202fl’œuf\u202f»", 'Où ? Ça va : "l\'oeuf"'),
        ("à 14\u202fh, ça fête…", "à 14 h, ca fete..."),
        ("🙂", "?"),
    ],
)
def test_a_text_for_a_telephone_has_plain_spaces_and_letters_that_count_once(typed, sent):
    assert for_telephone(typed) == sent


def test_a_long_text_is_several_messages():
    assert [messages_needed("a" * length) for length in (1, 160, 161, 306, 307)] == [1, 1, 2, 2, 3]


def test_nobody_is_invited_by_a_way_that_does_not_lead_to_her(context):
    for by, contact in ((InvitedBy.EMAIL, {"email": None}), (InvitedBy.SMS, {"phone": None, "email": appointments.EMAIL})):
        allocation = families.allocated(**contact)
        with pytest.raises(Invalid) as wrong:
            appointments.invite_to(allocation, by)
        assert "invited_by" in wrong.value.fields
    assert planned(MAIL_INVITATION) == []


def test_what_was_answered_since_it_was_looked_up_does_not_expire(context, monkeypatch):
    invitation = appointments.chosen(appointments.invited(), appointments.opened()[0])
    monkeypatch.setattr(actions, "overdue_invitations", lambda: [invitation])
    with unit_of_work():
        assert let_invitations_expire() == 0
    assert invitation.state.is_chosen


def test_the_letter_names_every_kind_of_machine_that_is_to_be_fetched(context):
    allocation, more = families.allocated(email=appointments.EMAIL), [families.ready().code, families.ready(DeviceKind.LAPTOP).code]
    for each in more:
        with unit_of_work():
            add_machine(office(), allocation, device=each, reason="Un poste entier.")
    invitation = appointments.invite_to(allocation)

    assert "écran (2), ordinateur portable." in mail_invitation(invitation_id=invitation.id).text
