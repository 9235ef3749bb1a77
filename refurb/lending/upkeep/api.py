"""The JSON door of upkeep: tickets and their moves, repairs, plans."""

from typing import Any

from flask import request, url_for

from refurb.directory.sites.asked import site_asked
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.lending.items.queries import item_by_code
from refurb.lending.upkeep import views as upkeep_pages
from refurb.lending.upkeep.actions import end_plan, open_repair, plan_upkeep
from refurb.lending.upkeep.models import UpkeepPlan
from refurb.lending.upkeep.queries import WhichUpkeep, plan_of, ticket_by_reference, upkeep_listing
from refurb.lending.upkeep.schemas import NewPlan, NewRepair

P = Permission

api = api_blueprint("upkeep", "What keeps things fit to be lent: plans, repairs, what is due, what was done and what it cost.")


def _plan(plan: UpkeepPlan) -> dict[str, Any]:
    rhythm = {"every_loans": plan.every_loans, "every_months": plan.every_months, "on_date": plain(plan.on_date)}
    return {"id": plan.id, "name": plan.name, "days": plan.days, "product": plan.product_id, "ended_at": plain(plan.ended_at)} | rhythm


@reads(api, "/upkeep", P.LOAN_READ)
def list_upkeep(_actor: Actor) -> Any:
    """Tickets: `state` is to_do (by default), open or done; `q` searches, `site` filters."""
    which = {"open": WhichUpkeep.ALL_OPEN, "done": WhichUpkeep.DONE}.get(request.args.get("state", ""), WhichUpkeep.TO_DO)
    return listed_rows(upkeep_listing(which, request.args.get("q", "")[:100], site_asked()).page(page_number()))


@reads(api, "/upkeep/<reference>", P.LOAN_READ)
def show_repair(actor: Actor, reference: str) -> Any:
    """One ticket."""
    return upkeep_pages.dump(ticket_by_reference(actor, reference), actor)


@writes(api, "/items/<code>/repairs", P.ITEM_WRITE, takes=NewRepair, done=201)
def create_repair(actor: Actor, code: str) -> Any:
    """Say what is wrong with a thing, with a picture as base64; one that `stays` goes to repair where it can."""
    facts = load(NewRepair, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        ticket = open_repair(actor, item, **facts)
        return answer(upkeep_pages.dump(ticket, actor), 201, location=url_for(".show_repair", reference=ticket.reference))


@writes(api, "/items/<code>/plans", P.ITEM_WRITE, takes=NewPlan, done=201, refused=(422,))
def create_plan(actor: Actor, code: str) -> Any:
    """Plan what a thing, or all of its product (`scope`), needs: after `every_loans`, `every_months`, or `on_date`, exactly one of them."""
    facts = load(NewPlan, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        return answer(_plan(plan_upkeep(actor, item, **facts)), 201)


@writes(api, "/items/<code>/plans/<int:number>/end", P.ITEM_WRITE)
def stop_plan(actor: Actor, code: str, number: int) -> Any:
    """Nothing more is planned by a plan; what was open by it is dropped."""
    plan = plan_of(actor, item_by_code(actor, code), number)
    with unit_of_work():
        end_plan(actor, plan)
        return answer(_plan(plan))


add_api(api, upkeep_pages.DOORS, "/upkeep/<reference>")
