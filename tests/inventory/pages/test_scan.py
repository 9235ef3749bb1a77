"""Scanning a label: for us the next thing to do, for everybody else whom to ask."""

from dataclasses import replace

import pytest
from flask import jsonify
from sqlalchemy import event

from refurb.directory.actions import fresh_code
from refurb.inventory.pages import scan
from refurb.kernel.deeds import wired
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import new_code, spell
from refurb.kernel.web.brake import Brake
from tests.support.story import workshop


@pytest.fixture
def code(app):
    with app.app_context():
        device = workshop.laptop()
        workshop.correct(device, manufacturer="HP", model="EliteBook 840 G5", serial="5CG8421QK7")
        return device.code


@pytest.mark.parametrize("write", ["/S/{0}", "/s/{1}", "/S/{2}", "/s/{2}%20"])
def test_the_bench_page_has_the_next_thing_to_press(signed_in, code, write):
    shown = signed_in(Role.TECHNICIAN).get(write.format(code, code.lower(), spell(code))).text
    assert "EliteBook 840 G5" in shown
    assert "5CG8421QK7" in shown
    assert f'action="/appareils/{code}/accepter-au-tri"' in shown


def test_it_takes_four_queries_at_most(app, signed_in, code):
    client = signed_in(Role.TECHNICIAN)
    client.get(f"/S/{code}")
    asked = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client.get(f"/S/{code}")
    assert len([each for each in asked if each.lstrip().startswith("SELECT")]) <= 4, asked
    asked.clear()
    client.get(f"/api/v1/scan/{code}")
    assert len([each for each in asked if each.lstrip().startswith("SELECT")]) <= 4, asked


def test_a_stranger_learns_whom_to_ask_and_nothing_else(client, code):
    shown = client.get(f"/S/{code}")
    assert shown.status_code == 200
    assert "relais@refurb.example" in shown.text
    for secret in ("5CG8421QK7", "EliteBook", "Menuiseries", "DN-2", "Reçu"):
        assert secret not in shown.text


def test_a_prescriber_is_a_stranger_here(signed_in, code):
    shown = signed_in(Role.PRESCRIBER).get(f"/S/{code}").text
    assert "5CG8421QK7" not in shown
    assert "relais@refurb.example" in shown


def test_a_code_never_printed(signed_in, client):
    assert client.get(f"/S/{new_code()}").status_code == 404
    assert "jamais été imprimé ici" in signed_in(Role.TECHNICIAN).get(f"/S/{new_code()}").text


@pytest.mark.parametrize("wrong", ["BONJOUR", "4H7ZFJ5Z", "4H7Z-FJ5Z/", "%E2%80%AE"])
def test_a_misread_label_is_a_page_with_a_box_for_everybody(signed_in, client, wrong):
    for reader in (client, signed_in(Role.TECHNICIAN)):
        answer = reader.get(f"/S/{wrong}")
        assert answer.status_code == 404
        if wrong != "%E2%80%AE":
            assert "<h1>Étiquette mal lue</h1>" in answer.text
            assert 'action="/etiquette"' in answer.text
            assert "formulaire" not in answer.text


def test_a_slash_behind_the_code_does_no_harm(signed_in, code):
    assert "EliteBook 840 G5" in signed_in(Role.TECHNICIAN).get(f"/S/{code}/").text


def test_the_code_typed_there_opens_the_label(client, code):
    assert client.get(f"/etiquette?code={spell(code).lower()}").location == f"/S/{code}"
    assert client.get("/etiquette?code=BONJOUR", follow_redirects=True).status_code == 404
    assert client.get("/etiquette", follow_redirects=True).status_code == 404


def test_a_stranger_who_guesses_is_braked_and_whoever_works_here_is_not(app, signed_in, client, code, monkeypatch):
    monkeypatch.setattr(scan, "code_guesses", Brake(3, 60.0))
    assert [client.get(f"/S/{new_code()}").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert client.get(f"/S/{code}").status_code == 429
    assert client.get(f"/S/{code}", environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200
    technician = signed_in(Role.TECHNICIAN)
    assert [technician.get(f"/S/{new_code()}").status_code for _ in range(5)] == [404] * 5


@pytest.mark.both_databases
def test_a_label_printed_in_advance(app, signed_in):
    with app.app_context(), unit_of_work():
        code = fresh_code().code
    assert "encore sur aucune machine" in signed_in(Role.TECHNICIAN).get(f"/S/{code}").text


@pytest.mark.parametrize("typed", ["{0}", "{1}", " {2} ", "https://ailleurs.example/S/{0}", "5CG8421QK7", "5cg8421qk7"])
def test_the_box_opens_whatever_the_scanner_types(signed_in, code, typed):
    answer = signed_in(Role.TECHNICIAN).get("/scanner", query_string={"code": typed.format(code, code.lower(), spell(code))})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/S/{code}"


@pytest.mark.both_databases
def test_the_box_says_what_it_did_not_find(signed_in):
    answer = signed_in(Role.TECHNICIAN).get("/scanner?code=<b>rien</b>")
    assert answer.status_code == 404
    assert "ni un code d’ici, ni un n° de série connu" in answer.text
    assert "<b>rien" not in answer.text


def test_another_kind_of_code_is_sent_on(app, signed_in, code):
    wired.keep(
        app, replace(wired.wiring_of(app), scan_targets={"borrower": lambda actor, number: jsonify(number=number, role=actor.working)})
    )
    with app.app_context(), unit_of_work():
        card = fresh_code()
        card.subject_kind, card.subject_id = "borrower", 7
        typed = card.code
    assert signed_in(Role.DESK).get(f"/S/{typed}").json == {"number": 7, "role": "desk"}


def test_its_json_twin(signed_in, code):
    told = signed_in(Role.TECHNICIAN).get(f"/api/v1/scan/{code.lower()}").json
    assert told["code"] == code
    assert (told["kind"], told["name"], told["state"]) == ("device", "HP EliteBook 840 G5", "received")
    assert told["next"] == {"move": "accept", "label": "Accepter au tri"}
    assert {"name": "accept", "label": "Accepter au tri", "open": True, "refusal": None} in told["moves"]
    assert told["flags"] == []


def test_its_json_twin_is_closed_to_strangers(client, signed_in, code):
    assert client.get(f"/api/v1/scan/{code}").status_code == 401
    assert signed_in(Role.PRESCRIBER).get(f"/api/v1/scan/{code}").status_code == 403
    assert signed_in(Role.TECHNICIAN).get(f"/api/v1/scan/{new_code()}").status_code == 404
