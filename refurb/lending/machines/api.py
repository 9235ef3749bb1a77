"""The JSON door of machines: their slots for everybody, booking and sessions for whoever keeps them."""

from datetime import timedelta
from typing import Any

from flask import url_for

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body
from refurb.kernel.web.asked import day_asked
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.guards import public, requires
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.machines import desk
from refurb.lending.machines.actions import book_slot
from refurb.lending.machines.queries import FURTHEST, machine_by_id, machines, slot_by_id, week_of_slots
from refurb.lending.machines.schemas import SlotFor

P = Permission

api = api_blueprint("machines", "Machines by the hour: what there is, which slots are free, booking one, what a session took.")
_REFUSED = {"schema": RefusalSchema, "description": "Refused: nothing was changed."}


@api.get("/machines")
@api.response(200)
@public
def list_machines() -> Any:
    """The machines, by name. Without an account."""
    return {
        "machines": [
            {
                "id": each.id, "name": each.name, "about": each.about, "site": each.site_id, "slot_minutes": each.slot_minutes,
                "min_age": each.min_age, "needs_introduction": each.training_minutes is not None, "out_of_order": each.is_out,
                "page": url_for("lending.public_machine", number=each.id, _external=True),
            }
            for each in machines()
        ]
    }  # fmt: skip


@api.get("/machines/<int:number>/slots")
@api.response(200)
@public
def list_slots(number: int) -> Any:
    """The slots of a week `from` a day on, in minutes of the day by the clocks of the place: free or taken, never by whom."""
    asked = day_asked("from") or today()
    first = min(max(asked, today() - timedelta(days=31)), today() + FURTHEST)
    return {
        "slots": [
            {"day": cell.day.isoformat(), "from_minute": cell.from_minute, "until_minute": cell.until_minute, "is": cell.kind.value}
            for _day, cells in week_of_slots(machine_by_id(number), first)
            for cell in cells
        ]
    }


@api.post("/machines/<int:number>/slots")
@api.response(201)
@api.alt_response(409, **_REFUSED)
@api.alt_response(422, **_REFUSED)
@api.doc(requestBody={"content": {"application/json": {"schema": SlotFor}}})
@requires(P.MACHINE_WRITE)
def create_slot(actor: Actor, number: int) -> Any:
    """Book: the borrower's code, the day, the minute of it (`hour`) at which the slot begins, and so many `slots` in a row."""
    facts = load(SlotFor, json_body())
    with unit_of_work():
        made = book_slot(actor, machine_by_id(number), borrower_by_code(actor, facts.pop("borrower")), **facts)
        return answer(desk.dump(made, actor), 201, location=url_for(".show_slot", number=made.id))


@api.get("/machine-slots/<int:number>")
@api.response(200)
@requires(P.MACHINE_WRITE)
def show_slot(actor: Actor, number: int) -> Any:
    """One slot."""
    return desk.dump(slot_by_id(actor, number), actor)


add_api(api, desk.DOORS, "/machine-slots/<int:number>")
