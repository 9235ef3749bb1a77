"""What is owed and told to the finance office, on the JSON door."""

from typing import Any

from flask import request

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.lending.debts.actions import hand_to_office, take_from_office
from refurb.lending.debts.queries import WhichDebts, debt_listing, debt_of
from refurb.lending.debts.schemas import HandedTold
from refurb.lending.models import Debt

P = Permission

api = api_blueprint("debts", "What borrowers owe, and of what the finance office was told.")
_STATES = {"to_hand": WhichDebts.TO_HAND, "handed": WhichDebts.HANDED, "open": WhichDebts.OPEN}


def _dump(debt: Debt) -> dict[str, Any]:
    return {"id": debt.id, "value_cents": debt.value_cents, "handed_at": plain(debt.handed_at), "settled_at": plain(debt.settled_at)}


@reads(api, "/debts", P.BORROWER_READ)
def list_debts(actor: Actor) -> Any:
    """What is owed, by borrower: `state` is to_hand (by default), handed or open. A value that nobody knows is null, and no nought."""
    which = _STATES.get(request.args.get("state", ""), WhichDebts.TO_HAND)
    return listed_rows(debt_listing(actor, which).page(page_number()))


@writes(api, "/debts/hand", P.LOAN_WRITE, takes=HandedTold, refused=(409, 422))
def hand_debts(actor: Actor) -> Any:
    """The finance office was told of these `debts`, whole or not at all."""
    facts = load(HandedTold, json_body())
    with unit_of_work():
        return answer({"debts": [_dump(each) for each in hand_to_office(actor, facts["debts"])]})


@writes(api, "/borrowers/<code>/debts/<int:number>/not_handed", P.LOAN_WRITE, takes=Reason)
def debt_is_not_handed(actor: Actor, code: str, number: int) -> Any:
    """The finance office was not told of it after all."""
    facts = load(Reason, json_body())
    debt = debt_of(actor, code, number)
    with unit_of_work():
        take_from_office(actor, debt, **facts)
        return answer(_dump(debt))
