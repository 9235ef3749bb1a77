import pytest

from refurb.kernel.deeds.access import Role
from tests.support.story import families


def headers(client):
    return {"X-CSRFToken": client.token()}


def test_written_submitted_and_followed(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    facts = families.form_facts(device_kind="monitor", has_no_computer=True)

    made = client.post("/api/v1/referrals", json=facts, headers=headers(client))
    assert made.status_code == 201
    reference = made.json["reference"]
    sent = client.post(f"/api/v1/referrals/{reference}/submit", json={}, headers=headers(client))

    assert sent.json["state"] == "submitted"
    shown = client.get(made.headers["Location"]).json
    assert shown["beneficiary"]["last_name"] == "O'Neil 🙂"
    assert client.get("/api/v1/referrals?state=submitted").json["total"] == 1


def test_an_incomplete_one_is_not_submitted(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    reference = client.post("/api/v1/referrals", json={"first_name": "Zoë"}, headers=headers(client)).json["reference"]

    refused = client.post(f"/api/v1/referrals/{reference}/submit", json={}, headers=headers(client))

    assert (refused.status_code, refused.json["code"]) == (409, "referral.incomplete")


def test_wrong_facts_are_named_field_by_field(app, signed_in):
    client = signed_in(Role.PRESCRIBER)

    refused = client.post("/api/v1/referrals", json={"notice_given_on": "1900-01-01", "birth_year": 2091}, headers=headers(client))

    assert refused.status_code == 422
    assert set(refused.json["fields"]) == {"notice_given_on", "birth_year"}


@pytest.mark.parametrize("body", ["[1, 2]", "{", "null"])
def test_a_body_that_is_no_object_is_refused(app, signed_in, body):
    client = signed_in(Role.PRESCRIBER)

    refused = client.post("/api/v1/referrals", data=body, content_type="application/json", headers=headers(client))

    assert (refused.status_code, set(refused.json["fields"])) == (422, {"_body"})


def test_handed_over_with_a_signature(app, signed_in):
    with app.app_context():
        number = families.allocated().id
    client = signed_in(Role.COORDINATOR)
    told = {"place": "Atelier", "signature_kind": "drawn", "signature": families.drawing(), "accessories": ["charger"]}
    shown = client.get(f"/api/v1/allocations/{number}").json["shown"]

    unbound = client.post(f"/api/v1/allocations/{number}/hand_over", json=told, headers=headers(client))
    assert (unbound.status_code, unbound.json["fields"]["signature"][0]["code"]) == (422, "signature.unbound")
    told["shown"] = shown
    done = client.post(f"/api/v1/allocations/{number}/hand_over", json=told, headers=headers(client))

    assert done.status_code == 200
    assert done.json["handover"]["accessories"] == ["charger"]
    assert done.json["handover"]["paper"].startswith("BR-")
    assert client.get("/api/v1/handovers").json["total"] == 1


def test_cancelled(app, signed_in):
    with app.app_context():
        number = families.allocated().id
    client = signed_in(Role.COORDINATOR)

    assert client.post(f"/api/v1/allocations/{number}/cancel", json={"reason": "Non"}, headers=headers(client)).json["state"] == "cancelled"


def test_the_waiting_list_tells_the_version_and_the_reasons(app, signed_in):
    with app.app_context():
        families.waiting(school_children=2)

    told = signed_in(Role.COORDINATOR).get("/api/v1/waiting-list").json

    assert told["policy_version"]
    assert told["items"][0]["rank"] == 1
    assert "2" in told["items"][0]["reasons"][0]
