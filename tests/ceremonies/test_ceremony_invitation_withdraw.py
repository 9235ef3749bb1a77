"""An invitation is taken back: whoever was asked is told, a family's link says so, and what others answered stands."""

import pytest
from sqlalchemy import select

from refurb.ceremonies.guests.actions import MAIL_FAMILY, MAIL_GUEST
from refurb.ceremonies.guests.effects import mail_ceremony_family, mail_ceremony_guest, own_address
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.ceremonies.rules import NotPlanned
from refurb.ceremonies.words import Attendance
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.words import AllocationState
from tests.support.client import checking
from tests.support.story import families, gala


def newest(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id.desc())).first()


def test_a_family_that_is_taken_off_the_list_is_told_and_reads_so_by_its_link(app):
    with app.app_context():
        first, second = families.allocated(email="zoe@chez.example"), families.allocated()
        ceremony = gala.planned(first, second)
        taken_off = gala.family(ceremony)
        gala.answer(taken_off, "send")
        gala.answer(taken_off, "accept")

        gala.choose(ceremony, second)

        assert (taken_off.state, taken_off.turn, taken_off.is_family) == (GuestAnswer.OFF, None, True)
        assert [turn.allocation_id for turn in ceremony.turns] == [second.id]
        assert ceremony.taken == 0
        letter = mail_ceremony_family(**newest(MAIL_FAMILY).facts)
        assert (letter.to, "vous reste réservé" in letter.text) == ("zoe@chez.example", True)
        path = "/invitation/" + own_address(taken_off).rsplit("/", 1)[1]
    page = checking(app).get(path)
    assert (page.status_code, "Ce sera un autre jour" in page.text, "Je viens" in page.text) == (200, True, False)


def test_a_guest_is_told_and_whoever_waits_comes(context):
    ceremony = gala.planned(capacity=1)
    first, second = gala.guest(ceremony, "Mme Un"), gala.guest(ceremony, "M. Deux")
    gala.answer(first, "accept")
    gala.answer(second, "wait")
    gala.answer(first, "withdraw")
    assert (first.state, second.state) == (GuestAnswer.OFF, GuestAnswer.COMING)
    letters = db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST)).all()
    texts = [mail_ceremony_guest(**each.facts).text for each in letters if each.facts["told"] == "off"]
    assert ["est retirée" in text for text in texts] == [True]


def test_choosing_again_keeps_whoever_said_that_she_prefers_an_appointment(context):
    first, second = families.allocated(), families.allocated()
    ceremony = gala.planned(first, second)
    gala.answer(gala.family(ceremony), "decline")
    third = families.allocated()

    gala.choose(ceremony, third, second)

    assert [(turn.position, turn.allocation_id, turn.state) for turn in sorted(ceremony.turns, key=lambda each: each.position)] == [
        (1, third.id, Attendance.EXPECTED), (2, second.id, Attendance.EXPECTED), (3, first.id, Attendance.ALONE),
    ]  # fmt: skip
    assert gala.family(ceremony, 3).state is GuestAnswer.DECLINED


def test_one_family_takes_the_place_of_another_before_whoever_waits(context):
    first, second = families.allocated(), families.allocated()
    ceremony = gala.planned(first, capacity=1)
    waiting = gala.guest(ceremony)
    gala.answer(waiting, "wait")

    gala.choose(ceremony, second)

    assert [turn.allocation_id for turn in ceremony.turns] == [second.id]
    assert waiting.state is GuestAnswer.WAITING


def test_nobody_is_written_to_about_a_device_that_is_hers_no_more(app):
    with app.app_context():
        allocation = families.allocated(email="zoe@chez.example")
        ceremony = gala.planned(allocation, capacity=1)
        gala.answer(gala.family(ceremony), "send")
        with unit_of_work():
            allocation.state = AllocationState.CANCELLED
        with pytest.raises(NotTold):
            mail_ceremony_family(**newest(MAIL_FAMILY).facts)
        path = "/invitation/" + own_address(gala.family(ceremony)).rsplit("/", 1)[1]
        guest = gala.guest(ceremony)
        gala.answer(guest, "accept")  # The place that was kept for the family is free.
        assert guest.state is GuestAnswer.COMING
    client = checking(app)
    page = client.get(path)
    assert ("Aucun ordinateur ne vous attend" in page.text, "Je viens" in page.text) == (True, False)
    assert client.submit(path, {"answer": "yes", "companions": "0"}).status_code == 410


def test_not_once_it_has_begun(context):
    ceremony = gala.held(1)
    with pytest.raises(NotPlanned):
        gala.answer(gala.family(ceremony), "withdraw")
