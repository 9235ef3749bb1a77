"""Every operation of the JSON door, with whatever its description lets somebody send: answered as described, and never by a fault."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from refurb.demo.people import PEOPLE
from refurb.kernel.speech.clock import now
from tests.support.client import checking
from tests.test_demo import filled

__all__ = ["filled"]

pytestmark = pytest.mark.soak

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 40


class WhatIsThere:
    """What the operations that only read tell of the demonstration, by the names of their fields: so that a deed finds its subject."""

    def __init__(self, client, paths):
        self.told = defaultdict(list)
        lists = [path for path, operations in paths.items() if "get" in operations and "{" not in path]
        for path in lists:
            rows = client.get(path).json
            self.keep(rows, path.removeprefix("/api/v1/").partition("/")[0])

    def keep(self, value, name):
        """Keep each plain value under the name of its field, and the values of a row also under that of its list."""
        if isinstance(value, dict):
            for key, each in value.items():
                if isinstance(each, (str, int)):
                    self.told[name, key].append(each)
                self.keep(each, name if key in {"items", "rows", "results", name} else key)
        elif isinstance(value, list):
            for each in value:
                self.keep(each, name)
        elif isinstance(value, (str, int)):
            self.told[name].append(value)

    def of_path(self, path, name, drawn):
        """A value for the changing part of a path, of a row of its list where that tells one."""
        of_list = path.removeprefix("/api/v1/").partition("/")[0]
        known = self.told[of_list, name] or self.told[of_list, "id"]
        return drawn.choice(known) if known else drawn.randint(1, 9)

    def mixed(self, value, name, drawn):
        """The same value with some of what it holds replaced by what is there."""
        if isinstance(value, dict):
            return {key: self.mixed(each, key, drawn) for key, each in value.items()}
        if isinstance(value, list):
            return [self.mixed(each, name, drawn) for each in value]
        if isinstance(value, bool) or value is None or drawn.random() < 0.3:
            return value
        if isinstance(value, int):
            return drawn.randint(0, 30)
        if not isinstance(value, str):
            return value
        day = now().date() + timedelta(days=drawn.randint(-20, 60))
        known = [
            each for key, values in self.told.items() if key == name or (isinstance(key, tuple) and key[-1] == name) for each in values
        ]
        codes = self.told[drawn.choice(["items", "devices", "borrowers", "parts"]), "code"]
        return str(drawn.choice([*known[:40], *codes[:5], day.isoformat(), f"{day.isoformat()}T10:00", "2", "Oui, merci"]))


def ask_about(operation, headers, cookies, there=None):
    """Send what is drawn from an operation's description; mixed with what is there, where that is given."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
    @given(case=operation.as_strategy(), seed=strategies.integers(0, 2**30))
    def ask(case, seed):
        if there is not None:
            drawn = random.Random(seed)
            for name in case.path_parameters or {}:
                case.path_parameters[name] = there.of_path(operation.path, name, drawn)
            if isinstance(case.body, (dict, list)):
                case.body = there.mixed(case.body, "", drawn)
            if case.query:
                case.query = there.mixed(dict(case.query), "", drawn)
        case.validate_response(case.call(headers=headers, cookies=cookies), checks=CHECKS)

    ask()


@pytest.mark.parametrize("is_mixed", [False, True], ids=["as_described", "with_what_is_there"])
def test_nothing_is_found(filled, is_mixed):
    client = checking(filled)
    client.sign_in(PEOPLE[0].email)
    # As it is: the reader of answers within the process unpacks none.
    headers = {"X-CSRFToken": client.token(), "Accept-Encoding": "identity"}
    cookies = {"refurb": client.get_cookie("refurb").value}
    there = WhatIsThere(client, client.get("/api/v1/openapi.json").json["paths"]) if is_mixed else None
    found = []
    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", filled).get_all_operations():
        operation = result.ok()
        try:
            ask_about(operation, headers, cookies, there)
        except BaseExceptionGroup as group:  # Each operation is asked, and all that is found is told.
            found.append((operation.label, [str(each)[:700] for each in group.exceptions]))
        except Exception as fault:  # noqa: BLE001 - a fault of ours, which the application in tests lets through
            found.append((operation.label, [repr(fault)[:700]]))
    assert found == []
