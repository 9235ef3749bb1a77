"""Suspensions on the JSON door."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.guards import requires
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.models import Borrower
from refurb.lending.suspensions.actions import lift_suspension, suspend
from refurb.lending.suspensions.queries import suspension_of

P = Permission

api = api_blueprint("suspensions", "Borrowers whose loans are suspended.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: nothing was changed."}
_TAKES = {"content": {"application/json": {"schema": Reason}}}


def _dump(borrower: Borrower) -> dict[str, Any]:
    found = suspension_of(borrower)
    return {"borrower": borrower.code, "suspended": {"since": plain(found.since), "why": found.why.value} if found else None}


@api.post("/borrowers/<code>/suspend")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@api.doc(requestBody=_TAKES)
@requires(P.LOAN_WRITE)
def suspend_a_borrower(actor: Actor, code: str) -> Any:
    """Lend somebody nothing for now: neither a departure, nor a reservation, nor a renewal; returns are taken."""
    facts = load(Reason, json_body())
    borrower = borrower_by_code(actor, code)
    with unit_of_work():
        suspend(actor, borrower, **facts)
        return answer(_dump(borrower))


@api.post("/borrowers/<code>/lift")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@api.doc(requestBody=_TAKES)
@requires(P.LOAN_WRITE)
def lift_a_suspension(actor: Actor, code: str) -> Any:
    """Lend to somebody again."""
    facts = load(Reason, json_body())
    borrower = borrower_by_code(actor, code)
    with unit_of_work():
        lift_suspension(actor, borrower, **facts)
        return answer(_dump(borrower))
