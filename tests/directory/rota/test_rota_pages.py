"""The pages of the rota: a round set up on screen, a closure decided, a passage moved; what everybody may see of it."""

import hashlib
import re
from datetime import date
from types import SimpleNamespace

import pytest
from itsdangerous import URLSafeSerializer

from refurb.directory.rota import agendas
from refurb.directory.rota.models import Rota, RotaClosure, RotaStop
from refurb.directory.rota.planning import AHEAD
from refurb.directory.sites.queries import site_choices
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.speech.calendar import CalendarEntry, write_feed
from refurb.kernel.speech.clock import at
from tests.directory.rota.christmas import closed_at_christmas
from tests.support.story import people, rota

NEW_STOP = {
    "postcode": "86250",
    "commune": "charroux",
    "place": "mairie",
    "weekday": "4",
    "rhythm": "turn:1",
    "opens": "14h",
    "closes": "16h30",
}


@pytest.fixture
def desk(app, signed_in):
    """Whoever keeps the rota, at a day of November."""
    with at(rota.NOVEMBER):
        with app.app_context():
            people.settle()
            closed_at_christmas()
            db.session.remove()
        yield signed_in(Role.DESK)


def seen_in(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.text)[1]


def test_a_round_is_set_up_and_its_stop_told_to_everybody(app, desk, client):
    assert "Aucune tournée" in desk.get("/itinerance").text
    refused = desk.submit("/itinerance/tournees/ajouter", {"name": "Bus 1", "anchor": "2026-09-01", "cycle": "2"})
    assert refused.status_code == 422
    assert "31 août 2026" in refused.text
    assert desk.submit("/itinerance/tournees/ajouter", {"name": "Bus 1", "anchor": "2026-08-31", "cycle": "2"}).status_code == 303
    with app.app_context():
        number = db.session.scalar(db.select(Rota.id))
    where = f"/itinerance/tournees/{number}/arrets/ajouter"
    told = NEW_STOP | {"since": "2026-11-24"}
    for wrong, said in (
        ({"commune": "Paris"}, "La Chapelle-Bâton"),
        ({"postcode": "99999"}, "Aucune commune"),
        ({"closes": "12h"}, "avant le début"),
        ({"opens": "midi"}, "Écrivez une heure"),
        ({"rhythm": "turn:3"}, "proposées"),
    ):
        answer = desk.submit(where, told | wrong)
        assert answer.status_code == 422
        assert said in answer.text, wrong
        assert "mairie" in answer.text, "what was typed is kept"
    assert desk.submit(where, told).status_code == 303
    assert "Charroux" in desk.get("/itinerance").text
    public = client.get("/passages/charroux")
    assert "jeudi 17" in public.text
    assert "Un jeudi sur deux, semaine B" in public.text
    assert "Charroux" in client.get("/passages").text
    assert client.get("/passages/feuilles").status_code == 200
    assert client.get("/passages/choisir?commune=charroux&annee=2026").headers["Location"].endswith("/passages/charroux?annee=2026")
    assert client.get("/passages/nulle-part").status_code == 404
    with app.app_context():
        assert all("Charroux" not in name for _number, name in site_choices()), "nothing is kept at a stop"


def settled(app, **told):
    with app.app_context():
        people.settle()
        made = rota.begun(anchor=rota.A_WEEK, **told)
        stops = rota.stop(made, "Blanzay", rota.TUESDAY, rota.A), rota.stop(made, "Charroux", rota.THURSDAY, rota.B)
        numbers = made.id, *(each.id for each in stops)
        db.session.remove()
    return numbers


@pytest.mark.both_databases
def test_a_closure_shows_both_ways_and_is_decided(app, desk):
    number, *_stops = settled(app)
    where = f"/itinerance/tournees/{number}/fermetures/ajouter"
    told = {"why": "Formation", "first": "2027-02-08", "last": "2027-02-12"}
    shown = desk.submit(where, told)
    assert "Garder les dates prévues" in shown.text
    assert "Reprendre par la semaine B" in shown.text
    assert desk.submit(where, told | {"seen": seen_in(shown)}).status_code == 303
    page = desk.get("/itinerance").text
    assert "Et après" in page
    assert "4\u202fsemaines" in page or "4 semaines" in page
    assert "data-print" not in desk.get("/passages/charroux").text, "the year is not printed before it is decided"
    with app.app_context():
        closure = db.session.scalar(db.select(RotaClosure.id))
    decided = desk.submit(f"/itinerance/fermetures/{closure}/decider", {"effect": "shift"})
    assert "18 février 2027" in decided.text
    assert desk.submit(f"/itinerance/fermetures/{closure}/decider", {"effect": "both"}).status_code == 404
    assert desk.submit(f"/itinerance/fermetures/{closure}/decider", {"effect": "shift", "seen": seen_in(decided)}).status_code == 303
    assert "data-print" not in desk.get("/passages/charroux").text, "the house is closed for a week at Christmas, and then?"
    noel = {"why": "Noël", "first": "2026-12-21", "last": "2027-01-01"}
    assert desk.submit(where, noel | {"seen": seen_in(desk.submit(where, noel))}).status_code == 303
    assert "data-print" in desk.get("/passages/charroux").text
    assert "Reprendre par la semaine manquée" in desk.get(f"/itinerance/tournees/{number}/fermetures").text
    opened = desk.submit(f"/itinerance/fermetures/{closure}/rouvrir", {})
    assert "11 février 2027" in opened.text
    assert desk.submit(f"/itinerance/fermetures/{closure}/rouvrir", {"seen": seen_in(opened)}).status_code == 303


