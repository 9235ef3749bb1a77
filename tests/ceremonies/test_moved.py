"""The plan changes: what is on its way says the new day, whoever gave no answer is reminded before the new one, nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.ceremonies.actions import change_plan
from refurb.ceremonies.guests.actions import MAIL_GUEST, send_again
from refurb.ceremonies.guests.effects import mail_ceremony_guest
from refurb.ceremonies.guests.rules import TAKEN_BACK_WITHIN
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, local, now, today
from refurb.kernel.speech.errors import Invalid
from tests.support.story import gala, people


def planned():
    ceremony = gala.planned()
    change(ceremony, days=40, answer_by=today() + timedelta(days=30))
    return ceremony


def change(ceremony, *, days=0, **plan):
    told = {"title": ceremony.title, "place": ceremony.place, "answer_by": ceremony.answer_by, **plan}
    starts_at = local(ceremony.starts_at).replace(tzinfo=None) + timedelta(days=days)
    with unit_of_work():
        change_plan(people.actor(Role.COORDINATOR), ceremony, starts_at=starts_at, **told)


def told():
    """What leaves, in the order of its hour, by what it says and the day on which it does."""
    found = []
    for each in db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST).order_by(Effect.due_at, Effect.id)):
        try:
            mail_ceremony_guest(**each.facts)
        except NotTold:
            continue
        found.append((each.facts["told"], local(each.due_at).date() if each.due_at else today()))
    return found


def test_an_invitation_that_waits_says_the_new_day_when_it_leaves_and_still_reminds(context):
    ceremony = planned()
    gala.answer(gala.guest(ceremony), "send")
    change(ceremony, days=3)
    assert told() == [("invited", today()), ("reminded", today() + timedelta(days=23))]


def test_whoever_was_asked_already_is_told_and_still_reminded(context):
    ceremony = planned()
    gala.answer(gala.guest(ceremony), "send")
    with at(now() + TAKEN_BACK_WITHIN * 2):
        change(ceremony, days=3)
        assert [what for what, _day in told()] == ["moved", "reminded"]


def test_another_last_day_moves_the_reminder(context):
    ceremony = planned()
    gala.answer(gala.guest(ceremony), "send")
    change(ceremony, answer_by=today() + timedelta(days=20))
    assert told() == [("invited", today()), ("reminded", today() + timedelta(days=13))]


def test_what_was_said_stands_once_its_day_is_over_and_no_other_past_day_does(context):
    ceremony = planned()
    with at(now() + timedelta(days=35)):
        change(ceremony, place="Salle des fêtes")
        with pytest.raises(Invalid):
            change(ceremony, answer_by=ceremony.answer_by - timedelta(days=1))
    assert ceremony.place == "Salle des fêtes"


def test_the_ceremony_and_the_last_day_for_an_answer_move_together_and_everybody_is_told(context):
    ceremony = planned()
    gala.answer(gala.guest(ceremony), "send")
    with at(now() + TAKEN_BACK_WITHIN * 2):
        change(ceremony, days=7, answer_by=ceremony.answer_by + timedelta(days=7))
        assert [what for what, _day in told()] == ["moved", "reminded"]


def test_whoever_is_let_in_by_a_larger_room_elsewhere_is_told_so(context):
    ceremony = gala.planned(capacity=1)
    first, second = gala.guest(ceremony, "Mme Un"), gala.guest(ceremony, "M. Deux")
    gala.answer(first, "accept")
    gala.answer(second, "wait")
    change(ceremony, place="La grande salle", capacity=5)
    assert second.state is GuestAnswer.COMING
    assert [each for each, _day in told()].count("answered") == 1


def test_what_nobody_has_read_is_taken_back_without_a_word(context):
    ceremony = planned()
    guest = gala.guest(ceremony)
    gala.answer(guest, "send")
    gala.answer(guest, "withdraw")
    assert told() == []


def test_a_corrected_address_leaves_no_sooner_than_the_one_before(context):
    ceremony = planned()
    guest = gala.guest(ceremony)
    gala.answer(guest, "send")
    with unit_of_work():
        send_again(guest)
    last = db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST).order_by(Effect.id.desc())).all()
    due = [each.due_at for each in last if each.facts["told"] == "invited"]
    assert due[0] == due[1] == guest.invited_at + TAKEN_BACK_WITHIN
