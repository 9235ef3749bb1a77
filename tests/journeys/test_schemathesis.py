"""Every operation of the JSON door, with whatever its description lets somebody send: answered as described, and never by a fault."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from refurb.demo.people import PEOPLE
from tests.support.client import checking
from tests.test_demo import filled

__all__ = ["filled"]

pytestmark = pytest.mark.soak

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 40


def ask_about(operation, headers, cookies):
    """Send what is drawn from an operation's description."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
    @given(case=operation.as_strategy())
    def ask(case):
        case.validate_response(case.call(headers=headers, cookies=cookies), checks=CHECKS)

    ask()


def test_nothing_is_found(filled):
    client = checking(filled)
    client.sign_in(PEOPLE[0].email)
    # As it is: the reader of answers within the process unpacks none.
    headers = {"X-CSRFToken": client.token(), "Accept-Encoding": "identity"}
    cookies = {"refurb": client.get_cookie("refurb").value}
    found = []
    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", filled).get_all_operations():
        operation = result.ok()
        try:
            ask_about(operation, headers, cookies)
        except BaseExceptionGroup as group:  # Each operation is asked, and all that is found is told.
            found.append((operation.label, [str(each)[:700] for each in group.exceptions]))
    assert found == []
