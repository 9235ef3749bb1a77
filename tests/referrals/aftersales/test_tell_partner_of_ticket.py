"""Whoever referred a family is told what becomes of its trouble, without a name or a word of what was written."""

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold, Overtaken
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.aftersales.actions import report_for
from refurb.referrals.aftersales.effects import tell_partner_of_ticket
from refurb.referrals.aftersales.states import TELL_PARTNER_OF_TICKET
from refurb.referrals.aftersales.words import Symptom
from tests.support.story import families, people, troubles


def promised():
    return [each.facts for each in db.session.scalars(select(Effect).where(Effect.kind == TELL_PARTNER_OF_TICKET).order_by(Effect.id))]


def test_of_each_step_and_of_the_last_only(context):
    ticket = troubles.told()
    troubles.fire(ticket, "appoint", at="2030-01-08T14:00", place="Accueil", note="Sonner deux fois")
    told, appointed = promised()
    with pytest.raises(Overtaken):
        tell_partner_of_ticket(**told)
    letter = tell_partner_of_ticket(**appointed)
    assert letter.to == people.EMAIL[Role.PRESCRIBER]
    assert f"panne {ticket.reference}, rendez-vous" in letter.text
    assert f"/orientations/{ticket.referral.reference}" in letter.text
    for said in ("Zoë", "Neil", ticket.words, "Sonner", "99"):
        assert said not in letter.text


def test_not_of_what_she_told_herself_nor_of_a_machine_that_is_nobodys_here(context):
    referral = families.handed_over().allocation.referral
    with unit_of_work():
        report_for(people.actor(Role.PRESCRIBER), referral, trouble=Symptom.SLOW)
    assert promised() == []
    troubles.fire(troubles.own(), "take_in")
    (facts,) = promised()
    with pytest.raises(NotTold):
        tell_partner_of_ticket(**facts)