def test_two_weeks_are_not_asked_about(app, desk):
    number, *_stops = settled(app)
    where = f"/itinerance/tournees/{number}/fermetures/ajouter"
    shown = desk.submit(where, {"why": "Congés", "first": "2027-02-08", "last": "2027-02-19"})
    assert "donnent les mêmes dates" in shown.text
    assert "Reprendre" not in shown.text
    assert "ends_before" not in desk.submit(where, {"why": "Congés", "first": "2027-02-08", "last": "2027-02-01"}).text


def test_a_whole_week_that_the_house_is_closed_asks_too(app, desk):
    settled(app)
    page = desk.get("/itinerance").text
    assert "Maison fermée du 28\u00a0décembre au 1er\u00a0janvier" in page or "Maison fermée du 28 décembre" in page
    assert "premier=2026-12-28" in page


@pytest.mark.both_databases
def test_a_stop_changes_from_a_day_on_after_what_that_changes_was_shown(app, desk):
    _number, _blanzay, charroux = settled(app)
    told = {"weekday": "5", "rhythm": "turn:1", "opens": "10h", "closes": "12h", "place": "mairie", "since": "2027-01-04"}
    assert "Voir ce que cela change" in desk.get(f"/itinerance?arret={charroux}").text
    shown = desk.submit(f"/itinerance/arrets/{charroux}", told)
    assert "15 janvier 2027" in shown.text
    assert "Personne n’est attendu" in shown.text
    assert desk.submit(f"/itinerance/arrets/{charroux}", told | {"seen": seen_in(shown)}).status_code == 303
    ended = desk.submit(f"/itinerance/arrets/{charroux}/fin", {"since": "2026-12-10"})
    assert "17 décembre 2026" in ended.text
    assert desk.submit(f"/itinerance/arrets/{charroux}/fin", {"since": "2026-12-10", "seen": seen_in(ended)}).status_code == 303
    assert desk.get("/itinerance/arrets/999").status_code == 404


def test_what_a_rota_is_changes_after_it_was_shown(app, desk):
    number, *_stops = settled(app)
    told = {"name": "Grand bus", "anchor": "2026-09-07", "cycle": "2"}
    shown = desk.submit(f"/itinerance/tournees/{number}", told)
    assert "26 novembre 2026" in shown.text
    with app.app_context():
        assert db.session.get(Rota, number).name == "Bus 1", "to look is not to change"
    assert desk.submit(f"/itinerance/tournees/{number}", told | {"seen": seen_in(shown)}).status_code == 303
    assert "Grand bus" in desk.get("/itinerance").text
    assert desk.submit(f"/itinerance/tournees/{number}", told | {"name": "Petit bus"}).status_code == 303, "nothing to look at"


def test_a_passage_is_moved_and_taken_back_on_its_page(app, desk, client):
    _number, _blanzay, charroux = settled(app)
    with app.app_context(), at(rota.NOVEMBER):
        passage = rota.passage(db.session.get(RotaStop, charroux)).id
    where = f"/itinerance/passages/{passage}"
    assert "Reporter ce passage" in desk.get(where).text
    assert desk.submit(f"{where}/reporter", {"day": "2026-12-04", "why": "Panne chez le garagiste"}).status_code == 303
    page = desk.get(where).text
    assert "Panne chez le garagiste" in page
    public = client.get("/passages/charroux").text
    assert "reporté au 4" in public
    assert "Panne" not in public, "why is nobody else's affair"
    calendar = client.get("/passages/charroux.ics")
    assert calendar.mimetype == "text/calendar"
    assert calendar.text.count("STATUS:CANCELLED") == 1
    assert "Panne" not in calendar.text
    assert desk.submit(f"{where}/retablir", {}).status_code == 303
    assert (
        desk.submit(f"/itinerance/arrets/{charroux}/passages/ajouter", {"day": "2026-12-07", "opens": "10h", "closes": "11h"}).status_code
        == 303
    )
    assert (
        desk.submit(f"/itinerance/arrets/{charroux}/passages/ajouter", {"day": "2026-12-07", "opens": "10h", "closes": "11h"}).status_code
        == 409
    )


