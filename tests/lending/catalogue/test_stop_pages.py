"""The public catalogue at a stop of the vehicle, on screen: four presses, passages to choose from, refusals, feeds."""

import json
import re

import pytest
from jsonschema_rs import validator_for

from refurb.directory.rota.actions.stops import end_rule
from refurb.directory.rota.models import RotaStop
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from refurb.lending.reservations.models import Reservation
from tests.lending.catalogue.test_catalogue_pages import SCHEMA, WHO, link_to
from tests.support.story import desk, people, rota


@pytest.fixture
def road(app):
    """It is 24 November 2026; the number of a product and of the stop of Charroux, where the bus comes on 3 and 17 December."""
    with app.app_context():
        people.settle()
        with at(rota.NOVEMBER):
            stop = rota.two_weeks()[2]
            return desk.kit().product_id, stop.site_id


def path_of(road, retrait="2026-12-03", retour="2026-12-17"):
    product, stop = road
    return f"/emprunter/{product}/reserver?retrait={retrait}&retour={retour}&lieu={stop}"


def test_four_presses_from_the_commune_to_a_reservation_at_the_bus(client, road, app):
    product, stop = road
    with at(rota.NOVEMBER):
        first = client.get("/emprunter?du=2026-12-07&au=2026-12-12&ou=86250+Charroux")
        assert "Au plus près" in first.text
        assert re.search(r"Passage du bus à Charroux, mairie", first.text)
        page = client.get(link_to(first, f"/emprunter/{product}"))
        assert "prochain passage" in page.text
        assert re.search(r"Bus à Charroux", page.text)
        form = link_to(page, f"/emprunter/{product}/reserver")
        assert f"lieu={stop}" in form
        assert client.get(form).status_code == 200
        sent = client.submit(form, WHO)
        assert sent.status_code == 303
        own = client.get(sent.location)
        assert "Bus à Charroux, mairie" in own.text
        assert "14" in client.get(f"{sent.location}/agenda.ics").text
        feed = client.get(f"{sent.location}/agenda.ics").text.replace("\r\n ", "")
        assert "LOCATION:Charroux" in feed
        changed = client.get(f"{sent.location}/changer")
        assert 'value="2026-12-17"' in changed.text
        refused = client.submit(f"{sent.location}/changer", {"retrait": "2026-12-04", "retour": "2026-12-17"})
        assert refused.status_code == 422
        assert re.search(r"ne passe pas le 4.décembre", refused.text)
    with app.app_context():
        made = db.session.query(Reservation).one()
        assert (made.handover_id, made.from_on.isoformat(), made.to_on.isoformat()) == (stop, "2026-12-03", "2026-12-17")


def test_without_days_the_next_passage_is_proposed_at_once(client, road):
    product, stop = road
    with at(rota.NOVEMBER):
        assert re.search(r"Retrait jeudi 3.décembre", client.get(f"/emprunter?lieu={stop}").text)
        page = client.get(f"/emprunter/{product}?lieu={stop}").text
        assert re.search(r'<option value="2026-12-03" selected>jeudi 3.décembre, 14', page)
        friday = re.search(r'href="([^"]*bus=[^"]*)"', page).group(1).replace("&amp;", "&")
        assert "Le bus ne passe pas ce jour-là à Charroux" in client.get(friday).text.replace("’", "'")


def test_a_refusal_names_what_is_possible_and_keeps_what_was_typed(client, road, app):
    with at(rota.NOVEMBER):
        refused = client.submit(path_of(road, "2026-12-04"), WHO)
        assert (refused.status_code, 'value="Zoé Anonyme"' in refused.text) == (422, True)
        assert re.search(r"plus proche est le 17.décembre", refused.text)
        assert client.submit(path_of(road), WHO).status_code == 303
        taken = client.submit(path_of(road), WHO | {"name": "Paul Second", "email": "paul@chez.example"})
        assert (taken.status_code, 'value="Paul Second"' in taken.text) == (409, True)
    with at(rota.noon(rota.NOVEMBER.date().replace(month=12, day=3))):
        loaded = client.submit(path_of(road), WHO | {"name": "Paul Second", "email": "paul@chez.example"})
        assert (loaded.status_code, "déjà chargé ou parti" in loaded.text) == (422, True)
    with app.app_context(), at(rota.NOVEMBER), unit_of_work():
        rule = db.session.query(RotaStop).filter_by(site_id=road[1]).one()
        end_rule(rule, rule.since)
    with at(rota.NOVEMBER):
        gone = client.submit(path_of(road), WHO | {"name": "Paul Second", "email": "paul@chez.example"})
        assert (gone.status_code, "ne passe plus à Charroux" in gone.text, 'value="Paul Second"' in gone.text) == (422, True, True)
    with app.app_context():
        assert db.session.query(Reservation).count() == 1, "nobody is sent to another place without a word"


def test_a_commune_without_a_place_lists_the_passages_by_commune(client, road):
    with at(rota.NOVEMBER):
        page = client.get("/emprunter?ou=75001").text.replace("’", "'")
    assert "Aucun de nos lieux n'est à Paris" in page
    assert "Nous ne mesurons pas les distances" in page
    assert re.search(r"Charroux, mairie</a>\s*<small>prochain passage", page)


def test_the_list_to_hang_up_says_what_travels_and_when(client, road):
    with at(rota.NOVEMBER):
        page = client.get("/emprunter/liste").text
    assert re.search(r"Atelier[^<]*, bus", page)
    assert "Charroux, mairie" in page


def test_open_data_tells_the_stops_as_it_is_published(client, road):
    product, stop = road
    check = validator_for(SCHEMA)
    with at(rota.NOVEMBER):
        told = json.loads(client.get("/api/v1/catalogue").text)
        one = json.loads(client.get(f"/api/v1/catalogue/{product}").text)
        days = json.loads(client.get(f"/api/v1/catalogue/{product}/availability?from=2026-12-01&to=2027-01-01&place={stop}").text)
        feed = client.get(f"/emprunter/{product}/agenda.ics?lieu={stop}").text
    for each in (told, one, days):
        check.validate(each)
    charroux = next(each for each in told["stops"] if each["id"] == stop)
    assert charroux["passages"][0] == {"day": "2026-12-03", "from": "14:00", "to": "16:30"}
    assert stop in told["products"][0]["stops"]
    assert one["product"]["stops"] == told["products"][0]["stops"]
    assert [each["day"] for each in days["places"][0]["days"] if each["open"]] == ["2026-12-03", "2026-12-17", "2026-12-31"]
    assert "Charroux" in feed.replace("\r\n ", "")
