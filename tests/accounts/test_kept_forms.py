"""What was typed before a session was lost comes back, to whoever typed it; the cause is told."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from refurb.accounts import kept_forms
from refurb.accounts.kept_forms import forget_forms
from refurb.accounts.models import KeptForm, OpenSession
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.turns import NotMyTurn
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.web.refill import refill
from tests.support.story import people, workshop

NOTE = "Vis du capot foirée,\nil faut l'extracteur « n° 3 »"
ME = people.EMAIL[Role.TECHNICIAN]


@pytest.fixture
def device(app):
    with app.app_context():
        people.settle()
        code = workshop.laptop().code
        db.session.remove()
    return f"/appareils/{code}"


@pytest.fixture
def typed(signed_in, device):
    """A browser in which a note stands on a page, not yet sent: what it would send."""
    client = signed_in(Role.TECHNICIAN)
    return client, {"csrf_token": client.token(), "_key": "press", "text": NOTE}


def send(client, device, told):
    return client.post(f"{device}/notes", data=told, headers={"Referer": f"http://localhost{device}/notes"})


def sign_in(client, address, email=ME):
    answer = client.submit(address, {"email": email, "password": people.PASSWORD})
    assert answer.status_code == 303
    return answer.headers["Location"]


def kept(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(KeptForm))


@pytest.mark.both_databases
def test_a_note_comes_back_after_the_sign_out_in_another_tab(app, typed, device):
    client, told = typed
    client.submit("/deconnexion")
    answer = send(client, device, told)
    assert answer.status_code == 303
    assert "connexion a été fermée, ici ou ailleurs" in client.get(answer.headers["Location"]).text
    page = client.get(sign_in(client, answer.headers["Location"])).text
    assert "il faut l&#x27;extracteur « n° 3 »</textarea>" in page
    assert "Ce que vous aviez écrit est revenu" in page
    assert 'name="_reprise"' in page
    with app.app_context():
        number = db.session.scalar(select(KeptForm.id))
    assert client.submit(f"{device}/notes", {"text": NOTE, "_reprise": number}).status_code == 303
    assert "Vis du capot foirée" in client.get(device).text
    assert kept(app) == 0


def test_a_session_ended_elsewhere_loses_nothing(app, typed, device):
    client, told = typed
    with app.app_context(), unit_of_work():
        db.session.execute(update(OpenSession).values(ends_at=now() - timedelta(minutes=1)))
    answer = send(client, device, told)
    assert "Vis du capot" in client.get(sign_in(client, answer.headers["Location"])).text


def test_a_session_that_is_over_says_so(app, typed, device):
    client, told = typed
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(0)
    client.delete_cookie("refurb")
    answer = send(client, device, told)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=1)
    assert "nombre d’heures limité" in client.get(answer.headers["Location"]).text


def test_signed_in_again_meanwhile_one_is_led_straight_back(app, typed, device):
    client, told = typed
    client.sign_in(ME)
    answer = send(client, device, told)
    assert "Vis du capot" in client.get(answer.headers["Location"]).text


def test_another_person_gets_nothing_of_it(app, typed, device):
    client, told = typed
    client.sign_in(people.EMAIL[Role.COORDINATOR])
    answer = send(client, device, told)
    assert answer.status_code == 400
    assert "Quelqu’un d’autre s’est connecté" in answer.text
    with app.app_context():
        address = f"{device}/notes?reprise={db.session.scalar(select(KeptForm.id))}"
    assert "Vis du capot" not in client.get(address).text
    client.sign_in(ME)
    assert "Vis du capot" in client.get(address).text


def test_a_form_that_is_no_longer_there_shows_the_words(app, typed, device):
    client, told = typed
    client.sign_in(ME)
    answer = client.post("/appareils/absent/notes", data=told, headers={"Referer": f"http://localhost{device}"})
    page = client.get(answer.headers["Location"]).text
    assert "n’est plus sur cette page" in page
    assert "<li>Vis du capot" in page


def test_passwords_drawings_and_forged_forms_are_not_kept(app, typed, device):
    client, told = typed
    client.sign_in(ME)
    client.post(f"{device}/notes", data={**told, "text": "", "password": "secret", "signature": "data:image/png;base64,AA"})
    with app.app_context():
        assert db.session.scalars(select(KeptForm.typed)).all() == [[["text", ""]]]
    assert client.post(f"{device}/notes", data={**told, "csrf_token": "1.invented"}).status_code == 400
    assert kept(app) == 1


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/compte/mot-de-passe", {"current": "le mot de passe", "password": "un autre"}),
        ("/compte/adresse", {"email": "x@refurb.example", "current": "le mot de passe"}),
        ("/compte/preuve", {"typed": "ABCD-EFGH-JKMN"}),
        ("/compte/second-facteur/application", {"offer": "the secret", "typed": "123456"}),
    ],
)
def test_nothing_that_proves_who_one_is_is_kept(app, signed_in, path, told):
    client = signed_in(Role.TECHNICIAN)
    assert client.submit("/saisie", {**told, "_page": path}).json == {"number": None}
    token = client.token()
    client.submit("/deconnexion")
    answer = client.post(path, data={**told, "csrf_token": token}, headers={"Referer": f"http://localhost{path}"})
    assert answer.status_code == 303
    assert kept(app) == 0


@pytest.mark.both_databases
def test_it_is_forgotten_after_a_day(app, typed, device):
    client, told = typed
    client.sign_in(ME)
    address = send(client, device, told).headers["Location"]
    with app.app_context(), unit_of_work():
        db.session.execute(update(KeptForm).values(at=now() - timedelta(days=1)))
    assert "Vis du capot" not in client.get(address).text
    with app.app_context(), unit_of_work():
        assert forget_forms() == 1


def test_a_draft_is_kept_while_it_is_written_offered_and_forgotten_once_sent(app, signed_in):
    mine, theirs = signed_in(Role.PRESCRIBER), signed_in(Role.COORDINATOR)
    page = "/orientations/nouvelle"
    assert "data-keep" in mine.get(page).text
    number = mine.submit("/saisie", {"_page": f"{page}?reprise=9", "first_name": "Odette", "commune": "Civray"}).json["number"]
    assert mine.submit("/saisie", {"_page": page, "first_name": "Odile", "_reprise": number}).json["number"] == number
    assert f'href="{page}?reprise={number}"' in mine.get(page).text
    assert 'value="Odile"' in mine.get(f"{page}?reprise={number}").text
    assert "Odile" not in theirs.get(f"{page}?reprise={number}").text
    assert "sans l’envoyer" not in theirs.get(page).text
    assert mine.submit(page, {"later": "1", "first_name": "Odile", "_reprise": number}).status_code == 303
    assert kept(app) == 0


@pytest.mark.both_databases
def test_one_form_in_two_tabs_is_two_drafts(app, signed_in):
    client, page = signed_in(Role.PRESCRIBER), "/orientations/nouvelle"
    told = {"_page": page, "commune": "Civray"}
    one = client.submit("/saisie", {**told, "_form": "tab-1", "first_name": "Odette"}).json["number"]
    other = client.submit("/saisie", {**told, "_form": "tab-2", "first_name": "Odile"}).json["number"]
    assert client.submit("/saisie", {**told, "_form": "tab-1", "first_name": "Odette B."}).json["number"] == one != other
    shown = client.get(page).text
    assert [f"reprise={number}" in shown for number in (one, other)] == [True, True]
    # Taken up again, it is the same draft under the key of a new page; sent, it alone is forgotten.
    assert client.submit("/saisie", {**told, "_form": "tab-3", "_reprise": one, "first_name": "Odette C."}).json["number"] == one
    assert 'value="Odette C."' in client.get(f"{page}?reprise={one}").text
    assert client.submit(page, {"later": "1", "first_name": "Odile", "_reprise": other}).status_code == 303
    assert kept(app) == 1
    assert client.get(f"{page}?reprise={one}").text.count("Odette C.") == 1


def test_a_draft_is_taken_over_by_its_own_account_and_form_alone(app, signed_in):
    mine, theirs = signed_in(Role.PRESCRIBER), signed_in(Role.COORDINATOR)
    number = mine.submit("/saisie", {"_page": "/orientations/nouvelle", "first_name": "Odette"}).json["number"]
    assert theirs.submit("/saisie", {"_page": "/orientations/nouvelle", "first_name": "x", "_reprise": number}).json["number"] != number
    assert mine.submit("/saisie", {"_page": "/aide", "first_name": "x", "_reprise": number}).json["number"] != number
    assert 'value="Odette"' in mine.get(f"/orientations/nouvelle?reprise={number}").text


def test_only_drafts_of_our_own_pages_are_kept(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    for page in ("", "https://elsewhere.example/", "//elsewhere.example", "/no/such/page"):
        assert client.submit("/saisie", {"_page": page, "text": "x"}).json == {"number": None}
    told = {"csrf_token": client.token(), "_page": "/scanner", "text": "x"}
    client.submit("/deconnexion")
    assert client.post("/saisie", data=told).status_code == 400
    assert kept(app) == 0


PROPOSED = {"name": "Odette Invention", "email": "odette@don.example", "remarks": "Deux cartons à l'entrée"}


def test_a_stranger_finds_the_public_form_as_it_was(client):
    told = {"csrf_token": client.token(), **PROPOSED}
    client.delete_cookie("refurb")
    answer = client.post("/proposer-un-don", data=told)
    assert answer.status_code in {400, 422}
    assert 'value="Odette Invention"' in answer.text


def test_a_cookie_for_https_on_http_is_told(app, client):
    told = {"csrf_token": client.token(), "email": ME, "password": people.PASSWORD}
    client.delete_cookie("refurb")
    app.config["SESSION_COOKIE_SECURE"] = True
    answer = client.post("/connexion", data=told)
    assert answer.status_code == 400
    assert "réglé pour https" in answer.text
    assert f'value="{ME}"' in answer.text


def test_every_kind_of_control_is_filled_in():
    page = """<form action="/a" method="post"><input name="q" value="other"></form>
      <form action="/b?x=1" method="post"><input type="hidden" name="v" value="2"><input name="q"><input name="q" value="old">
      <input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2">
      <select name="s"><option value="a" selected>A</option><option value="b">B</option></select>
      <textarea name="t">old & gone</textarea><input type="file" name="f"></form>"""
    typed = [("q", 'one "1"'), ("q", "two"), ("q", "three"), ("c", "2"), ("s", "b"), ("t", "<b>new"), ("v", "1")]
    filled = refill(page, "/here", "/b", typed, ("_r", "7"))
    assert filled.found
    assert filled.left == ["three"]
    assert (
        filled.html
        == """<form action="/a" method="post"><input name="q" value="other"></form>
      <form action="/b?x=1" method="post"><input type="hidden" name="_r" value="7"><input type="hidden" name="v" value="2">\
