"""The plan changes: what is on its way says the new day, whoever gave no answer is reminded before the new one, nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.ceremonies.actions import change_plan
from refurb.ceremonies.guests.actions import MAIL_GUEST
from refurb.ceremonies.guests.effects import mail_ceremony_guest
from refurb.ceremonies.guests.rules import TAKEN_BACK_WITHIN
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