def test_hours_are_those_of_the_wall_in_winter_and_in_summer(app, client):
    with at(rota.NOVEMBER):
        settled(app)
        items = client.get("/api/v1/passages?commune=Charroux&since=2027-03-15&until=2027-05-20").json["items"]
        feed = client.get("/passages/charroux.ics").text
    starts = {each["day"]: each["starts_at"] for each in items}
    assert starts["2027-03-25"] == "2027-03-25T13:00:00+00:00"
    assert starts["2027-04-08"] == "2027-04-08T12:00:00+00:00"
    assert "DTSTART:20270325T130000Z" in feed
    assert "DTSTART:20270408T120000Z" in feed


def test_everybody_may_ask_when_and_only_who_may_moves_it(app, client, signed_in):
    with at(rota.NOVEMBER):
        _number, _blanzay, charroux = settled(app)
        stops = client.get("/api/v1/stops").json["items"]
        assert [each["commune"] for each in stops] == ["Blanzay", "Charroux"]
        assert stops[1]["next"][0]["day"] == "2026-12-03"
        assert client.get("/api/v1/passages").json["items"][0]["day"] == "2026-11-24"
        assert client.get("/api/v1/passages?commune=Nulle-Part").status_code == 404
        number = stops[1]["next"][0]["id"]
        assert client.get(f"/api/v1/passages/{number}").status_code == 401
        assert signed_in(Role.OBSERVER).get("/itinerance").status_code == 403
        assert signed_in(Role.TECHNICIAN).get(f"/itinerance/arrets/{charroux}").status_code == 403
        assert "Ajouter un arrêt" not in signed_in(Role.TECHNICIAN).get("/itinerance").text


def test_an_address_of_before_is_handed_out_no_more_and_ends_with_the_account(app, desk, client, monkeypatch):
    with app.app_context():
        people.settle()
        desk_id = rota.desk().id
        db.session.remove()
    settled(app, advisers=[desk_id])
    assert ".ics" not in desk.get("/itinerance").text, "it could not be taken back"
    with app.app_context():
        signer = URLSafeSerializer(keys_for("feeds"), salt="refurb feed adviser", signer_kwargs={"digest_method": hashlib.sha256})
        address = f"/itinerance/agendas/{signer.dumps(desk_id)}.ics"
    assert "Passage à Charroux" in client.get(address).text
    assert client.get(address.replace("agendas/", "agendas/x")).status_code == 404
    monkeypatch.setattr(agendas, "wired", lambda: SimpleNamespace(able=lambda _permission: []))
    assert client.get(address).status_code == 404, "her account is closed, or may not see it any more"


def test_a_vehicle_counts_its_kilometres_on_its_page(app, desk):
    with app.app_context():
        van = rota.van().id
        db.session.remove()
    settled(app, vehicle_id=van)
    where = f"/itinerance/vehicules/{van}"
    assert "Compteur jamais noté" in desk.get(where).text
    assert (
        desk.submit(where, {"day": "2026-11-20", "kilometres": "41200", "upkeep": "Vidange", "again_on": "2026-11-22"}).status_code == 303
    )
    refused = desk.submit(where, {"day": "2026-11-21", "kilometres": "41000"})
    assert refused.status_code == 422
    assert "montrait déjà" in refused.text
    assert "à refaire le 22" in desk.get(where).text
    assert desk.get("/itinerance/vehicules/1").status_code == 404


def test_a_feed_names_no_organizer_whose_address_is_not_told(app):
    with app.app_context():
        entry = CalendarEntry("a@b", 0, rota.NOVEMBER, rota.NOVEMBER, rota.NOVEMBER, "A", "B", "", "C", "")
        feed = write_feed("Passages, semaine A", [entry, entry]).decode()
    assert feed.count("BEGIN:VEVENT") == 2
    assert "ORGANIZER" not in feed
    assert "NAME:Passages\\, semaine A\r\n" in feed


def test_passages_are_told_no_further_ahead_than_they_are_made(app, client):
    with at(rota.NOVEMBER):
        settled(app)
        items = client.get("/api/v1/passages?until=2035-01-01").json["items"]
    assert max(date.fromisoformat(each["day"]) for each in items) <= rota.NOVEMBER.date() + AHEAD
