"""Reserving on screen and by the JSON door: dates first, what is typed stays, what is free is told truthfully."""

import re
from html import unescape

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.lending.models import Item
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.queries import borrowers_named, products_at
from refurb.lending.reservations.words import ReservationState
from refurb.lending.words import ItemState
from tests.lending.counter.pressing import answered, pressed, scanned
from tests.lending.reserving import fire, open_day, reserved
from tests.support.story import desk, people, promises


@pytest.fixture
def told(app):
    """A kit that can be reserved, somebody who does, and days that are open."""
    with app.app_context():
        kit, who = desk.kit(), desk.borrower()
        days = {"from_on": open_day(3).isoformat(), "to_on": open_day(9).isoformat()}
        return {"product": kit.product_id, "code": kit.code, "who": who.code, "name": who.name, "days": days}


def send(client, told, **more):
    form = told["days"] | {"borrower": told["name"], f"n{told['product']}": "1"} | more
    return client.post("/reservations/nouvelle", data=form | {"csrf_token": client.token()})


def test_from_dates_to_a_reservation_that_its_borrower_fetches(signed_in, told, app):
    desk_of = signed_in(Role.DESK)
    shown = desk_of.get("/reservations/nouvelle", query_string=told["days"])
    assert "1 libre sur 1" in shown.text
    made = send(desk_of, told)
    assert made.status_code == 303
    page = desk_of.get(made.location)
    assert "Réservé" in page.text
    assert told["who"] in page.text
    assert made.location.rpartition("/")[2] in desk_of.get("/reservations").text
    assert "Tout est pris à ces dates" in desk_of.get("/reservations/nouvelle", query_string=told["days"]).text
    for path in (f"/materiel/{told['code']}", f"/emprunteurs/{told['who']}"):
        assert made.location.rpartition("/")[2] in desk_of.get(path).text
    assert made.location.rpartition("/")[2] in scanned(desk_of, told["who"]).text
    assert desk_of.get("/reservations.csv").status_code == 200


def test_what_cannot_be_is_said_beside_what_was_typed(signed_in, told):
    desk_of = signed_in(Role.DESK)
    send(desk_of, told)
    refused = send(desk_of, told, borrower=told["who"])
    assert refused.status_code == 409
    assert "1 demandé" in refused.text
    assert f'value="{told["who"]}"' in refused.text
    assert send(desk_of, told, **{f"n{told['product']}": "10000"}).status_code == 422
    assert send(desk_of, told, **{f"n{told['product']}": "0"}).status_code == 422
    assert send(desk_of, told, borrower="Personne Inconnue").status_code == 422
    turned = desk_of.get("/reservations/nouvelle", query_string={"from_on": told["days"]["to_on"], "to_on": told["days"]["from_on"]})
    assert turned.status_code == 422
    assert "Choisissez un retour après" in turned.text


def test_changing_and_who_is_short_with_a_telephone(signed_in, told, app):
    desk_of = signed_in(Role.DESK)
    path = send(desk_of, told).location
    with app.app_context():
        later = {"from_on": open_day(20).isoformat(), "to_on": open_day(25).isoformat()}
    changed = desk_of.post(f"{path}/changer", data=later | {f"n{told['product']}": "1", "csrf_token": desk_of.token()})
    assert changed.status_code == 303
    with app.app_context():
        promises.lost(db.session.query(Item).one())
    shown = desk_of.get("/reservations")
    assert "1 réservation n’a plus de quoi être servie" in shown.text.replace("&#39;", "’").replace("'", "’")
    assert 'href="tel:' in shown.text


def test_a_walk_in_over_a_reservation_is_asked_for_its_reason(signed_in, told, app):
    desk_of = signed_in(Role.DESK)
    send(desk_of, told)
    with app.app_context():
        other = desk.borrower("Berthe Autre").code
    refused = scanned(desk_of, other, told["code"])
    assert "Pourquoi le prêter quand même" in refused.text
    number = re.search(r'value="force:(\d+)"', refused.text)[1]
    assert pressed(desk_of, f"force:{number}").status_code == 409, "a reason is asked"
    assert pressed(desk_of, f"force:{number}", **{f"o{number}": "Elle vient plus tard"}).status_code == 303
    pressed(desk_of, "paper", **answered(desk_of.get("/comptoir")))
    assert pressed(desk_of, "record").status_code == 303
    with app.app_context():
        assert db.session.query(Item).one().state is ItemState.LENT


