"""What is asked back, on the JSON door."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.guards import requires
from refurb.lending.items.queries import line_by_id
from refurb.lending.models import LoanLine
from refurb.lending.recalls.actions import recall, undo_recall
from refurb.lending.recalls.queries import recall_of
from refurb.lending.recalls.schemas import RecallTold

P = Permission

api = api_blueprint("recalls", "What is asked back before its day.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: nothing was changed."}


def _dump(line: LoanLine) -> dict[str, Any]:
    found = recall_of(line)
    return {
        "line": line.id,
        "item": line.item.code,
        "due_on": plain(line.due_on),
        "recalled": {"at": plain(found.recalled_at), "instead_of": plain(found.before)} if found else None,
    }


@api.post("/loans/<reference>/lines/<int:number>/recall")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@api.alt_response(422, **_REFUSED)
@api.doc(requestBody={"content": {"application/json": {"schema": RecallTold}}})
@requires(P.LOAN_WRITE)
def recall_a_thing(actor: Actor, reference: str, number: int) -> Any:
    """Ask a thing back on a day before the one agreed on; its borrower gets a letter, which says nothing of the reason."""
    facts = load(RecallTold, json_body())
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        recall(actor, line, **facts)
        return answer(_dump(line))


@api.post("/loans/<reference>/lines/<int:number>/undo_recall")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@api.doc(requestBody={"content": {"application/json": {"schema": Reason}}})
@requires(P.LOAN_WRITE)
def withdraw_a_recall(actor: Actor, reference: str, number: int) -> Any:
    """Let a thing stay until the day that was agreed on after all."""
    facts = load(Reason, json_body())
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        undo_recall(actor, line, **facts)
        return answer(_dump(line))
