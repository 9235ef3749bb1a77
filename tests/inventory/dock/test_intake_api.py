"""The JSON door of the dock: the same deeds and refusals as on the pages."""

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import today
from tests.support.story import workshop

LAPTOP = DeviceKind.LAPTOP


def test_from_the_slot_to_the_slip(app, signed_in):
    with app.app_context():
        reference, day = workshop.announced({LAPTOP: 3}).reference, today().isoformat()
    client = signed_in(Role.COORDINATOR)
    token = client.token()

    def post(path, **body):
        return client.post(f"/api/v1{path}", json=body, headers={"X-CSRFToken": token})

    door = f"/donations/{reference}"
    slot = client.get("/api/v1/slots").json["items"][0]["slot"]
    assert post(f"{door}/accept").json["state"] == "accepted"
    assert post(f"{door}/schedule", slot=slot, way="drop_off").json["appointment"]["slot"] == slot
    assert post(f"{door}/receive", received_on=day, counts={"laptop": 2}, detail_later=True).json["devices"] == []
    codes = post("/label-runs", count=3).json["codes"]
    scanned = post(f"{door}/labels", kind="laptop", code=codes[0])
    assert (scanned.status_code, scanned.json["outcome"], scanned.json["left"]) == (201, "detailed", {"laptop": 1})
    again = post(f"{door}/labels", kind="laptop", code=codes[0])
    assert (again.status_code, again.json["code"]) == (409, "donation.already_scanned")
    assert len(post(f"{door}/details", kind="laptop", count=1).json["codes"]) == 1
    assert post(f"{door}/details", kind="laptop", count=1).status_code == 422
    assert post(f"{door}/refused", kind="laptop", count=1, reason="broken").json["refused"] == [
        {"kind": "laptop", "count": 1, "reason": "broken"}
    ]
    slip = post(f"{door}/slip", place="Quai", drives="unknown", signing="none")
    assert slip.json["reference"].startswith("BP-")
    run = client.get("/api/v1/label-runs").json["items"][0]
    assert (run["count"], run["unused"]) == (3, 2)
    assert client.get(f"/api/v1/label-runs/{run['id']}").json["unused"] == codes[1:]


def test_a_technician_scans_and_does_not_decide(app, signed_in):
    with app.app_context():
        reference = workshop.received({LAPTOP: 1}).reference
    client = signed_in(Role.TECHNICIAN)
    token = client.token()
    slip = client.post(f"/api/v1/donations/{reference}/slip", json={}, headers={"X-CSRFToken": token})
    assert slip.status_code == 403
    refused = client.post(f"/api/v1/donations/{reference}/labels", json={"kind": "laptop", "code": "x"}, headers={"X-CSRFToken": token})
    assert refused.json["code"] == "code.unreadable"
