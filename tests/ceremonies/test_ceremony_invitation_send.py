"""An invitation is sent: it leaves in ten minutes, reminds once, and says a number and no family."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.ceremonies.guests.actions import MAIL_FAMILY, MAIL_GUEST, send_all
from refurb.ceremonies.guests.effects import mail_ceremony_family, mail_ceremony_guest
from refurb.ceremonies.guests.words import GuestAnswer, GuestTelling
from refurb.ceremonies.rules import NotPlanned
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, now, today
from tests.support.story import families, gala, people


def planned(kind):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()


def test_a_guest_and_a_family_are_written_to_each_by_her_own_link(context):
    ceremony = gala.planned(families.allocated(email="zoe@chez.example"), answer_by=None, programme="17 h Accueil")
    guest = gala.guest(ceremony)

    with unit_of_work():
        assert send_all(people.actor(Role.COORDINATOR), ceremony) == 2

    (mail,) = planned(MAIL_GUEST)
    assert mail.due_at > now() + timedelta(minutes=9)
    letter = mail_ceremony_guest(**mail.facts)
    assert (letter.to, guest.state) == ("ferrand@mairie.example", GuestAnswer.INVITED)
    assert "17\u202fh : Accueil" in letter.text
    assert "/invitation/" in letter.text
    to_family = mail_ceremony_family(**planned(MAIL_FAMILY)[0].facts)
    assert to_family.to == "zoe@chez.example"
    for said in (families.FACTS["first_name"], families.FACTS["last_name"], "CCAS", "OR-"):
        assert said not in to_family.text + to_family.subject
    with unit_of_work():
        assert send_all(people.actor(Role.COORDINATOR), ceremony) == 0


def test_who_does_not_answer_is_asked_once_more_and_who_did_is_not(context):
    ceremony = gala.planned(families.allocated(), answer_by=today() + timedelta(days=5))
    later = gala.planned(title="Plus tard")
    with unit_of_work():
        later.starts_at, later.answer_by = now() + timedelta(days=40), today() + timedelta(days=20)
    soon, guest = gala.guest(ceremony), gala.guest(later, "M. Paul Roy")
    gala.answer(soon, "send")
    gala.answer(guest, "send")

    first, second, reminder = planned(MAIL_GUEST)
    assert [each.facts["told"] for each in (first, second, reminder)] == [GuestTelling.INVITED, GuestTelling.INVITED, GuestTelling.REMINDED]
    assert (local(reminder.due_at).date(), local(reminder.due_at).hour) == (today() + timedelta(days=13), 10)
    assert "pas encore votre réponse" in mail_ceremony_guest(**reminder.facts).text
    gala.answer(guest, "accept")
    for late in (second, reminder):
        with pytest.raises(NotTold):
            mail_ceremony_guest(**late.facts)


def test_who_has_no_address_gets_a_letter_to_print(app, signed_in):
    with app.app_context():
        ceremony = gala.planned()
        guest = gala.guest(ceremony, email=None, address="2 rue du Pont\n86400 CIVRAY")
        with unit_of_work():  # Nothing leaves by itself: whoever posts the letter notes it.
            assert send_all(people.actor(Role.COORDINATOR), ceremony) == 0
        assert guest.state is GuestAnswer.TO_SEND
        path = f"/ceremonies/{ceremony.id}/invites/{guest.id}"
    client = signed_in(Role.COORDINATOR)
    printed = client.get(f"{path}/lettre.pdf")
    assert (printed.status_code, printed.data[:5]) == (200, b"%PDF-")
    assert "lettre, SMS ou téléphone" in client.get(path).text
    todo = client.get(path.rpartition("/")[0] + "/envoyer").text
    assert ("À faire à la main" in todo, "Mme Odile Ferrand" in todo) == (True, True)
    assert client.submit(f"{path}/envoyer-l-invitation").status_code == 303
    with app.app_context():
        assert planned(MAIL_GUEST) == []
    assert "fait, 1 réponse manque" in client.get(path.partition("/invites")[0]).text.replace("\u00a0", " ")


def test_not_once_it_has_begun(context):
    ceremony = gala.planned(families.allocated())
    guest = gala.guest(ceremony)
    gala.fire(ceremony, "hold")
    with pytest.raises(NotPlanned):
        gala.answer(guest, "send")
