"""The description of the JSON door is true: it can be read, names each operation, and tells its refusals as they are."""

import re
from collections import Counter

import pytest
from flask import Flask
from flask_smorest import Blueprint

from refurb.kernel.deeds.access import Role
from refurb.kernel.web.api import PREFIX, RefusalSchema, setup
from tests.support.client import checking

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture
def spec(client):
    return client.get("/api/v1/openapi.json").json


def open_paths(app):
    """The addresses that strangers may ask: nobody is refused there for who they are."""
    views = app.view_functions
    rules = (each for each in app.url_map.iter_rules() if getattr(views[each.endpoint], "access", None) == "public")
    return {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each.rule) for each in rules}


def operations(spec):
    return [(path, method, each) for path, item in spec["paths"].items() for method, each in item.items() if method in METHODS]


def test_it_is_openapi_3_1_and_every_operation_has_its_name(spec):
    assert spec["openapi"] == "3.1.0"
    names = Counter(each.get("operationId") for _path, _method, each in operations(spec))
    assert None not in names
    assert [name for name, times in names.items() if times > 1] == []
    assert len(names) > 150


def test_every_operation_tells_its_refusals(app, spec):
    public = open_paths(app)
    for path, method, each in operations(spec):
        refused = set() if path in public else {"401", "403"}
        expected = refused | ({"404"} if "{" in path else set()) | ({"409", "422"} if method != "get" else set())
        assert expected <= set(each["responses"]), (path, method)


def test_a_move_tells_its_rules(spec):
    told = spec["paths"]["/api/v1/devices/{code}/pass_tests"]["post"]["responses"]["409"]["description"]
    assert "every_drive_is_clean" in told
    assert "wrong_state" in told


def test_each_refusal_is_as_it_is_described(app, spec, signed_in):
    stranger, client = checking(app), signed_in(Role.ADMIN)
    token = {"X-CSRFToken": client.token()}
    closed = [(path.replace("{", "").replace("}", ""), method) for path, method, _each in operations(spec) if path not in open_paths(app)]
    refused = [stranger.open(path, method=method.upper()) for path, method in closed]
    refused += [
        client.get("/api/v1/devices/ZZZZ"),
        client.get("/api/v1/nowhere"),
        client.delete("/api/v1/devices", headers=token),
        client.post("/api/v1/donations", json={"donor_id": "x"}, headers=token),
        client.post("/api/v1/donations", data="[", headers=token, content_type="application/json"),
        client.post("/api/v1/donations", json={}),
        signed_in(Role.OBSERVER).get("/api/v1/referrals"),
    ]
    assert {each.status_code for each in refused} >= {400, 401, 403, 404, 405, 422}
    for answer in refused:
        assert answer.mimetype == "application/json"
        assert RefusalSchema().validate(answer.json) == {}, answer.json
        assert "500" not in answer.json["code"]


def answers():
    return {}


class Stumbling(Blueprint):
    """A part that cannot be described the first time."""

    stumbled = False

    def register_views_in_doc(self, *told, **named):
        if not self.stumbled:
            self.stumbled = True
            raise LookupError("not yet")
        super().register_views_in_doc(*told, **named)


def test_what_could_not_be_described_is_not_left_out_the_next_time():
    app, part = Flask("apart"), Stumbling("api_apart", "apart", description="Apart.", url_prefix=PREFIX)
    part.route("/apart")(answers)
    setup(app, (part,))
    client = app.test_client()
    assert client.get(f"{PREFIX}/openapi.json").status_code == 500
    assert "/api/v1/apart" in client.get(f"{PREFIX}/openapi.json").json["paths"]
