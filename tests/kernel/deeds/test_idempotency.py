"""A repeated key: done once, answered alike; another deed under the same key is refused."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds import unit_of_work as unit_of_work_module
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.support.client import checking
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


def test_when_the_process_ends_after_the_commit_whoever_asks_again_gets_the_first_answer(signed_in, app, monkeypatch):
    client, asked = signed_in(Role.COORDINATOR), gift(app)
    with monkeypatch.context() as ending:
        ending.setattr(unit_of_work_module, "commits", property(fget=lambda _: None))  # What follows the commit fails.
        with pytest.raises(AssertionError, match="500"):
            client.submit("/dons/nouveau", asked)
    assert donations(app) == 1
    again = client.submit("/dons/nouveau", asked)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (303, "true")
    assert client.get(again.headers["Location"]).status_code == 200
    assert donations(app) == 1


@pytest.mark.both_databases
def test_eight_who_ask_at_once_get_one_answer(app):
    asked = gift(app)
    clients = [checking(app) for _ in range(8)]
    for each in clients:
        each.sign_in(people.EMAIL[Role.COORDINATOR])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: client.submit("/dons/nouveau", asked), clients))
    assert {each.status_code for each in answers} == {303}
    assert len({each.headers["Location"] for each in answers}) == 1
    assert donations(app) == 1


def test_a_json_answer_is_given_again_to_the_letter(signed_in, app):
    client = signed_in(Role.DESK)
    headers = {"Idempotency-Key": "a" * 20, "X-CSRFToken": client.token()}
    sent = {"name": "Ada Diallo", "phone": "05 49 00 00 01", "is_adult": True}
    first, again = (client.post("/api/v1/borrowers", json=sent, headers=headers) for _ in range(2))
    assert [first.status_code, again.status_code] == [201, 201], first.text
    assert (first.data, first.headers["Location"]) == (again.data, again.headers["Location"])
