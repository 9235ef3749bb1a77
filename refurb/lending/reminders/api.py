"""What is said to be back, on the JSON door."""

from typing import Any

from refurb.directory.texting.schemas import SmsChosen
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.guards import requires
from refurb.kernel.web.routes import writes
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.borrowers.sms import choose_sms
from refurb.lending.items.queries import line_by_id
from refurb.lending.models import LoanLine
from refurb.lending.reminders.actions import note_not_found, say_back

P = Permission

api = api_blueprint("reminders", "What borrowers say of the things that they have.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: nothing was changed."}


def _said(line: LoanLine) -> dict[str, Any]:
    return {"line": line.id, "item": line.item.code, "due_on": plain(line.due_on), "said_back_at": plain(line.said_back_at)}


@api.post("/loans/<reference>/lines/<int:number>/said_back")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@requires(P.LOAN_WRITE)
def say_it_is_back(actor: Actor, reference: str, number: int) -> Any:
    """Whoever has a thing says that it was brought back: it is looked for, and nobody is reminded meanwhile."""
    load(NoFacts, json_body())
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        return answer(_said(say_back(actor, line)))


@api.post("/loans/<reference>/lines/<int:number>/not_found")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@requires(P.LOAN_WRITE)
def say_it_is_not_found(actor: Actor, reference: str, number: int) -> Any:
    """What was said to be back was looked for in vain: its reminders go on."""
    load(NoFacts, json_body())
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        return answer(_said(note_not_found(actor, line)))


@writes(api, "/borrowers/<code>/sms", P.BORROWER_WRITE, method="PUT", takes=SmsChosen)
def choose_sms_of_borrower(actor: Actor, code: str) -> Any:
    """Whether somebody wants short messages."""
    borrower, facts = borrower_by_code(actor, code), load(SmsChosen, json_body())
    with unit_of_work():
        choose_sms(actor, borrower, **facts)
        return answer({"borrower": borrower.code, "sms_refused_at": plain(borrower.sms_refused_at)})
