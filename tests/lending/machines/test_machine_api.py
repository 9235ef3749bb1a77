"""Machines by the JSON door: free or taken for everybody, booking and sessions for whoever keeps them."""

from refurb.kernel.deeds.access import Role
from tests.lending.fablab import a_day, printer, qualified, with_address


def test_from_a_free_slot_to_a_session(signed_in, client, app):
    with app.app_context():
        machine = printer()
        told = {"machine": machine.id, "day": a_day(machine).isoformat(), "card": qualified(machine, with_address()).code}
    (one,) = client.get("/api/v1/machines").json["machines"]
    assert (one["name"], one["needs_introduction"], one["out_of_order"]) == ("Imprimante 3D", True, False)
    path = f"/api/v1/machines/{told['machine']}/slots"

    def kinds():
        slots = client.get(path, query_string={"from": told["day"]}).json["slots"]
        return {each["from_minute"]: each["is"] for each in slots if each["day"] == told["day"]}

    assert kinds()[600] == "free"
    agent = signed_in(Role.DESK)
    headers = {"X-CSRFToken": agent.token()}
    asked = {"borrower": told["card"], "day": told["day"], "hour": 600}
    made = agent.post(path, json=asked, headers=headers)
    assert made.status_code == 201, made.json
    refused = agent.post(path, json=asked, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "machine.slot_taken")
    assert kinds()[600] == "taken"
    assert agent.post(f"{made.location}/start", json={}, headers=headers).json["state"] == "running"
    done = agent.post(f"{made.location}/finish", json={"minutes": 80, "result": "good"}, headers=headers)
    assert done.json["state"] == "done"
    assert agent.get(made.location).json["kind"] == "session"
