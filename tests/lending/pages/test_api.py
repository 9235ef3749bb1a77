"""The JSON door of lending: the same deeds, the same refusals, no door for a step of another deed."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.lending.models import Damage, Item, Loan
from tests.support.story import desk


@pytest.fixture
def door(signed_in, app):
    agent = signed_in(Role.DESK)
    token = agent.token()

    def post(path, body=None, client=agent):
        return client.post(f"/api/v1{path}", json=body if body is not None else {}, headers={"X-CSRFToken": token})

    post.agent = agent
    return post


@pytest.fixture
def codes(app):
    with app.app_context():
        tablet, who = desk.tablet(), desk.borrower()
        return {"item": tablet.code, "who": who.code, "parts": [part.id for part in tablet.components]}


def loan_of(codes, **more):
    counts = [{"component": part, "state": "complete"} for part in codes["parts"]]
    return {"borrower": codes["who"], "lines": [{"item": codes["item"], "counts": counts}], "on_paper": True} | more


def test_lend_and_return_work(door, codes):
    lent = door("/loans", loan_of(codes))
    assert lent.status_code == 201, lent.json
    assert door.agent.get(lent.headers["Location"]).json == lent.json
    assert lent.json["state"] == "open"
    counts = [{"component": each["id"], "state": "complete"} for each in lent.json["lines"][0]["counts"]]
    counts[1] |= {"state": "missing", "quantity": 0}
    back = door(f"/items/{codes['item']}/return", {"counts": counts, "note": "sans chargeur"})
    assert back.status_code == 200, back.json
    assert back.json["state"] == "closed"
    assert door.agent.get(f"/api/v1/items/{codes['item']}").json["state"] == "incomplete"
    assert [row["reference"] for row in door.agent.get("/api/v1/loans?state=back").json["items"]] == [lent.json["reference"]]


def test_a_thing_of_hundreds_of_components_is_refused(door):
    with door.agent.application.app_context():
        number = desk.product().id
    parts = [{"name": f"Brique {each}", "quantity": 1} for each in range(101)]
    refused = door("/items", {"product_id": number, "name": "Malle de briques", "components": parts})
    assert (refused.status_code, refused.json["code"]) == (422, "item.too_many_components")
    assert door("/items", {"product_id": number, "name": "Malle de briques", "components": parts[1:]}).status_code == 201


def test_a_loan_of_hundreds_of_lines_is_refused_before_they_are_looked_up(door, codes):
    lines = loan_of(codes)["lines"] + [{"item": "ZZZZZZZZ", "counts": []}] * 900
    refused = door("/loans", loan_of(codes, lines=loan_of(codes)["lines"] * 20 + lines))
    assert (refused.status_code, refused.json["code"]) == (422, "loan.too_many"), "and not that the last one is unknown"


def test_a_second_loan_is_told_no(door, codes):
    door("/loans", loan_of(codes))
    refused = door("/loans", loan_of(codes))
    assert (refused.status_code, refused.json["code"]) == (409, "item.out")
    assert "Aïcha" not in refused.text


def test_a_picture_of_what_comes_back_broken_is_kept_and_what_is_none_is_refused(door, codes, app, monkeypatch):
    loan = door("/loans", loan_of(codes)).json
    counts = [{"component": each["id"], "state": "complete"} for each in loan["lines"][0]["counts"]]
    counts[0] |= {"state": "damaged", "note": "écran fendu"}
    pixel, where = BytesIO(), f"/items/{codes['item']}/return"
    Image.new("RGB", (40, 30), "navy").save(pixel, "JPEG")
    photo = {"component": counts[0]["component"], "photo": b64encode(pixel.getvalue()).decode()}
    assert door(where, {"counts": counts, "photos": [photo | {"photo": "abc"}]}).status_code == 422
    assert door(where, {"counts": counts, "photos": [photo, photo]}).status_code == 422
    for wrong in (counts[1]["component"], 999_999):
        refused = door(where, {"counts": counts, "photos": [photo, photo | {"component": wrong}]})
        assert (refused.status_code, str(wrong) in refused.text) == (422, True), refused.text + "it came back whole, or is none"
    with monkeypatch.context() as patched:
        patched.setattr("refurb.kernel.web.fields.clean_picture", lambda _read: pytest.fail("read before they were counted"))
        assert door(where, {"counts": counts, "photos": [photo] * 7}).status_code == 422
    assert door(where, {"counts": counts, "photos": [photo]}).status_code == 200
    with app.app_context():
        (damage,) = db.session.query(Damage)
        assert (damage.note, fetch(damage.photo)[:3]) == ("écran fendu", b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        ({"borrower": "zzz"}, 404, "not_found"),
        ({"borrower": None}, 422, "loan.no_borrower"),
        ({"lines": []}, 422, "loan.empty"),
        ({"lines": "x"}, 422, "invalid"),
        ({"lines": [{"item": "11111111"}]}, 404, "not_found"),
        ({"on_paper": False}, 422, "loan.not_signed"),
        ({"signature": "x"}, 422, "invalid"),
    ],
)
def test_what_is_wrong_is_said_by_code(door, codes, app, spoil, status, code):
    refused = door("/loans", loan_of(codes) | spoil)
    assert (refused.status_code, refused.json["code"]) == (status, code)
    with app.app_context():
        assert db.session.query(Loan).count() == 0


@pytest.mark.parametrize("move", ["lend", "take_back", "take_back_incomplete", "leave", "rejoin"])
def test_a_step_of_another_deed_has_no_door(door, codes, app, move):
    assert door(f"/items/{codes['item']}/{move}", {"loan_id": 1}).status_code == 404
    with app.app_context():
        assert db.session.query(Item).one().state == "available"


def test_nobody_closes_a_loan_by_hand(door, codes):
    reference = door("/loans", loan_of(codes)).json["reference"]
    assert door(f"/loans/{reference}/close").status_code == 404


def test_moves_of_an_item_work(door, codes):
    assert door(f"/items/{codes['item']}/send_to_repair", {"reason": "écran"}).json["state"] == "in_repair"
    assert door(f"/items/{codes['item']}/repair").json["state"] == "to_check"
    assert door(f"/items/{codes['item']}/check").json["code"] == "item.not_wiped"
    assert door(f"/items/{codes['item']}/check", {"wiped": True}).json["state"] == "available"


def test_borrowers_and_items_are_entered(door, app):
    made = door("/borrowers", {"name": "Zoé", "phone": "0549000000", "is_adult": True})
    assert made.status_code == 201
    assert door("/borrowers", {"name": "Léo", "phone": "0549000000"}).json["fields"]["is_adult"][0]["code"] == "field.must_tick"
    with app.app_context():
        product = desk.product().id
    told = {"product_id": product, "name": "Malle", "components": [{"name": "Robot", "quantity": 2, "value_cents": 100}]}
    item = door("/items", told)
    assert item.json["components"][0]["quantity"] == 2
    assert door("/items", told | {"components": []}).json["code"] == "item.without_components"
    assert [row["name"] for row in door.agent.get("/api/v1/items?q=malle").json["items"]] == ["Malle"]
    assert door.agent.get("/api/v1/borrowers?q=zoe").json["total"] == 1


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_who_may_not_is_refused(signed_in, codes, role):
    stranger = signed_in(role)
    for path in ("/loans", "/borrowers", f"/borrowers/{codes['who']}"):
        assert stranger.get(f"/api/v1{path}").status_code == 403
    answer = stranger.post("/api/v1/loans", json=loan_of(codes), headers={"X-CSRFToken": stranger.token()})
    assert answer.status_code == 403


def test_without_a_token_nothing_is_written(door, codes, app):
    assert door.agent.post("/api/v1/loans", json=loan_of(codes)).status_code == 400
    with app.app_context():
        assert db.session.query(Loan).count() == 0
