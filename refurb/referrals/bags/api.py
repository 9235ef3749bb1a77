"""The JSON door of bags: what is to be put together, a machine scanned, accessories ticked."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.routes import reads, writes
from refurb.referrals.bags.actions import count_bag, fill_bag, pack_machine, pack_purchase
from refurb.referrals.bags.queries import Bag, bag_for, bags_to_prepare
from refurb.referrals.bags.schemas import BagCounted, BagFilled, MachinePacked, numbers_told
from refurb.referrals.cases.lines import dump_lines

P = Permission

api = api_blueprint("bags", "What the workshop puts together for each hand-over, by reference and hour, without a name.")


def _dump(each: Bag) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "day": plain(each.day),
        "from_minute": each.minute,
        "site": each.site_id,
        "at_home": each.at_home,
        "lines": dump_lines(each.lines),
        "missing": plain(each.to_put),
        "bought": [
            {"purchase": line.purchase.id, "what": line.purchase.what, "received": line.purchase.is_here}
            for line in each.bought
            if line.purchase
        ],
        "ready": each.is_ready,
    }


@reads(api, "/bags", P.DEVICE_WORK)
def list_bags(_actor: Actor) -> Any:
    """What is to be handed over, who comes first first."""
    return {"items": [_dump(each) for each in bags_to_prepare()]}


@writes(api, "/bags/<reference>/pack", P.DEVICE_WORK, takes=MachinePacked, refused=(409, 422))
def pack(actor: Actor, reference: str) -> Any:
    """A machine was held and put with the others."""
    facts = load(MachinePacked, json_body())
    with unit_of_work():
        pack_machine(actor, bag_for(actor, reference).allocation_id, **facts)
        return answer(_dump(bag_for(actor, reference)))


@writes(api, "/bags/<reference>/purchases/<int:number>/pack", P.DEVICE_WORK)
def pack_bought(actor: Actor, reference: str, number: int) -> Any:
    """Something that is bought lies in the bag."""
    with unit_of_work():
        pack_purchase(actor, bag_for(actor, reference).allocation_id, number, packed=True)
        return answer(_dump(bag_for(actor, reference)))


@writes(api, "/bags/<reference>/purchases/<int:number>/unpack", P.DEVICE_WORK)
def unpack_bought(actor: Actor, reference: str, number: int) -> Any:
    """It does not lie in the bag after all."""
    with unit_of_work():
        pack_purchase(actor, bag_for(actor, reference).allocation_id, number, packed=False)
        return answer(_dump(bag_for(actor, reference)))


@writes(api, "/bags/<reference>/fill", P.DEVICE_WORK, takes=BagFilled)
def fill(actor: Actor, reference: str) -> Any:
    """These accessories are in the bag, and no other."""
    facts = load(BagFilled, json_body())
    with unit_of_work():
        fill_bag(actor, bag_for(actor, reference).allocation_id, facts["accessories"] or [])
        return answer(_dump(bag_for(actor, reference)))


@writes(api, "/bags/<reference>/count", P.DEVICE_WORK, takes=BagCounted)
def count(actor: Actor, reference: str) -> Any:
    """There are so many of each accessory in the bag."""
    facts = load(BagCounted, json_body())
    with unit_of_work():
        count_bag(actor, bag_for(actor, reference).allocation_id, numbers_told(facts))
        return answer(_dump(bag_for(actor, reference)))
