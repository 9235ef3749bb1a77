"""Letters on paper for guests without an e-mail address: invited, moved, called off, thanked; the address where the window is."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from refurb.ceremonies.actions import change_plan
from refurb.ceremonies.guests.corrections import change_guest, note_posted
from refurb.ceremonies.guests.pdf import letter_due, letter_pdf
from refurb.ceremonies.guests.rules import NothingToPost
from refurb.ceremonies.guests.words import GuestTelling
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from tests.support.story import gala, people

ADDRESS = "12 rue des Carmes\n86180 Buxerolles"
MILLIMETRE = 72 / 25.4


def by_letter(ceremony):
    return gala.guest(ceremony, "Mme Odile Ferrand", email=None, address=ADDRESS)


def test_what_is_told_follows_the_ceremony(context):
    ceremony = gala.planned()
    guest = by_letter(ceremony)
    assert letter_due(guest) is GuestTelling.INVITED
    gala.answer(guest, "send")
    with unit_of_work():
        later = local(ceremony.starts_at).replace(tzinfo=None) + timedelta(days=1)
        change_plan(people.actor(Role.COORDINATOR), ceremony, title=ceremony.title, starts_at=later, place="Salle des fêtes")
    assert letter_due(guest) is GuestTelling.MOVED
    post(guest)
    assert letter_due(guest) is None
    gala.fire(ceremony, "cancel", reason="Salle en travaux.")
    assert letter_due(guest) is GuestTelling.OFF


def post(guest):
    with unit_of_work():
        note_posted(people.actor(Role.COORDINATOR), guest)


def test_a_letter_that_went_to_another_address_is_to_be_posted_anew(context):
    guest = by_letter(gala.planned())
    gala.answer(guest, "send")
    post(guest)
    for address, due in ((ADDRESS, None), ("3 rue des Lilas\n86000 Poitiers", GuestTelling.INVITED)):
        with unit_of_work():
            change_guest(people.actor(Role.COORDINATOR), guest, kind=guest.guest.kind, name="Mme O. Ferrand", address=address)
        assert letter_due(guest) is due


def test_posted_it_leaves_the_list_and_whoever_answered_or_was_invited_after_the_move_reads_no_move(context):
    ceremony = gala.planned()
    guest, caller, late = (gala.guest(ceremony, each, email=None, address=ADDRESS) for each in ("Mme A. Roy", "M. B. Roy", "M. C. Roy"))
    gala.answer(guest, "send")
    post(guest)
    assert letter_due(guest) is None
    with pytest.raises(NothingToPost):
        post(guest)
    gala.answer(caller, "accept")
    assert letter_due(caller) is None
    with unit_of_work():
        later = local(ceremony.starts_at).replace(tzinfo=None) + timedelta(days=1)
        change_plan(people.actor(Role.COORDINATOR), ceremony, title=ceremony.title, starts_at=later, place="Salle des fêtes")
    gala.answer(late, "send")
    assert (letter_due(guest), letter_due(late)) == (GuestTelling.MOVED, GuestTelling.INVITED)


def test_the_address_is_read_through_the_window_of_an_envelope(context):
    found = {}

    def note(text, _cm, tm, _font, _size):
        if text.strip():
            found.setdefault(text.strip(), (tm[4] / MILLIMETRE, 297 - tm[5] / MILLIMETRE))

    page = PdfReader(BytesIO(letter_pdf(by_letter(gala.planned())))).pages[0]
    page.extract_text(visitor_text=note)
    for line in ("Mme Odile Ferrand", *ADDRESS.splitlines()):
        left, top = next(at for text, at in found.items() if line.split()[-1] in text)
        assert (left >= 100, 45 <= top <= 85) == (True, True), (line, left, top)


def test_the_list_leads_to_each_letter_and_leaves_out_who_has_an_address(app, signed_in):
    with app.app_context():
        ceremony = gala.planned()
        number, guest = ceremony.id, by_letter(ceremony).id
        gala.guest(ceremony, "M. Paul Roy")
    client = signed_in(Role.COORDINATOR)
    said = client.get(f"/ceremonies/{number}/lettres").text
    assert (f"/invites/{guest}/lettre.pdf" in said, "Roy" in said) == (True, False)
    assert client.get(f"/ceremonies/{number}/invites/{guest}/lettre.pdf").mimetype == "application/pdf"
