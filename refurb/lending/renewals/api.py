"""Loans that go on, on the JSON door."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body
from refurb.kernel.web.guards import requires
from refurb.lending.loans.queries import loan_by_reference
from refurb.lending.models import LoanLine
from refurb.lending.renewals.actions import renew_all
from refurb.lending.renewals.queries import Renewal, renewals_of
from refurb.lending.renewals.schemas import RenewalTold

P = Permission

api = api_blueprint("renewals", "Loans that go on for longer.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: nothing was changed."}


def _may(each: Renewal) -> dict[str, Any]:
    return {
        "line": each.line.id,
        "item": each.line.item.code,
        "due_on": plain(each.line.due_on),
        "until": plain(each.until),
        "renewed": each.done,
        "most": each.most,
        "in_the_way": each.refusal.code if each.refusal else None,
    }


def _due(line: LoanLine) -> dict[str, Any]:
    return {"line": line.id, "item": line.item.code, "due_on": plain(line.due_on)}


@api.get("/loans/<reference>/renewals")
@api.response(200)
@requires(P.LOAN_READ)
def list_renewals(actor: Actor, reference: str) -> Any:
    """Until when each thing of a loan that is out may stay, and by its code what is in the way of more."""
    return [_may(each) for each in renewals_of(loan_by_reference(actor, reference))]


@api.post("/loans/<reference>/renew")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@api.alt_response(422, **_REFUSED)
@api.doc(requestBody={"content": {"application/json": {"schema": RenewalTold}}})
@requires(P.LOAN_WRITE)
def renew_a_loan(actor: Actor, reference: str) -> Any:
    """Let lines of a loan go on: each by `line`, `until` a day or as long as the rule says; all that are out where none is told."""
    facts = load(RenewalTold, json_body())
    loan = loan_by_reference(actor, reference)
    with unit_of_work():
        return answer({"lines": [_due(line) for line in renew_all(actor, loan, facts["lines"])]})
