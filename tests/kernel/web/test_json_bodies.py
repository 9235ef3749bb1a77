"""The one reader of JSON bodies: what is no object is refused on every route of the JSON door, and nothing is done."""

import pytest
from werkzeug.routing import IntegerConverter

from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import SERVICE, Role
from tests.support.story import workshop

JSON = "application/json"
BODIES = {
    "[1]": "body.not_an_object",
    '"x"': "body.not_an_object",
    "null": "body.not_an_object",
    "{": "body.not_json",
    "[" * 100_000: "body.not_json",
    '{"a": ' + "[" * 40 + "]" * 40 + "}": "body.not_json",
    '{"a": NaN}': "body.not_json",
    '{"a": ' + "9" * 5000 + "}": "body.not_json",
    '{"a": "\udcff"}': "body.not_json",
    '{"lines": [' + "{}," * 10_000 + "{}]}": "body.too_much",
}
NAMES = ["list", "text", "null", "cut", "deep", "too_deep", "no_number", "too_long", "not_utf8", "too_much"]
FILES = {
    "api_inventory.waste_certificate_json",
    "api_agent.agent_erasures",
    "api_agent.agent_hardware",
    "api_evidence.donor_statements_json",
    "api_evidence.erasure_reports_json",
    "api_evidence.hardware_reports_json",
    "api_inventory.gift_value_json",
    "api_inventory.list_receive_json",
}


def routes(app, prefix="/api/"):
    """Every route of a door that changes something: its endpoint, its method and an address of it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(prefix):
            where = {name: 1 if isinstance(each, IntegerConverter) else "ZZZZ" for name, each in rule._converters.items()}
            for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
                yield rule.endpoint, method, adapter.build(rule.endpoint, where, method=method)


def send(client, method, address, body, content_type=JSON):
    data = body.encode("utf-8", "surrogateescape")
    return client.open(address, method=method, data=data, content_type=content_type, headers={"X-CSRFToken": client.token()})


@pytest.mark.parametrize(("body", "code"), BODIES.items(), ids=NAMES)
def test_a_body_that_is_no_object_is_refused_on_every_route(app, signed_in, body, code):
    client = signed_in(Role.ADMIN)
    found = list(routes(app))
    assert len(found) > 100
    for endpoint, method, address in found:
        if endpoint not in FILES:
            refused = send(client, method, address, body)
            assert (endpoint, refused.status_code, refused.json["code"]) == (endpoint, 422, "invalid")
            assert [fault["code"] for fault in refused.json["fields"]["_body"]] == [code]


@pytest.mark.parametrize("body", ["[1]"])
def test_a_page_that_is_sent_json_answers_without_a_fault(app, signed_in, body):
    client = signed_in(Role.ADMIN)
    found = [each for each in routes(app, "/") if not each[2].startswith("/api/") and each[0] != "accounts.sign_out"]
    assert len(found) > 60
    for endpoint, method, address in found:
        assert (endpoint, send(client, method, address, body).status_code < 500) == (endpoint, True)


def test_a_route_takes_files_only_where_it_says_so(app):
    said = {endpoint for endpoint, _, _ in routes(app) if hasattr(app.view_functions[endpoint], "takes_files")}
    assert said == FILES


@pytest.mark.parametrize("body", BODIES, ids=NAMES)
@pytest.mark.parametrize(("move", "start"), [("accept", DeviceState.RECEIVED), ("lose", DeviceState.RECEIVED)])
def test_it_moves_no_machine(app, signed_in, move, start, body):
    with app.app_context():
        code = workshop.laptop().code
    refused = send(signed_in(Role.COORDINATOR), "POST", f"/api/v1/devices/{code}/{move}", body)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    with app.app_context():
        assert device_by_code(SERVICE, code).state is start


@pytest.mark.parametrize("body", ["", "{}"])
def test_nothing_and_an_empty_object_are_as_good_where_nothing_is_needed(app, signed_in, body):
    with app.app_context():
        code = workshop.laptop().code
    done = send(signed_in(Role.TECHNICIAN), "POST", f"/api/v1/devices/{code}/accept", body)
    assert (done.status_code, done.json["state"]) == (200, DeviceState.TO_ERASE)


def test_a_body_that_is_not_said_to_be_json_is_refused(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    refused = send(signed_in(Role.TECHNICIAN), "POST", f"/api/v1/devices/{code}/accept", "{}", "text/plain")
    assert [fault["code"] for fault in refused.json["fields"]["_body"]] == ["body.not_said_to_be_json"]


def test_who_is_nobody_is_told_that_first(app):
    refused = app.test_client().post("/api/v1/devices/ZZZZ/accept", data="{", content_type=JSON)
    assert refused.status_code in {400, 401}
    assert refused.json["code"] != "invalid"
