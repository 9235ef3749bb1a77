"""What a donor is told at each answer, and does through the link: reads where it stands, answers, puts the appointment in a calendar."""

import re

from refurb.documents.links import make_link
from refurb.inventory.donations.donor import DONOR_LINK
from refurb.inventory.donations.effects.news import news_letter
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import DonationState
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, run_due
from refurb.kernel.deeds.mail import write
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import intake, workshop


def page_of(donation):
    return f"/dons/suivi/{make_link(DONOR_LINK, donation.id)}"


def entry_in(letter):
    (enclosed,) = letter.enclosures
    return enclosed.content.decode().replace("\r\n ", "")


def test_a_question_is_answered_through_the_link(app, client):
    with app.app_context():
        donation = workshop.move(workshop.announced(), "ask", question="Les chargeurs sont-ils là ?")
        donation_id, link, letter = donation.id, page_of(donation), news_letter(donation)
    assert "Les chargeurs sont-ils là ?" in letter.text
    assert letter.to == "ines@donateur.example"
    assert re.search(r"/dons/suivi/\S+", letter.text)
    assert "Les chargeurs sont-ils là ?" in client.get(link).text
    empty = client.submit(f"{link}/reponse", {"answer": " "})
    assert empty.status_code == 422
    assert client.submit(f"{link}/reponse", {"answer": "Oui, tous."}).status_code == 303
    with app.app_context():
        assert db.session.get(Donation, donation_id).state == DonationState.ANNOUNCED
    assert client.submit(f"{link}/reponse", {"answer": "Encore."}).status_code == 409


def test_an_appointment_comes_with_its_entry_for_the_calendar(app, client):
    with app.app_context():
        donation = intake.scheduled(way=Way.DROP_OFF, note="badge 4711")
        link, letter = page_of(donation), news_letter(donation)
        message = write(letter).as_bytes().decode()
    told = entry_in(letter)
    assert "METHOD:PUBLISH" in told
    assert "SEQUENCE:0" in told
    assert "4711" not in told + letter.text, "what the team noted stays with the team"
    assert re.search(r'text/calendar;[^\n]*\n?[^\n]*method="?PUBLISH', message)
    file = client.get(f"{link}/rendez-vous.ics")
    assert (file.status_code, file.mimetype) == (200, "text/calendar")
    assert "rendez-vous.ics" in client.get(link).text


def test_what_is_cancelled_is_taken_out_of_the_calendar(app, client):
    with app.app_context():
        donation = intake.scheduled()
        workshop.move(donation, "cancel", reason="plus de camion")
        link, letter = page_of(donation), news_letter(donation)
    told = entry_in(letter)
    assert "METHOD:CANCEL" in told
    assert "SEQUENCE:1" in told
    assert "plus de camion" not in letter.text
    assert client.get(f"{link}/rendez-vous.ics").status_code == 404


def test_a_refusal_tells_its_reason_and_not_what_was_noted_for_the_team(app, client):
    with app.app_context():
        donation = workshop.move(workshop.announced(), "refuse", reason="too_old", note="tout pourri")
        link, letter = page_of(donation), news_letter(donation)
    for text in (letter.text, client.get(link).text):
        assert "trop ancien" in text
        assert "pourri" not in text
    assert letter.enclosures == ()


def test_each_answer_promises_one_mail_and_a_donor_without_an_address_gets_none(context):
    donation = workshop.move(workshop.announced(), "accept")
    (planned,) = db.session.query(Effect).all()
    assert planned.kind == "tell_donor"
    with unit_of_work():
        donation.contact.email = None
    assert run_due() == 1
    db.session.expire_all()
    assert db.session.get(Effect, planned.id).done_at is not None
