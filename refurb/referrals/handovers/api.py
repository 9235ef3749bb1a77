"""The JSON door of hand-over appointments: slots, invitations, what was chosen."""

from typing import Any

from flask import url_for

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.guards import requires
from refurb.kernel.web.routes import writes
from refurb.referrals.cases.queries.allocations import allocation_numbered
from refurb.referrals.cases.scope import visible
from refurb.referrals.handovers import views
from refurb.referrals.handovers.actions import invite, open_slots, withdraw_slot
from refurb.referrals.handovers.queries import SlotRoom, invitation_of_allocation, slot_by_id, slots_to_come
from refurb.referrals.handovers.schemas import Invited, SlotsOpened, VisitTogether
from refurb.referrals.handovers.together import visit_together

P = Permission

api = api_blueprint("handovers", "Hand-over appointments: the slots, who was invited, which hour was chosen.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: nothing was changed."}


def _room(each: SlotRoom) -> dict[str, Any]:
    slot = each.slot
    return {
        "id": slot.id, "site": slot.site_id, "at_home": slot.at_home, "day": plain(slot.day), "from_minute": slot.from_minute,
        "until_minute": slot.until_minute, "places": each.places, "left": each.left,
    }  # fmt: skip


@api.get("/handover-slots")
@api.response(200)
@requires(P.HANDOVER_WRITE)
def list_handover_slots(_actor: Actor) -> Any:
    """The slots from today on, in minutes of the day by the clocks of the place, with how many places are left."""
    return {"slots": [_room(each) for each in slots_to_come()]}


@api.post("/handover-slots")
@api.response(201)
@api.alt_response(422, **_REFUSED)
@api.doc(requestBody={"content": {"application/json": {"schema": SlotsOpened}}})
@requires(P.APPOINTMENT_WRITE)
def open_handover_slots(actor: Actor) -> Any:
    """Open as many slots as fit into the `hours` of a day (« 14h-17h »), the same for so many `weeks`; closed days are left aside."""
    facts = load(SlotsOpened, json_body())
    with unit_of_work():
        opened = open_slots(actor, **facts)
        told = {"opened": opened.made, "closed": opened.closed, "known": opened.known}
        return answer(told, 201, location=url_for(".list_handover_slots"))


@api.post("/handover-slots/<int:number>/withdraw")
@api.response(200)
@api.alt_response(409, **_REFUSED)
@requires(P.APPOINTMENT_WRITE)
def withdraw_handover_slot(actor: Actor, number: int) -> Any:
    """Take a slot away that nobody has chosen."""
    found = slot_by_id(actor, number)
    with unit_of_work():
        withdraw_slot(actor, found)
        return answer({"id": found.id, "withdrawn": True})


@writes(api, "/handover-visits", P.APPOINTMENT_WRITE, takes=VisitTogether, done=201, refused=(409, 422))
def create_group_visit(actor: Actor) -> Any:
    """One visit for several residents of one structure: a place of the `slot` for each of the `allocations`, or for none."""
    facts = load(VisitTogether, json_body())
    with unit_of_work():
        made = visit_together(actor, **facts)
        return answer({"invitations": [views.dump(each, actor) for each in made]}, 201)


@api.get("/allocations/<int:number>/invitation")
@api.response(200)
@requires(P.REFERRAL_READ)
def show_invitation(actor: Actor, number: int) -> Any:
    """The newest invitation to come for the device of an allocation."""
    return views.dump(invitation_of_allocation(actor, number), actor)


@api.post("/allocations/<int:number>/invitation")
@api.response(201)
@api.alt_response(409, **_REFUSED)
@api.alt_response(422, **_REFUSED)
@api.doc(requestBody={"content": {"application/json": {"schema": Invited}}})
@requires(P.HANDOVER_WRITE)
def create_invitation(actor: Actor, number: int) -> Any:
    """Invite the family of an allocation; an earlier invitation is over."""
    facts = load(Invited, json_body())
    with unit_of_work():
        made = invite(actor, allocation_numbered(actor, number, within=visible), **facts)
        return answer(views.dump(made, actor), 201, location=url_for(".show_invitation", number=number))


add_api(api, views.API_DOORS, "/allocations/<int:number>/invitation")
