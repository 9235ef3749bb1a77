"""The JSON door of what is bought for hand-overs: by the reference of the file, without a name."""

from typing import Any

from flask import request

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.routes import reads, writes
from refurb.referrals.cases.purchase_schemas import FunderTold, PurchaseAdded, PurchasePut, PurchaseRevised
from refurb.referrals.cases.purchases import (
    add_purchase,
    drop_purchase,
    dump_purchase,
    free_purchases,
    fund_purchase,
    paid_between,
    purchases_prepared,
    put_purchase,
    revise_purchase,
)
from refurb.referrals.cases.queries.allocations import allocation_numbered
from refurb.referrals.cases.views.purchases import year_from

P = Permission

api = api_blueprint("purchases", "New equipment bought for hand-overs: what, for how much, and who pays for it.")


@reads(api, "/purchases", P.ALLOCATION_WRITE)
def list_purchases(_actor: Actor) -> Any:
    """What is bought for hand-overs that are prepared, and what was bought for nobody any more (`referral` is null)."""
    prepared = [{**dump_purchase(each), "referral": reference} for each, reference in purchases_prepared()]
    return {"items": [*prepared, *({**dump_purchase(each), "referral": None} for each in free_purchases())]}


@reads(api, "/purchases/paid", P.ALLOCATION_WRITE)
def purchases_paid(_actor: Actor) -> Any:
    """Of what was bought and handed over in a year (`year`, this one without): how many things, and who paid how much."""
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdecimal() and 1990 <= int(asked) <= today().year else today().year
    paid = paid_between(year_from(year), year_from(year + 1))
    return {"year": year, **paid, "funders": [{"name": name, "cents": cents} for name, cents in paid["funders"]]}


@writes(api, "/allocations/<int:number>/purchases", P.ALLOCATION_WRITE, takes=PurchaseAdded, refused=(409, 422))
def add_handover_purchase(actor: Actor, number: int) -> Any:
    """Something new is bought for a hand-over; `euros` and `share` with a comma or a point."""
    facts = load(PurchaseAdded, json_body())
    with unit_of_work():
        return answer(dump_purchase(add_purchase(actor, allocation_numbered(actor, number), **facts)))


@writes(api, "/allocations/<int:number>/purchases/put", P.ALLOCATION_WRITE, takes=PurchasePut, refused=(409, 422))
def put_handover_purchase(actor: Actor, number: int) -> Any:
    """What was bought for somebody else goes with this hand-over."""
    facts = load(PurchasePut, json_body())
    with unit_of_work():
        return answer(dump_purchase(put_purchase(actor, allocation_numbered(actor, number), **facts)))


@writes(
    api, "/allocations/<int:number>/purchases/<int:purchase>", P.ALLOCATION_WRITE, method="PUT", takes=PurchaseRevised, refused=(409, 422)
)
def revise_handover_purchase(actor: Actor, number: int, purchase: int) -> Any:
    """What is bought, for how much, what the person pays, when it was ordered and when it came."""
    facts = load(PurchaseRevised, json_body())
    with unit_of_work():
        return answer(dump_purchase(revise_purchase(actor, allocation_numbered(actor, number), purchase, **facts)))


@writes(api, "/allocations/<int:number>/purchases/<int:purchase>/funders", P.ALLOCATION_WRITE, method="PUT", takes=FunderTold)
def fund_handover_purchase(actor: Actor, number: int, purchase: int) -> Any:
    """An organisation pays so much of it; nought takes it off. What is left is ours."""
    facts = load(FunderTold, json_body())
    with unit_of_work():
        return answer(dump_purchase(fund_purchase(actor, allocation_numbered(actor, number), purchase, **facts)))


@writes(api, "/allocations/<int:number>/purchases/<int:purchase>", P.ALLOCATION_WRITE, method="DELETE")
def drop_handover_purchase(actor: Actor, number: int, purchase: int) -> Any:
    """It is not given by this hand-over after all; what was ordered may be put to another."""
    with unit_of_work():
        allocation = allocation_numbered(actor, number)
        drop_purchase(actor, allocation, purchase)
        return answer({"dropped": purchase})
