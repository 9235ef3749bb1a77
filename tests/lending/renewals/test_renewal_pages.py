"""Loans that go on, on screen and by JSON."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.lending.models import Loan
from refurb.lending.renewals.queries import renewal_of
from tests.support.story import desk


@pytest.fixture
def told(app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        return {"reference": loan.reference, "line": loan.lines[0].id, "until": renewal_of(loan.lines[0]).until.isoformat()}


def test_the_desk_lets_a_loan_go_on_and_reads_why_not_twice(signed_in, told, app):
    agent, path = signed_in(Role.DESK), f"/prets/{told['reference']}/prolonger"
    assert path in agent.get(f"/prets/{told['reference']}").text
    assert told["until"] in agent.get(path).text
    assert agent.submit(path, {"until-1": ""}).status_code == 422, "nothing is ticked"
    sent = agent.submit(path, {"line": told["line"], f"until-{told['line']}": told["until"]})
    assert sent.status_code == 303
    with app.app_context():
        assert db.session.query(Loan).one().lines[0].due_on.isoformat() == told["until"]
    again = agent.get(path)
    assert "Ne se prolonge pas" in again.text
    assert "1 prolongation" in again.text


def test_by_json(signed_in, told):
    agent = signed_in(Role.DESK)
    path = f"/api/v1/loans/{told['reference']}"
    (may,) = agent.get(f"{path}/renewals").json
    assert (may["until"], may["renewed"], may["most"], may["in_the_way"]) == (told["until"], 0, 1, None)
    headers = {"X-CSRFToken": agent.token()}
    done = agent.post(f"{path}/renew", json={"lines": [{"line": told["line"], "until": told["until"]}]}, headers=headers)
    assert [each["due_on"] for each in done.json["lines"]] == [told["until"]]
    again = agent.post(f"{path}/renew", json={}, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "renewal.none_left")
