"""The page of a day on the road, and a reservation that is fetched at a stop."""

import re

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import at
from tests.support.story import desk, people, rota


@pytest.fixture
def counter(app, signed_in):
    """The desk, on a Tuesday of November, with a tablet to lend and a bus that comes to Charroux."""
    with at(rota.NOVEMBER):
        with app.app_context():
            people.settle()
            _made, _blanzay, charroux = rota.two_weeks()
            tablet = desk.tablet()
            numbers = charroux.site_id, tablet.product_id, desk.borrower("Berthe").code
            db.session.remove()
        yield signed_in(Role.DESK), *numbers


def test_a_reservation_is_fetched_at_a_stop_and_stands_on_the_list_of_the_morning(counter):
    client, stop, product, borrower = counter
    days = {"from_on": "2026-12-03", "to_on": "2026-12-17", "handover_id": str(stop)}
    shown = client.get("/reservations/nouvelle", query_string=days)
    assert "Charroux, mairie" in shown.text
    told = {**days, "borrower": borrower, f"n{product}": "1"}
    refused = client.submit("/reservations/nouvelle", told | {"from_on": "2026-12-04"})
    assert refused.status_code == 422
    assert re.search(r"ne passe pas le 4.décembre", refused.text)
    assert re.search(r"17.décembre", refused.text)
    made = client.submit("/reservations/nouvelle", told)
    assert made.status_code == 303
    reference = made.headers["Location"].rpartition("/")[2]
    assert "Charroux, mairie" in client.get(f"/reservations/{reference}").text
    assert "Charroux, mairie" in client.get(f"/reservations/{reference}/changer").text
    tour = client.get("/itinerance/tournee?jour=2026-12-03").text
    assert reference in tour
    assert "À charger" in tour
    assert client.submit("/itinerance/tournee?jour=2026-12-03", {"code": "ZZZZ"}).status_code == 404
    code = re.search(r"/materiel/([0-9A-Z]{8})", tour)[1]
    assert client.submit("/itinerance/tournee?jour=2026-12-03", {"code": code}).status_code == 303
    assert "dans le sac" in client.get("/itinerance/tournee?jour=2026-12-03").text
    assert client.submit("/itinerance/tournee?jour=2026-12-03", {"code": code}).status_code == 409
    assert reference in client.get("/itinerance").text or re.search("tournee", client.get("/itinerance").text)
    assert "Pas de tournée" in client.get("/itinerance/tournee?jour=2026-12-02").text


def test_the_tour_that_comes_next_is_shown_where_no_day_is_asked(counter, signed_in):
    client, *_numbers = counter
    assert "24 novembre 2026" in client.get("/itinerance/tournee").text
    for day in ("9999-12-31", "2199-12-31", "0001-01-01"):
        assert client.get(f"/itinerance/tournee?jour={day}").status_code == 200
    assert signed_in(Role.TECHNICIAN).get("/itinerance/tournee").status_code == 403
