"""What the QR of a device opens for whoever has it in hand: help, telling of trouble, in four languages, and nothing of whose it is."""

import io
import re
from datetime import timedelta

import pytest
from markupsafe import escape
from PIL import Image
from sqlalchemy import select

from refurb.directory.queries import home_organisation
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.web.brake import Brake
from refurb.referrals.aftersales.family import FAMILY_PAGE, TONGUES
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.views import family
from refurb.referrals.aftersales.words import Cause, Outcome, Symptom, TicketVia
from tests.support.story import families, troubles, workshop


@pytest.fixture(autouse=True)
def brake():
    """The brake as a service has it that has just started; not by `monkeypatch`, for which the story would be acted out anew."""
    before, family.telling = family.telling, Brake(10, 3600.0)
    yield
    family.telling = before


@pytest.fixture
def code(app):
    """The label of a screen that a family has, whose house has a telephone."""
    with app.app_context():
        found = families.handed_over().allocation.device.code
        with unit_of_work():
            home_organisation().phone = "+33549000000"
        db.session.remove()
    return found


def photo():
    file = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "red")
    exif = picture.getexif()
    exif[0x010E] = "devant chez Zoë"
    picture.save(file, "JPEG", exif=exif)
    file.seek(0)
    return file


def sent(app):
    with app.app_context():
        found = db.session.scalars(select(Ticket).order_by(Ticket.id)).all()
        db.session.expunge_all()
        return found


def test_it_speaks_what_the_telephone_reads_until_somebody_chooses(client, code):
    assert f'href="/souci/{code}?langue=uk"' in client.get(f"/S/{code}").text
    for read, spoken in (("ar", "ar"), ("uk,fr;q=0.5", "uk"), ("de", "fr")):
        assert f'lang="{spoken}" dir=' in client.get(f"/souci/{code}", headers={"Accept-Language": read}).text, read
    assert 'lang="en" dir="ltr"' in client.get(f"/souci/{code}?langue=en", headers={"Accept-Language": "ar"}).text


def test_the_label_leads_there_and_no_page_says_whose_it_is(client, code):
    assert f'href="/souci/{code}"' in client.get(f"/S/{code}").text
    for path in ("", "/charge", "/charge/cela-marche", "/perdu"):
        page = client.get(f"/souci/{code}{path}").text
        assert "05 49 00 00 00" in page.replace("\u202f", " ").replace("\u00a0", " ")
        for told in ("Zoë", "O&#39;Neil", "0612345678", "CCAS", "OR-2"):
            assert told not in page


@pytest.mark.both_databases
def test_a_picture_and_send_are_two_presses_and_tell_the_team(app, client, code):
    page = client.get(f"/souci/{code}").text
    assert f"/souci/{code}/charge" in page
    assert page.count('class="pic"') == len(Symptom)
    answer = client.submit(f"/souci/{code}/charge", {})
    assert answer.status_code == 303
    told = client.get(answer.headers["Location"]).text
    assert "C’est bien reçu" in told
    assert "Une personne vous répond avant le" in told
    (ticket,) = sent(app)
    assert (ticket.trouble, ticket.via, ticket.phone, ticket.photo) == (Symptom.NO_CHARGE, TicketVia.LABEL, None, None)
    assert ticket.referral_id is not None
    assert ticket.opened_by is None


def test_words_a_number_and_a_picture_go_along_and_the_picture_says_nothing_else(app, client, code):
    told = {"words": "Plus de lumière", "phone": "06 12 34 56 99", "photo": (photo(), "zoe.jpg")}
    assert client.submit(f"/souci/{code}/allume?langue=ar", told).status_code == 303
    (ticket,) = sent(app)
    assert (ticket.words, ticket.phone, ticket.language) == ("Plus de lumière", "+33612345699", "ar")
    with app.app_context():
        kept = Image.open(io.BytesIO(fetch(ticket.photo)))
    assert not kept.getexif()


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_page_is_said_in_each_language(client, code, tongue):
    with client.application.app_context():
        words = FAMILY_PAGE.in_force().words(tongue)
    page = client.get(f"/souci/{code}?langue={tongue}").text
    assert f'lang="{tongue}" dir="{"rtl" if tongue == "ar" else "ltr"}"' in page
    assert str(words.say("title")) in page
    assert str(words.say("try.slow").split()[0]) in client.get(f"/souci/{code}/lent?langue={tongue}").text
    answer = client.submit(f"/souci/{code}/lent?langue={tongue}", {})
    assert str(words.say("received")) in client.get(answer.headers["Location"]).text


