"""The public catalogue on screen: four presses from the address to « Réservé », by a link afterwards, feeds and open data."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from jsonschema_rs import validator_for

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.catalogue.mine import own_url
from refurb.lending.models import Item
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, open_day
from tests.support.story import desk, promises

SCHEMA = json.loads((Path(__file__).parents[3] / "refurb/static/schemas/catalogue.json").read_text(encoding="utf-8"))
WHO = {"name": "Zoé Anonyme", "email": "zoe@chez.example", "phone": "", "quantity": "1", "is_adult": "1", "website": ""}


@pytest.fixture
def told(app):
    """A kit that can be borrowed, and days on which it is free."""
    with app.app_context():
        kit = desk.kit()
        return {"product": kit.product_id, "retrait": open_day(3).isoformat(), "retour": open_day(9).isoformat()}


def link_to(page, start):
    found = re.search(rf'href="({re.escape(start)}[^"#]*)', page.text)
    assert found, f"no link to {start}"
    return unescape(found.group(1))


def reserve(client, told, **changes):
    path = f"/emprunter/{told['product']}/reserver?retrait={told['retrait']}&retour={told['retour']}&lieu=1"
    return client.submit(path, WHO | changes)


def test_four_presses_from_the_address_to_a_reservation(client, told, app):
    first = client.get("/emprunter")
    assert "libre à vos dates" in first.text
    product = client.get(link_to(first, f"/emprunter/{told['product']}"))
    form = link_to(product, f"/emprunter/{told['product']}/reserver")
    assert client.get(form).status_code == 200
    sent = client.submit(form, WHO)
    assert sent.status_code == 303
    own = client.get(sent.location)
    assert "gardé pour vous" in own.text
    assert "Confirmer ma réservation" not in own.text, "only the letter's link confirms"
    with app.app_context():
        found = db.session.query(Reservation).one()
        mailed = own_url(found).removeprefix("http://refurb.example")
    assert "Confirmer ma réservation" in client.get(mailed).text
    with app.app_context():
        assert db.session.query(Reservation).one().state is ReservationState.HELD, "looking confirms nothing"
    assert client.submit(f"{mailed}/confirmer", {}).status_code == 303
    assert "C’est réservé" in client.get(mailed).text
    assert client.get(f"{mailed}/agenda.ics").text.count("BEGIN:VEVENT") == 2


def test_bad_input_is_said_beside_its_field_and_kept(client, told):
    refused = reserve(client, told, email="", is_adult="")
    assert refused.status_code == 422
    assert 'value="Zoé Anonyme"' in refused.text
    assert reserve(client, told, quantity="10000").status_code == 422
    assert client.get("/emprunter?du=2026-13-45&au=demain").status_code == 422
    assert "fin après le début" in client.get(f"/emprunter?du={told['retour']}&au={told['retrait']}").text
    assert client.get("/emprunter/999999").status_code == 404
    assert client.get("/ma-reservation/rien").status_code == 404


def test_a_machine_that_fills_in_everything_keeps_nothing(client, told, app):
    assert reserve(client, told, website="http://spam.example").status_code == 303
    with app.app_context():
        assert db.session.query(Reservation).count() == 0


def test_what_was_taken_meanwhile_is_said_with_what_was_typed(client, told):
    assert reserve(client, told).status_code == 303
    second = reserve(client, told, name="Paul Second", email="paul@chez.example")
    assert second.status_code == 409
    assert 'value="Paul Second"' in second.text
    page = client.get(f"/emprunter/{told['product']}?retrait={told['retrait']}&retour={told['retour']}&lieu=1")
    assert "Tout est prêté ou réservé" in page.text
    assert "Zoé" not in page.text
    assert "en décalant un peu" in client.get(f"/emprunter?du={told['retrait']}&au={told['retrait']}").text


def test_who_owns_it_and_who_funded_it_is_named(client, told, app):
    path = f"/emprunter/{told['product']}"
    assert "Financé par" not in client.get(path).text
    with app.app_context(), unit_of_work():
        item = db.session.query(Item).one()
        item.funder, item.owner_id = "LEADER", 1
    page = client.get(path).text
    assert re.search(r"Financé par</dt><dd>LEADER</dd>", page)
    assert "Propriétaire</dt>" in page


def test_changing_and_cancelling_by_the_link(client, told, app):
    path = reserve(client, told).location
    with app.app_context():
        days = {"retrait": open_day(20).isoformat(), "retour": open_day(24).isoformat()}
    assert client.submit(f"{path}/changer", {"retrait": days["retour"], "retour": days["retrait"]}).status_code == 422
    assert client.submit(f"{path}/changer", days).status_code == 303
    assert client.submit(f"{path}/annuler", {}).status_code == 303
    assert "Annulé" in client.get(path).text
    assert client.submit(f"{path}/confirmer", {}).status_code == 404, "this link came by no letter"


def test_feeds_and_open_data_as_they_are_published(client, told):
    reserve(client, told)
    check = validator_for(SCHEMA)
    for path in ("", f"/{told['product']}", f"/{told['product']}/availability"):
        answer = client.get(f"/api/v1/catalogue{path}")
        check.validate(answer.json)
        assert "public" in answer.headers["Cache-Control"]
        assert client.get(f"/api/v1/catalogue{path}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get(f"/api/v1/catalogue/{told['product']}/availability?from=2027-01-05&to=2027-01-01").status_code == 422
    feed = client.get(f"/emprunter/{told['product']}/agenda.ics")
    assert (feed.mimetype, "rien de libre" in feed.text) == ("text/calendar", True)
    with client.get("/static/schemas/catalogue.json") as published:
        assert published.json == SCHEMA


def test_the_schema_tells_every_member_that_is_sent():
    """A schema that let anything through would tell nobody what to expect."""
    assert not validator_for(SCHEMA).is_valid({"schema": "http://x.example", "products": [{"id": 1}]})
    assert not validator_for(SCHEMA).is_valid({"schema": "http://x.example"})


def test_the_list_is_one_to_print(client, told):
    assert "Malle robots" in client.get("/emprunter/liste").text


def test_staff_see_the_same_pages(signed_in, told, app):
    with app.app_context():
        promises.printer()
        assert db.session.query(Item).count() == 2
    assert "Imprimante" in signed_in(Role.DESK).get("/emprunter?pour=printer3d&pour=sans-accord&q=x").text


@pytest.mark.parametrize(
    "days",
    [
        "retrait=9999-12-28",
        "retrait=0001-01-01&retour=2026-12-20",
        "retrait=1900-01-01&retour=2199-12-31",
        "retrait=2199-12-31",
        "mois=9999-12",
    ],
)
def test_days_that_no_stay_has_are_answered_with_the_first_that_are_proposed(client, told, days):
    for path in (f"/emprunter/{told['product']}", f"/emprunter/{told['product']}/reserver"):
        assert client.get(f"{path}?{days}").status_code == 200


def test_what_the_desk_accepts_before_the_link_is_pressed_lapses_no_more(client, told, app):
    reserve(client, told)
    with app.app_context():
        found = db.session.query(Reservation).one()
        fire(found, "confirm")
        mailed = own_url(found).removeprefix("http://refurb.example")
    page = client.get(mailed).text
    assert "Confirmer ma réservation" in page
    assert "déjà accepté" in page
    assert "est libéré le" not in page
