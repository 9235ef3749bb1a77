"""A repeated key: done once, answered alike; another deed under the same key is refused."""

import re

from sqlalchemy import func, select

from refurb.accounts.models import FailedTry
from refurb.kernel.access import Role
from refurb.kernel.database import db
from tests.support.story import people


def tries(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(FailedTry))


def test_a_deed_sent_twice_is_done_once_and_answered_alike(client, app):
    data = {"email": people.EMAIL[Role.DESK], "password": people.PASSWORD, "_key": "k" * 24}
    first = client.submit("/connexion", data)
    again = client.submit("/connexion", data)
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["Location"] == first.headers["Location"]


def test_each_form_drawn_has_a_key_of_its_own(client):
    keys = [re.search(r'name="_key" value="([^"]+)"', client.get("/connexion").text).group(1) for _ in range(2)]
    assert keys[0] != keys[1]


def test_another_deed_under_the_same_key_is_refused(signed_in):
    client = signed_in(Role.DESK)
    assert client.submit("/langue", {"language": "en", "_key": "samekey"}).status_code == 303
    assert client.submit("/langue", {"language": "fr", "_key": "samekey"}).status_code == 409


def test_a_refused_deed_leaves_its_key_free(client, app):
    data = {"email": people.EMAIL[Role.DESK], "password": "faux", "_key": "free" * 6}
    assert client.submit("/connexion", data).status_code == 422
    assert tries(app) == 1


def test_a_deed_refused_within_its_unit_is_told_and_may_be_sent_again_under_its_key(signed_in):
    client = signed_in(Role.COORDINATOR)
    facts = {"legal_origin": "don_entreprise", "donor_name": "Scierie du Clain", "announced_laptop": "1", "_key": "again" * 5}
    refused = client.submit("/dons/nouveau", {**facts, "donor_siren": "987654325"})
    assert refused.status_code == 422
    assert client.submit("/dons/nouveau", {**facts, "donor_siren": "987654324"}).status_code == 303