def test_what_a_language_does_not_say_is_said_in_french_and_marked(context):
    made = FAMILY_PAGE.in_force()
    words = type(made)(made.version, {**made.said, "uk": {"title": "Що не так?"}}, ()).words("uk")
    assert words.say("title") == "Що не так?"
    assert words.say("send") == '<span lang="fr" dir="ltr">Envoyer</span>'
    assert made.words("xx").tongue == "fr"


def test_the_administration_is_told_which_translations_nobody_has_read(context):
    assert "Arabe, Ukrainien" in FAMILY_PAGE.summary(FAMILY_PAGE.in_force())


def test_a_number_that_cannot_be_is_said_beside_the_field_and_nothing_is_lost(app, client, code):
    answer = client.submit(f"/souci/{code}/ecran", {"words": "Tout noir", "phone": "12"})
    assert answer.status_code == 422
    assert "Tout noir" in answer.text
    assert 'id="f-phone-e"' in answer.text
    assert sent(app) == []


def test_what_is_no_picture_is_refused_in_words(app, client, code):
    answer = client.submit(f"/souci/{code}/ecran", {"photo": (io.BytesIO(b"GIF89a"), "x.jpg")})
    assert answer.status_code == 422
    assert sent(app) == []


def test_a_machine_that_fills_in_everything_is_thanked_and_sends_nothing(app, client, code):
    assert client.submit(f"/souci/{code}/ecran", {"website": "https://achetez.example"}).status_code == 303
    assert sent(app) == []


def test_three_open_tickets_of_one_device_are_enough(app, client, code):
    assert [client.submit(f"/souci/{code}/lent", {"words": word}).status_code for word in "abcd"] == [303, 303, 303, 409]
    assert len(sent(app)) == 3


def test_a_double_press_is_one_ticket_and_other_words_are_another(app, client, code):
    for words in ("Très lent", "Très lent", "Il chauffe aussi"):
        assert client.submit(f"/souci/{code}/lent", {"words": words}).status_code == 303
    assert [each.words for each in sent(app)] == ["Très lent", "Il chauffe aussi"]


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_form_asks_for_no_name_in_each_language(client, code, tongue):
    with client.application.app_context():
        asked = FAMILY_PAGE.in_force().words(tongue).own["no_names"]
    page = client.get(f"/souci/{code}/lent?langue={tongue}").text
    assert asked in page
    assert "capture=" not in page, "a picture that is there already may be sent too"


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.UNSOLVED])
def test_only_what_works_again_is_told_to_leave_working(app, client, code, outcome):
    where = client.submit(f"/souci/{code}/lent", {}).headers["Location"]
    assert "Vous repartez avec un ordinateur qui marche" in client.get(where).text
    with app.app_context():
        ticket = db.session.scalars(select(Ticket)).one()
        troubles.fire(ticket, "close", outcome=outcome.value, cause=Cause.OTHER.value)
    page = client.get(where).text
    assert "Nous vous appelons" in page
    assert ("Vous repartez avec un ordinateur qui marche" in page) is (outcome is Outcome.SOLVED)


@pytest.mark.parametrize("tongue", TONGUES)
def test_past_its_day_no_day_is_promised_any_more(app, client, code, tongue):
    where = client.submit(f"/souci/{code}/lent?langue={tongue}", {}).headers["Location"]
    with app.app_context():
        call = FAMILY_PAGE.in_force().words(tongue).own["late"]
        with unit_of_work():
            db.session.scalars(select(Ticket)).one().answer_by = today() - timedelta(days=1)
    assert escape(call) in client.get(where).text


def test_one_address_cannot_flood_the_team(client, code):
    family.telling = Brake(1, 3600.0)
    assert client.submit(f"/souci/{code}/lent", {"phone": "12"}).status_code == 422, "what is refused counts too"
    assert client.submit(f"/souci/{code}/lent", {}).status_code == 429
    assert client.get(f"/souci/{code}").status_code == 200, "whoever looks for help is not braked"


def test_nothing_is_there_for_a_device_that_is_with_nobody(app, client):
    with app.app_context():
        here = workshop.laptop().code
    for address in (f"/souci/{here}", "/souci/ZZZZ-ZZZZ", f"/souci/{here}/lent"):
        assert client.get(address).status_code == 404
    assert "/souci/" not in client.get(f"/S/{here}").text


def test_a_link_that_was_changed_opens_nothing(client, code):
    where = client.submit(f"/souci/{code}/lent", {}).headers["Location"]
    token = re.search(r"/suivi/([^?]+)", where)[1]
    assert client.get(f"/souci/suivi/{token}").status_code == 200
    assert client.get(f"/souci/suivi/{token[:-2]}xx").status_code == 404
