"""Where there is one place, no page speaks of places; where there are two, what is somewhere says where, and can be moved."""

import pytest

from refurb.directory.sites.models import FIRST
from refurb.directory.sites.queries import site_name
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.speech.codes import spell
from tests.support.story import desk, gala, intake, places, workshop

LISTS = ("/appareils", "/dons", "/materiel", "/prets", "/remises", "/ceremonies")


def story():
    """Something of everything that is somewhere; the addresses of their pages, and of the forms that may ask for a place."""
    device, item = workshop.laptop(), desk.tablet()
    loan, ceremony, donation = desk.lent(desk.kit("Malle 1")), gala.planned(), intake.scheduled()
    things = [f"/appareils/{device.code}", f"/dons/{donation.reference}", f"/materiel/{item.code}", f"/prets/{loan.reference}",
              f"/ceremonies/{ceremony.id}"]  # fmt: skip
    forms = ["/dons/nouveau", "/ceremonies/nouvelle", f"/ceremonies/{ceremony.id}/modifier"]
    return things, forms, device.code, item.code


@pytest.fixture
def told(app):
    with app.app_context():
        found = (*story(), site_name(FIRST))
        db.session.remove()
    return found


def about_places(client, path):
    """What of a page is about our places: a field, a filter, a way to move things."""
    page = client.get(path)
    assert page.status_code == 200, path
    return [each for each in ('name="site_id"', 'name="lieu"', "Changer de lieu", "Fermetures") if each in page.text]


def test_with_one_place_no_page_speaks_of_places(told, signed_in):
    things, forms, *_codes = told
    client = signed_in(Role.ADMIN)
    assert {path: about for path in (*things, *forms, *LISTS) if (about := about_places(client, path))} == {}


def test_with_two_places_things_say_where_they_are(app, told, signed_in):
    things, forms, code, item, name = told
    with app.app_context():
        there = places.second().id
        db.session.remove()
    client = signed_in(Role.ADMIN)
    for path in things:
        assert name in client.get(path).text.partition('id="contenu"')[2], path
    for path in forms:
        assert 'name="site_id"' in client.get(path).text, path
    for path, back in ((f"/appareils/{code}/lieu", f"/appareils/{code}"), (f"/materiel/{item}/lieu", f"/materiel/{item}")):
        assert client.submit(path, {"site_id": "999"}).status_code == 422
        assert client.submit(path, {"site_id": str(there)}).status_code == 303
        assert places.DESK in client.get(back).text
    for path in LISTS:
        assert 'name="lieu"' in client.get(f"{path}?lieu={there}").text, path
    # What moved is in the lists of its place, and in them alone; what did not is where it was.
    for path, moved in (("/appareils", code), ("/materiel", item)):
        assert spell(moved) in client.get(f"{path}?lieu={there}").text
        assert spell(moved) not in client.get(f"{path}?lieu={FIRST}").text
    for path in ("/dons", "/prets", "/ceremonies"):
        first, other = (client.get(f"{path}?lieu={number}").text for number in (FIRST, there))
        reference = next(each.rpartition("/")[2] for each in things if each.startswith(path))
        assert f"{path}/{reference}" in first
        assert f"{path}/{reference}" not in other
    for door, moved in (("devices", code), ("items", item)):
        assert moved in [row["code"] for row in client.get(f"/api/v1/{door}?site={there}").json["items"]]
        assert moved not in [row["code"] for row in client.get(f"/api/v1/{door}?site={FIRST}").json["items"]]
    assert client.submit("/lieux/habituel", {"site_id": str(there)}).status_code == 303
    assert f'<option value="{there}" selected>' in client.get("/dons/nouveau").text
    site = client.get(f"/api/v1/sites/{there}").json
    assert (site["name"], site["closures"]) == (places.DESK, [])
    with app.app_context():
        device = db.session.query(Device).filter_by(code=item).one()
        assert device.site_id == there, "its device goes with the thing"
        assert events_of(device)[0].facts["name"] == places.DESK
