"""Workstations: their tokens are made on a page, shown once, used, seen and revoked; nobody makes one that may more than they."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from refurb.accounts.actions import make_station, make_token, secret_of
from refurb.accounts.models import Account, Door, Token
from refurb.accounts.queries import bearer_of
from refurb.inventory.models.evidence import HardwareReport
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.support.client import checking
from tests.support.story import evidence, people
from tests.support.story.evidence import Disk, lshw

ASKED = "/api/v1/agent/machine?serial=none"


def made_on_the_page(client, name="Clé verte", role="station"):
    led = client.submit("/postes", {"name": name, "role": role})
    return re.search(r"refurb_[\w-]{40,}", client.get(led.headers["Location"]).text)[0]


def bearer(secret, **more):
    return {"headers": {"Authorization": f"Bearer {secret}", **more}}


def test_a_token_is_shown_once_works_and_its_use_is_seen(app, signed_in):
    client, key = signed_in(Role.TECHNICIAN), checking(app)
    with app.app_context():
        code = evidence.arrive()[0].code
    secret = made_on_the_page(client)
    listed = client.get("/postes").text
    assert "Clé verte" in listed
    assert "jamais" in listed
    assert secret not in listed
    sent = {"code": code, "files": [(io.BytesIO(lshw(Disk())), "lshw.json")]}
    answer = key.post("/api/v1/agent/hardware", data=sent, content_type="multipart/form-data", **bearer(secret))
    assert answer.status_code == 201, answer.text
    assert "aujourd’hui" in client.get("/postes").text


def test_a_repeated_key_of_a_token_does_the_deed_once(app):
    with app.app_context():
        code, who = evidence.arrive()[0].code, people.actor(Role.TECHNICIAN)
        with unit_of_work():
            secret = secret_of(make_station(who, name="clé", role=Role.STATION))
    key, answers = checking(app), []
    for _ in range(2):
        sent = {"code": code, "files": [(io.BytesIO(lshw(Disk())), "lshw.json")]}
        headers = bearer(secret, **{"Idempotency-Key": "the same"})
        answers.append(key.post("/api/v1/agent/hardware", data=sent, content_type="multipart/form-data", **headers))
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(HardwareReport)) == 1
        assert bearer_of(secret).actor.by_token, "whoever holds it may be anybody"


def test_a_revoked_token_opens_nothing(app, signed_in):
    client, key = signed_in(Role.COORDINATOR), checking(app)
    secret = made_on_the_page(client)
    assert key.get(ASKED, **bearer(secret)).status_code == 200
    with app.app_context():
        number = db.session.scalar(select(Token.id))
    assert "Révoquer" in client.get(f"/postes/{number}/revoquer").text
    assert client.submit(f"/postes/{number}/revoquer").status_code == 303
    assert key.get(ASKED, **bearer(secret)).status_code == 401
    assert "Révoqué le" in client.get("/postes").text
    assert client.submit(f"/postes/{number}/revoquer").status_code == 303


def test_a_token_ends(app, signed_in):
    client, key = signed_in(Role.COORDINATOR), checking(app)
    secret = made_on_the_page(client)
    assert "Valable jusqu’au" in client.get("/postes").text
    with app.app_context(), unit_of_work():
        assert db.session.scalar(select(Token.ends_at)) > now() + timedelta(days=360)
        db.session.execute(update(Token).values(ends_at=now()))
    assert key.get(ASKED, **bearer(secret)).status_code == 401
    assert "Expiré le" in client.get("/postes").text


@pytest.mark.parametrize("role", ["station", "technician"])
def test_a_token_of_a_station_opens_the_agents_door_and_no_other(app, signed_in, role):
    secret, key = made_on_the_page(signed_in(Role.COORDINATOR), role=role), checking(app)
    assert key.get(ASKED, **bearer(secret)).status_code == 200
    for address in ("/api/v1/devices", "/api/v1/stations", "/api/v1/drives"):
        refused = key.get(address, **bearer(secret))
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden.agent_only")
    assert key.post("/api/v1/stations", json={"name": "x", "role": "station"}, **bearer(secret)).status_code == 403
    for address in ("/appareils", "/supports", "/pieces.csv", "/postes"):
        assert key.get(address, **bearer(secret)).status_code == 303


def test_a_token_of_the_json_door_opens_no_page(app):
    with app.app_context():
        who = people.actor(Role.COORDINATOR)
        with unit_of_work():
            secret = secret_of(make_token(SERVICE, db.session.get(Account, who.id), "tout", Role.COORDINATOR, Door.API))
    key = checking(app)
    assert key.get("/api/v1/devices", **bearer(secret)).status_code == 200
    assert key.get("/appareils", **bearer(secret)).status_code == 303


def test_nobody_makes_one_that_may_more_than_they(context):
    who = people.actor(Role.TECHNICIAN)
    with pytest.raises(Forbidden), unit_of_work():
        make_station(who, name="clé", role=Role.COORDINATOR)


def test_a_token_above_oneself_is_neither_seen_nor_revoked(app, signed_in):
    with app.app_context():
        who = people.actor(Role.ADMIN)
        with unit_of_work():
            make_token(SERVICE, db.session.get(Account, who.id), "tout", Role.ADMIN, Door.API)
        number = db.session.scalar(select(Token.id))
    client = signed_in(Role.TECHNICIAN)
    assert "tout" not in client.get("/api/v1/stations").json["items"]
    assert client.get(f"/postes/{number}/revoquer").status_code == 404


def test_a_prescriber_has_no_workstations(signed_in):
    assert signed_in(Role.PRESCRIBER).get("/postes").status_code == 403


def test_a_name_is_asked_for(signed_in):
    assert signed_in(Role.TECHNICIAN).submit("/postes", {"name": " ", "role": "station"}).status_code == 422


def test_the_json_door_makes_lists_and_revokes(signed_in):
    client = signed_in(Role.COORDINATOR)
    token = {"X-CSRFToken": client.token()}
    made = client.post("/api/v1/stations", json={"name": "Banc 2", "role": "station"}, headers=token)
    assert made.status_code == 201
    assert made.json["token"].startswith("refurb_")
    [number] = [each["id"] for each in client.get("/api/v1/stations").json["items"] if each["name"] == "Banc 2"]
    assert client.delete(f"/api/v1/stations/{number}", headers=token).json["revoked_at"]


def test_the_agent_is_served_with_its_address_and_its_sum_is_shown(client):
    script = client.get("/agent")
    assert script.mimetype == "text/x-shellscript"
    assert "SERVICE='http://refurb.example'" in script.text
    assert "@SERVICE@" not in script.text
    page = client.get("/agent/aide").text
    assert re.search(r"\b[0-9a-f]{64}\b", page)


@pytest.mark.both_databases
def test_a_double_press_makes_one_token_and_shows_it_twice(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    led = [client.submit("/postes", {"name": "Clé", "role": "station", "_key": "k" * 24}).headers["Location"] for _ in range(2)]
    shown = [re.search(r"refurb_[\w-]{40,}", client.get(each).text)[0] for each in led]
    assert shown[0] == shown[1]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Token)) == 1


def test_it_is_shown_to_nobody_else_and_no_more_once_it_was_used(app, signed_in):
    client, other = signed_in(Role.TECHNICIAN), signed_in(Role.ADMIN)
    led = client.submit("/postes", {"name": "Clé", "role": "station"}).headers["Location"]
    assert client.get(led).status_code == 200
    assert other.get(led).status_code == 409
    with app.app_context(), unit_of_work() as session:
        session.scalar(select(Token)).used_at = now()
    assert client.get(led).status_code == 409
