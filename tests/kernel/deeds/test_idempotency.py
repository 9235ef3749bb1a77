"""A repeated key: done once, answered alike; another deed under the same key is refused."""

import re

from sqlalchemy import func, select

from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.support.story import people


def donations(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Donation))


def gift(app, **changes):
    with app.app_context():
        donor = people.organisation("Menuiseries").id
    return {"donor_id": donor, "legal_origin": LegalOrigin.COMPANY.value, "announced_laptop": "3", "_key": "k" * 24} | changes


def test_a_deed_sent_twice_is_done_once_and_answered_alike(signed_in, app):
    client = signed_in(Role.COORDINATOR)
    first = client.submit("/dons/nouveau", gift(app))
    again = client.submit("/dons/nouveau", gift(app))
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert donations(app) == 1


def test_the_key_is_of_the_person(signed_in, app):
    signed_in(Role.COORDINATOR).submit("/dons/nouveau", gift(app))
    signed_in(Role.ADMIN).submit("/dons/nouveau", gift(app))
    assert donations(app) == 2


def test_each_form_drawn_has_a_key_of_its_own(client):
    keys = [re.search(r'name="_key" value="([^"]+)"', client.get("/connexion").text).group(1) for _ in range(2)]
    assert keys[0] != keys[1]


def test_another_deed_under_the_same_key_is_refused(signed_in, app):
    client = signed_in(Role.COORDINATOR)
    assert client.submit("/dons/nouveau", gift(app)).status_code == 303
    assert client.submit("/dons/nouveau", gift(app, announced_laptop="4")).status_code == 409
    assert donations(app) == 1


def test_a_refused_deed_leaves_its_key_free(signed_in, app):
    client = signed_in(Role.COORDINATOR)
    assert client.submit("/dons/nouveau", gift(app, announced_laptop="beaucoup")).status_code == 422
    assert client.submit("/dons/nouveau", gift(app)).status_code == 303
    assert donations(app) == 1
