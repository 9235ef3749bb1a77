"""A session closes as a whole: every decision happens by the deeds of the files, or nothing does."""

import pytest
from sqlalchemy import func, select

from refurb.documents.models import Paper
from refurb.documents.queries import changed_papers
from refurb.inventory.devices.states import device_machine
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, WrongState
from refurb.referrals.cases.actions import write_referral
from refurb.referrals.cases.replay import disagreements, replayed
from refurb.referrals.cases.thread import open_question
from refurb.referrals.cases.views.shown import decision_of
from refurb.referrals.committees.actions.agenda import add_file
from refurb.referrals.committees.actions.closing import obstacles
from refurb.referrals.committees.rules import NotAllDoable, UndecidedFiles
from refurb.referrals.committees.words import LineReason, LineVerdict
from refurb.referrals.models import Allocation
from refurb.referrals.words import ReferralState, RefusalReason
from tests.support.story import families, people, sittings

V, R = LineVerdict, LineReason


def letters():
    return db.session.scalar(select(func.count()).select_from(Effect).where(Effect.kind == "tell_prescriber"))


def test_each_decision_happens_by_the_deed_of_its_file(context):
    committee = sittings.sitting(files=4, devices=2)
    sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER)
    sittings.decide(committee, 2, V.REFUSE, R.ALREADY_EQUIPPED)
    sittings.decide(committee, 3, V.LATER, R.INFORMATION, question="Un écran suffit-il ?")
    sittings.decide(committee, 4, V.RESERVE, R.NO_STOCK)
    before = letters()
    assert [each.referral.state for each in sittings.lines(committee)] == [ReferralState.WAITING] * 4, "nothing happens before the closing"

    sittings.fire(committee, "close")

    given, refused, asked, kept = sittings.lines(committee)
    assert given.referral.state is ReferralState.ALLOCATED
    assert (refused.referral.state, refused.referral.refusal_reason) == (ReferralState.REFUSED, RefusalReason.ALREADY_EQUIPPED)
    assert asked.referral.state is ReferralState.NEEDS_INFORMATION
    assert open_question(asked.referral).text == "Un écran suffit-il ?"
    assert kept.referral.state is ReferralState.WAITING
    assert letters() == before + 3, "who was given, refused or asked is told, once"
    assert committee.paper.reference.startswith("CR-")
    assert list(changed_papers()) == []

    allocation = given.allocation
    assert (allocation.grounds["committee"], allocation.reason) == (committee.id, "Suit l’ordre de la règle")
    assert allocation.decided_by == people.actor(Role.COORDINATOR).id
    assert replayed(allocation).agrees
    assert "en commission du" in decision_of(allocation).rank
    assert list(disagreements()) == []


def test_the_minutes_name_who_sat_and_nobody_who_is_helped(context):
    committee = sittings.sitting(files=2, devices=1)
    sittings.accept(committee)
    sittings.fire(committee, "close")

    said = str(committee.paper.content)
    for part in (sittings.CHAIR, "CCAS de Poitiers", "OR-2", "Réserve", "ordre d’attente version 1", "M. Ferrand aux dossiers 1, 2"):
        assert part in said, part
    for part in ("Zoë", "O'Neil", "1987", "0612345678"):
        assert part not in said


def test_it_is_not_closed_twice(context):
    committee = sittings.sitting(files=1, devices=1)
    sittings.accept(committee)
    sittings.fire(committee, "close")
    with pytest.raises(WrongState):
        sittings.fire(committee, "close")
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 1
    assert db.session.scalar(select(func.count()).select_from(Allocation)) == 1


def test_not_before_every_file_is_decided_nor_unread(context):
    committee = sittings.sitting(files=2, devices=2)
    sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER)
    with pytest.raises(UndecidedFiles):
        sittings.fire(committee, "close")
    sittings.accept(committee)
    with pytest.raises(Invalid):
        sittings.fire(committee, "close", read_aloud=False)


def test_a_file_that_was_withdrawn_or_a_device_that_is_gone_keeps_all_from_being_done(context):
    committee = sittings.sitting(files=3, devices=3)
    sittings.accept(committee)
    first, second, _third = sittings.lines(committee)
    families.fire(first.referral, "withdraw", people.actor(Role.PRESCRIBER))
    with unit_of_work():
        device_machine.fire(second.device, "back_to_bench", people.actor(Role.TECHNICIAN), reason="Écran fendu")

    with pytest.raises(NotAllDoable) as told:
        sittings.fire(committee, "close")

    assert told.value.facts["references"] == f"{first.referral.reference}, {second.referral.reference}"
    assert list(obstacles(sittings.lines(committee), people.actor(Role.COORDINATOR))) == [1, 2]
    assert db.session.scalar(select(func.count()).select_from(Allocation)) == 0
    assert [each.verdict for each in sittings.lines(committee)] == [V.ALLOCATE] * 3, "what was noted stays"
    assert committee.state.is_in_session


def test_who_wrote_a_file_does_not_close_over_it(context):
    author = people.actor(Role.COORDINATOR)
    families.ready()
    committee = sittings.planned()
    with unit_of_work():
        facts = {**families.FACTS, "eligibility_checked_on": families.today(), "notice_given_on": families.today()}
        own = write_referral(author, partner_id=people.organisation("Mission locale").id, **facts)
    families.fire(own, "submit", author)
    families.fire(own, "accept", people.actor(Role.ADMIN))
    with unit_of_work():
        line = add_file(author, committee, own, because="Urgence")
    sittings.fire(committee, "open")
    assert list(obstacles([line], author)) == [1]
    assert list(obstacles([line], people.actor(Role.ADMIN))) == []