<input name="q" value="one &quot;1&quot;"><input name="q" value="two">
      <input type="checkbox" name="c" value="1"><input type="checkbox" name="c" value="2" checked>
      <select name="s"><option value="a">A</option><option value="b" selected>B</option></select>
      <textarea name="t">
&lt;b&gt;new</textarea><input type="file" name="f"></form>"""
    )


TAKES_NOTHING = pytest.mark.parametrize("trouble", [OperationalError("BEGIN", None, NotMyTurn()), Conflict("conflict.constraint")])


def fail(monkeypatch, trouble):
    def unit():
        raise trouble

    monkeypatch.setattr(kept_forms, "unit_of_work", unit)


@TAKES_NOTHING
def test_what_cannot_be_kept_is_told_plainly(app, typed, device, monkeypatch, trouble):
    client, told = typed
    client.submit("/deconnexion")
    fail(monkeypatch, trouble)
    answer = send(client, device, told)
    assert answer.status_code == 303
    assert "reprise" not in answer.headers["Location"]
    assert client.get(answer.headers["Location"]).status_code == 200
    assert kept(app) == 0


@TAKES_NOTHING
def test_a_deed_is_done_though_its_form_could_not_be_forgotten(app, typed, device, monkeypatch, trouble):
    client, told = typed
    client.submit("/deconnexion")
    answer = send(client, device, told)
    client.get(sign_in(client, answer.headers["Location"]))
    with app.app_context():
        number = db.session.scalar(select(KeptForm.id))
    fail(monkeypatch, trouble)
    assert client.submit(f"{device}/notes", {"text": NOTE, "_reprise": number}).status_code == 303
    assert "Vis du capot foirée" in client.get(device).text
    assert kept(app) == 1
