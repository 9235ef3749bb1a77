"""Somebody comes: the last place is one answer's, the next waits, and whoever waits is let in by herself."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from refurb.ceremonies.actions import change_plan
from refurb.ceremonies.guests.actions import MAIL_GUEST, answer_by_link, resize_room
from refurb.ceremonies.guests.effects import mail_ceremony_guest, own_address
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.rules import AnsweredTooLate, RoomFull, RoomTooSmall, last_day
from refurb.ceremonies.guests.words import GuestAnswer, GuestKind, Need
from refurb.ceremonies.models import Ceremony
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, local, now
from refurb.kernel.speech.codes import new_code
from refurb.kernel.speech.errors import Conflict, Invalid
from refurb.kernel.speech.words import day
from tests.support.client import checking
from tests.support.story import families, gala, people
from tests.support.together import at_once


def told(**changes):
    return {"companions": 0, "needs": [], "no_photo": False, **changes}


def by_link(invitation, *, comes=True, **changes):
    with unit_of_work():
        answer_by_link(invitation, comes=comes, **told(**changes))


def letters():
    return db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST).order_by(Effect.id)).all()


def test_her_places_and_needs_are_kept_and_told_with_the_calendar(context):
    ceremony = gala.planned(capacity=10)
    guest = gala.guest(ceremony)
    gala.answer(guest, "send")

    by_link(guest, companions=1, needs=["sign_language"])

    assert (guest.state, guest.places, guest.needs, ceremony.taken) == (GuestAnswer.COMING, 2, [Need.SIGN_LANGUAGE], 2)
    assert "needs" not in last_event(guest).facts
    _asked, noted, eve = letters()
    letter = mail_ceremony_guest(**noted.facts)
    assert "Places gardées : 2" in letter.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert b"BEGIN:VEVENT" in letter.enclosures[0].content
    assert (local(eve.due_at).date(), local(eve.due_at).hour) == (local(ceremony.starts_at).date() - timedelta(days=1), 10)
    assert "demain" in mail_ceremony_guest(**eve.facts).text


def test_the_next_waits_and_comes_when_a_place_is_free(context):
    ceremony = gala.planned(capacity=3)
    first, second, third = (gala.guest(ceremony, name) for name in ("Mme Un", "M. Deux", "Mme Trois"))
    for each in (first, second, third):
        gala.answer(each, "send")
    by_link(first, companions=1)
    by_link(second, companions=1)
    by_link(third)
    assert [each.state for each in (first, second, third)] == [GuestAnswer.COMING, GuestAnswer.WAITING, GuestAnswer.WAITING]

    by_link(first, comes=False)

    db.session.expire_all()
    assert [each.state for each in (first, second, third)] == [GuestAnswer.DECLINED, GuestAnswer.COMING, GuestAnswer.COMING]
    assert ceremony.taken == 3


def test_two_doors_and_one_last_place(app):
    with app.app_context():
        ceremony = gala.planned(capacity=1)
        guests = [gala.guest(ceremony, name) for name in ("Mme Un", "M. Deux")]
        for each in guests:
            gala.answer(each, "send")
        numbers = [each.id for each in guests]

    def answers(number):
        def deed():
            answer_by_link(db.session.get(type(guests[0]), number), comes=True, **told())

        return deed

    done = at_once(app, now(), [(str(number), answers(number)) for number in numbers])

    assert [refusal for _kind, refusal in done] == [None, None]
    with app.app_context():
        states = sorted(db.session.get(type(guests[0]), number).state for number in numbers)
        assert states == [GuestAnswer.COMING, GuestAnswer.WAITING]


def test_the_database_itself_refuses_one_place_too_many(context):
    ceremony = gala.planned(capacity=1)
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(update(Ceremony).where(Ceremony.id == ceremony.id).values(taken=2))


def test_a_family_keeps_its_place_until_it_answers(context):
    ceremony = gala.planned(families.allocated(), families.allocated(), capacity=3)
    first, second = gala.guest(ceremony, "Mme Un"), gala.guest(ceremony, "M. Deux")
    by_link(first)
    by_link(second)
    assert (first.state, second.state) == (GuestAnswer.COMING, GuestAnswer.WAITING)
    by_link(gala.family(ceremony, 1))
    assert gala.family(ceremony, 1).state is GuestAnswer.COMING
    with pytest.raises(RoomFull):
        gala.answer(second, "accept")


def test_more_families_than_places_are_not_chosen(context):
    ceremony = gala.planned(capacity=1)
    with pytest.raises(RoomFull):
        gala.choose(ceremony, families.allocated(), families.allocated())
    assert ceremony.turns == []


def test_a_room_is_not_made_smaller_than_what_was_promised_and_a_larger_one_lets_in(context):
    ceremony = gala.planned(capacity=1)
    first, second = gala.guest(ceremony, "Mme Un"), gala.guest(ceremony, "M. Deux")
    by_link(first, companions=0)
    by_link(second)
    plan = {"title": "Remise", "starts_at": local(ceremony.starts_at).replace(tzinfo=None), "place": ceremony.place}
    with unit_of_work():
        change_plan(people.actor(Role.COORDINATOR), ceremony, **plan, capacity=5)
    db.session.expire_all()
    assert second.state is GuestAnswer.COMING
    with pytest.raises(RoomTooSmall), unit_of_work():
        change_plan(people.actor(Role.COORDINATOR), ceremony, **plan, capacity=1)


def test_the_link_answers_until_the_day_that_was_said(context):
    ceremony = gala.planned()
    guest = gala.guest(ceremony)
    with at(ceremony.starts_at), pytest.raises(AnsweredTooLate):
        by_link(guest)
    with pytest.raises(Invalid):
        by_link(guest, companions=3)


def test_her_page_says_what_is_asked_and_a_get_answers_nothing(app):
    with app.app_context():
        ceremony = gala.planned(capacity=1, programme="17 h Accueil", access="Bus 2A")
        guest = gala.guest(ceremony)
        gala.answer(guest, "send")
        path = "/invitation/" + own_address(guest).rsplit("/", 1)[1]
        number, kind = guest.id, type(guest)
    client = checking(app)

    page = client.get(path)
    assert ("Bus 2A" in page.text, "checked" in page.text.partition('name="answer"')[2].partition("fieldset")[0]) == (True, False)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    with app.app_context():
        assert db.session.get(kind, number).state is GuestAnswer.INVITED
    refused = client.submit(path, {"companions": "0", "needs": "champagne", "answer": "yes"})
    assert refused.status_code == 422
    assert client.submit(path, {"companions": "0"}).status_code == 422
    assert client.submit(path, {"answer": "yes", "companions": "0", "needs": "wheelchair"}).status_code == 303
    noted = client.get(path).text
    assert "1 place vous attend" in noted.replace("\u00a0", " ")
    assert b"BEGIN:VEVENT" in client.get(f"{path}/agenda.ics").data
    assert client.submit(path, {"answer": "no", "companions": "0"}).status_code == 303
    assert client.get(f"{path}/agenda.ics").status_code == 404
    assert client.get(path[:-2]).status_code == 404


def test_a_link_that_was_sent_to_another_address_opens_nothing(app):
    with app.app_context():
        guest = gala.guest(gala.planned())
        path = "/invitation/" + own_address(guest).rsplit("/", 1)[1]
        with unit_of_work():
            guest.guest.email = "autre@mairie.example"
    assert checking(app).get(path).status_code == 404


def test_asking_for_one_more_in_a_full_room_loses_no_place(context):
    ceremony = gala.planned(families.allocated(), capacity=3)
    guest, family = gala.guest(ceremony), gala.family(ceremony)
    by_link(guest, companions=1)
    for each, more in ((guest, 2), (family, 1)):
        with pytest.raises(RoomFull) as refused:
            by_link(each, companions=more)
        assert refused.value.facts["wanted"] == more + 1
    assert (guest.state, guest.places, ceremony.taken) == (GuestAnswer.COMING, 2, 2)
    late = gala.guest(ceremony, "M. Deux")
    by_link(late)
    assert late.state is GuestAnswer.WAITING
    by_link(family)
    assert family.state is GuestAnswer.COMING


def test_a_family_that_waits_keeps_one_place(context):
    ceremony = gala.planned(families.allocated(), capacity=2)
    gala.answer(gala.guest(ceremony), "accept")
    gala.answer(gala.family(ceremony), "wait", companions=1)
    late = gala.guest(ceremony, "M. Deux")
    with pytest.raises(RoomFull):
        gala.answer(late, "accept")


def test_two_hundred_who_wait_are_let_in(context):
    ceremony = gala.planned(capacity=1)
    gala.answer(gala.guest(ceremony), "accept")
    with unit_of_work():
        for number in range(200):
            guest = CeremonyGuest(ceremony_id=ceremony.id, kind=GuestKind.PRESS, name=f"M. {number}", created_at=now())
            one = {"state": GuestAnswer.WAITING, "waits_since": now(), "code": new_code()}
            db.session.add(CeremonyInvitation(ceremony=ceremony, guest=guest, **one))
    with unit_of_work():
        resize_room(ceremony, 250)
    assert ceremony.taken == 201


def test_a_family_is_in_no_picture_whatever_it_answers(app):
    with app.app_context():
        ceremony = gala.planned(families.allocated(), capacity=5)
        family = gala.family(ceremony)
        by_link(family)
        assert family.no_photo
        by_link(family, comes=False)
        assert family.no_photo
        path = "/invitation/" + own_address(family).rsplit("/", 1)[1]
        guest = gala.guest(ceremony)
        assert guest.no_photo
        by_link(guest)
        assert not guest.no_photo
    page = checking(app).get(path).text
    assert ('name="no_photo"' in page, "Personne ne vous photographie" in page) == (False, True)


def test_a_familys_link_is_bound_to_its_address(app):
    with app.app_context():
        allocation = families.allocated(email="zoe@chez.example")
        path = "/invitation/" + own_address(gala.family(gala.planned(allocation))).rsplit("/", 1)[1]
        with unit_of_work():
            allocation.referral.beneficiary.email = "autre@chez.example"
    assert checking(app).get(path).status_code == 404


def test_the_last_day_is_the_eve_where_none_was_said(context):
    ceremony = gala.planned()
    eve = local(ceremony.starts_at).date() - timedelta(days=1)
    guest = gala.guest(ceremony)
    gala.answer(guest, "send")
    assert last_day(ceremony) == eve
    assert f"jusqu\u2019au {day(eve, 'd MMMM')}" in mail_ceremony_guest(**letters()[0].facts).text.replace("\u00a0", " ")
