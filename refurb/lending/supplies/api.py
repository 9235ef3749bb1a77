"""What is used up, on the JSON door."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.routes import reads, writes
from refurb.lending.supplies.actions import add_supply, correct_supply, move_supply
from refurb.lending.supplies.models import Supply
from refurb.lending.supplies.queries import stocks_of, supplies, supply_by_id
from refurb.lending.supplies.schemas import SupplyFacts, SupplyMoveTold, SupplyRecord

P = Permission

api = api_blueprint("supplies", "What is given away or used up, counted at each place.")


def _dump(supply: Supply) -> dict[str, Any]:
    return {
        "id": supply.id,
        "name": supply.name,
        "unit": supply.unit,
        "low_at": supply.low_at,
        "retired_at": plain(supply.retired_at),
        "stocks": [{"site_id": each.site_id, "here": each.here, "is_low": each.is_low} for each in stocks_of(supply)],
    }


@reads(api, "/supplies", P.LOAN_READ)
def list_supplies(_actor: Actor) -> Any:
    """Everything that is kept, by name, with how much of it lies at each place."""
    return {"supplies": [_dump(each) for each in supplies()]}


@writes(api, "/supplies", P.ITEM_WRITE, takes=SupplyFacts, done=201, refused=(409, 422))
def create_supply(actor: Actor) -> Any:
    """Enter something that is given away or used up."""
    facts = load(SupplyFacts, json_body())
    with unit_of_work():
        return answer(_dump(add_supply(actor, **facts)), 201)


@writes(api, "/supplies/<int:number>", P.ITEM_WRITE, method="PUT", takes=SupplyRecord, refused=(409, 422))
def change_supply(actor: Actor, number: int) -> Any:
    """Write it anew, or keep it no more (`retired`)."""
    facts = load(SupplyRecord, json_body())
    found = supply_by_id(number)
    with unit_of_work():
        correct_supply(actor, found, **facts)
        return answer(_dump(found))


@writes(api, "/supplies/<int:number>/moves", P.LOAN_WRITE, takes=SupplyMoveTold, done=201, refused=(409, 422))
def tell_supply_move(actor: Actor, number: int) -> Any:
    """So much was received or given at a place, or counted there: then `quantity` is what is really there, with the reason."""
    facts = load(SupplyMoveTold, json_body())
    found = supply_by_id(number)
    with unit_of_work():
        move_supply(actor, found, **facts)
        return answer(_dump(found), 201)
