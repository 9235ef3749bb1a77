"""Every page of every role, every route and every form, with what a stranger with time puts into them: refused or done, never a fault.

What several roles are shown is tried by the first of them.
"""

import itertools
import json
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from refurb.demo.people import PEOPLE, Person
from refurb.inventory.donations.donor import donor_url
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.lending.catalogue.mine import own_url
from refurb.lending.machines.effects import slot_url
from refurb.lending.machines.models import MachineSlot
from refurb.lending.models import Borrower, Product
from refurb.lending.reminders.own import own_link
from refurb.lending.reservations.models import Reservation
from refurb.lending.waits.effects import offer_url
from refurb.lending.waits.models import Wait
from tests.support import hostile
from tests.support.client import checking
from tests.test_demo import filled, walk

__all__ = ["filled"]

pytestmark = pytest.mark.soak

STRANGER = Person("stranger", "", "", Role.OBSERVER)
EVERYBODY = pytest.mark.parametrize("person", [*PEOPLE, STRANGER], ids=lambda person: person.key)
OF_EACH = 2
"""How many addresses of each route are opened, for the forms that only stand where something is in a certain state."""


def signed_links(app):
    """The addresses that letters bear, of the first of each kind: they open without an account."""
    with app.app_context():
        # Made within a request, as the letters of a worker have none and bear the public address.
        kinds = ((donor_url, Donation), (own_link, Borrower), (own_url, Reservation), (slot_url, MachineSlot), (offer_url, Wait))
        found = [make(each) for make, table in kinds for each in db.session.query(table).limit(3)]
        products = [f"/emprunter/{number}" for (number,) in db.session.query(Product.id).limit(3)]
        return [urlsplit(each)._replace(scheme="", netloc="").geturl() for each in found] + products


def opened_by(app, person):
    """A client as whom it is, and the addresses that are opened to them."""
    client = checking(app)
    if person is not STRANGER:
        client.sign_in(person.email)
        return client, list(walk(app, client, person.key, of_each=OF_EACH))
    return client, list(
        walk(
            app,
            client,
            person.key,
            of_each=OF_EACH,
            begun=["/", "/emprunter", "/machines", "/fiches", "/passages", "/proposer-un-don", *signed_links(app)],
        )
    )


def faults(client, requests):
    """The requests that were answered by a fault of ours."""
    found = []
    for method, path, options in requests:
        status = FlaskClient.open(client, path, method=method, buffered=True, **options).status_code
        if status >= 500:
            found.append((method, path[:120], str(options)[:200], status))
    return found


@pytest.fixture(scope="module")
def met(filled):
    """What somebody before was shown, on this database: a view reads what it is sent alike, whoever sends it."""
    return set()


def endpoint_of(app, path, method):
    """Which view answers an address; the address itself where none does."""
    try:
        return app.url_map.bind("refurb.example").match(urlsplit(path).path, method)[0]
    except HTTPException:
        return path


def only_new(met, each, key):
    """What of these, of which two have one key, nobody before was shown."""
    fresh = [one for one in each if key(one) not in met]
    met.update(map(key, fresh))
    return fresh


@EVERYBODY
def test_no_argument_of_any_page(filled, met, person):
    client, opened = opened_by(filled, person)
    assert len(opened) > 5
    names = hostile.argument_names()
    fresh = only_new(met, opened, lambda path: endpoint_of(filled, path, "GET"))
    asked = [hostile.asked_with(path, value, names) for path in fresh for value in hostile.TEXTS]
    if person in {PEOPLE[0], STRANGER}:  # Who may everything, and who may nothing: what lies between is refused before it is read.
        asked += [path for rule in hostile.rules(filled, "GET") for path in hostile.hostile_paths(rule)]
    assert faults(client, (("GET", path, {}) for path in asked)) == []


@EVERYBODY
def test_no_form_of_any_page(filled, met, person):
    client, opened = opened_by(filled, person)
    sent = {}
    for path in opened:
        page = FlaskClient.get(client, path)
        for action, fields in hostile.FormsOf(page.text).found if page.mimetype == "text/html" else ():
            sent.setdefault(urlsplit(urljoin(path, action)).path, dict(fields))
    deeds = [(path, fields) for path, fields in sent.items() if path not in {"/deconnexion", "/langue"}]
    assert deeds or person.key == "observer"
    deeds = only_new(met, deeds, lambda deed: (endpoint_of(filled, deed[0], "POST"), frozenset(deed[1])))
    typed = [
        ("POST", path, {"data": {**dict.fromkeys(fields, value), "csrf_token": client.token()}})
        for path, fields in deeds
        for value in hostile.TEXTS
    ]
    # One field at a time among good ones, so that what is read later is read at all.
    typed += [
        ("POST", path, {"data": {**fields, name: value, "csrf_token": client.token()}})
        for path, fields in deeds
        for name, value in zip(fields, itertools.cycle(hostile.TEXTS), strict=False)
    ]
    assert faults(client, typed) == []


def test_no_json_of_any_route(filled):
    client = checking(filled)
    client.sign_in(PEOPLE[0].email)
    fields = hostile.field_names()
    token = client.token()
    values = [*hostile.TEXTS, 2**63, 2**31, -1, 1e308, True, None, [], {}, ["a\0b"], {"a\0": 1}, [[[[]]]], [2**70]]
    deep = '{"note": ' + "[" * 500 + "]" * 500 + "}"
    bodies = [json.dumps(dict.fromkeys(fields, value)) for value in values] + [deep, '{"id": NaN}', '{"id": ' + "9" * 5000 + "}"]
    routes = [
        (rule, method) for method in ("POST", "PUT", "DELETE") for rule in hostile.rules(filled, method) if rule.rule.startswith("/api/")
    ]
    adapter = filled.url_map.bind("localhost")
    asked = []
    for rule, method in routes:
        path = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)
        paths = itertools.chain([path], hostile.hostile_paths(rule))
        for each, body in itertools.zip_longest(paths, bodies):
            options = {"data": body or "{}", "content_type": "application/json", "headers": {"X-CSRFToken": token}}
            asked.append((method, each or path, options))
    assert faults(client, asked) == []