def test_the_json_door(signed_in, told):
    agent = signed_in(Role.DESK)
    headers = {"X-CSRFToken": agent.token()}
    (free,) = agent.get("/api/v1/availability", query_string=told["days"]).json["products"]
    assert (free["free"], free["count"]) == (1, 1)
    asked = told["days"] | {"borrower": told["who"], "lines": [{"product_id": told["product"], "quantity": 1}]}
    made = agent.post("/api/v1/reservations", json=asked, headers=headers)
    assert made.status_code == 201, made.json
    refused = agent.post("/api/v1/reservations", json=asked, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "reservation.not_free")
    assert [each["reference"] for each in agent.get("/api/v1/reservations").json["items"]] == [made.json["reference"]]
    changed = agent.put(made.headers["Location"], json=told["days"] | {"lines": asked["lines"]}, headers=headers)
    assert changed.status_code == 200, changed.json
    gone = agent.post(f"{made.headers['Location']}/cancel", json={"reason": "erreur"}, headers=headers)
    assert gone.json["state"] == "cancelled"


def test_strangers_find_nothing(signed_in, app):
    with app.app_context():
        reference = reserved(desk.kit()).reference
    assert signed_in(Role.TECHNICIAN).get(f"/reservations/{reference}").status_code in (403, 404)
    with app.app_context():
        assert db.session.query(Reservation).one().state is ReservationState.APPROVED


def test_once_answered_nothing_is_said_of_waiting(signed_in, app):
    with app.app_context():
        made = reserved(promises.printer())
        path = f"/reservations/{made.reference}"
    client = signed_in(Role.DESK)
    assert "Sans réponse" in client.get(path).text
    with app.app_context():
        fire(db.session.query(Reservation).one(), "approve")
    assert "Sans réponse" not in client.get(path).text


def test_other_days_keep_what_was_typed(signed_in, told):
    agent = signed_in(Role.DESK)
    number = f"n{told['product']}"
    refused = send(agent, told, **{number: "7", "to_confirm": "1"})
    assert (refused.status_code, taken_along(refused)) == (409, {number: "7", "to_confirm": "1", "emprunteur": told["name"]})
    for days in (told["days"], {"from_on": told["days"]["to_on"], "to_on": told["days"]["from_on"]}):
        again = agent.get("/reservations/nouvelle", query_string=taken_along(refused) | days)
        assert taken_along(again) == taken_along(refused)
    shown = agent.get("/reservations/nouvelle", query_string=taken_along(refused) | told["days"]).text
    assert re.search(rf'<input id="{number}"[^>]*value="7"', shown)
    assert re.search(r'type="checkbox"[^>]*name="to_confirm"[^>]*checked', shown)


def taken_along(page):
    """What the form of the days takes along."""
    days_form = page.text.partition('<form class="filters"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', unescape(days_form)))


def test_of_several_with_the_same_name_one_is_chosen(app, signed_in):
    with app.app_context():
        people.settle()
        kit = desk.kit()
        codes = [desk.borrower("Camille Proust").code for _ in range(2)]
        product, days = kit.product_id, {"from_on": open_day(3).isoformat(), "to_on": open_day(9).isoformat()}
        db.session.remove()
    client = signed_in(Role.DESK)
    sent = days | {f"n{product}": "1", "borrower": "Camille Proust"}
    refused = client.submit("/reservations/nouvelle", sent)
    assert refused.status_code == 422
    assert all(f'value="{code}"' in refused.text for code in codes)
    assert client.submit("/reservations/nouvelle", sent | {"chosen": codes[1]}).status_code == 303
    with app.app_context():
        assert db.session.query(Reservation).one().borrower.code == codes[1]


def test_another_product_is_added_when_it_is_changed(app, signed_in):
    with app.app_context():
        people.settle()
        made, other = reserved(desk.kit()), desk.tablet()
        reference, product, other_product = made.reference, made.lines[0].product_id, other.product_id
        days = {"from_on": made.from_on.isoformat(), "to_on": made.to_on.isoformat()}
        db.session.remove()
    client = signed_in(Role.DESK)
    path = f"/reservations/{reference}/changer"
    assert f'name="n{other_product}"' in client.get(path).text
    assert client.submit(path, days | {f"n{product}": "1", f"n{other_product}": "1"}).status_code == 303
    with app.app_context():
        assert {each.product_id for each in db.session.query(Reservation).one().lines} == {product, other_product}


def test_who_may_be_meant_and_what_is_there(context):
    kit = desk.kit()
    twins = [desk.borrower("Camille Proust") for _ in range(2)]
    assert {each.id for each in borrowers_named(people.actor(Role.DESK), "camille")} == {each.id for each in twins}
    assert list(borrowers_named(people.actor(Role.TECHNICIAN), "camille")) == []
    assert [each.id for each in products_at(1)] == [kit.product_id]
    assert list(products_at(1, but=[kit.product_id])) == []
