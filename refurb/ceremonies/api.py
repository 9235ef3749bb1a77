"""Ceremonies on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import url_for

from refurb.ceremonies.actions import choose_families, plan_ceremony
from refurb.ceremonies.queries import ceremony_for, ceremony_listing, turn_for
from refurb.ceremonies.schemas import Families, Plan
from refurb.ceremonies.views import doors, dump, dump_turn, turn_doors
from refurb.directory.sites.asked import site_asked
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission

api = api_blueprint("ceremonies", "Ceremonies, and each family's turn.")


@api.get("/ceremonies")
@api.response(200)
@requires(P.CEREMONY_READ)
def list_ceremonies(_actor: Actor) -> Any:
    """The ceremonies, the latest date first; `site` filters."""
    return listed_rows(ceremony_listing(site_asked()).page(page_number()))


@api.post("/ceremonies")
@api.response(201)
@api.alt_response(422, schema=RefusalSchema, description="Something is missing or wrong: nothing was kept.")
@api.doc(requestBody={"content": {"application/json": {"schema": Plan}}})
@requires(P.CEREMONY_WRITE)
def create_ceremony(actor: Actor) -> Any:
    """Plan a ceremony; `starts_at` is the time on a wall clock of the territory."""
    facts = load(Plan, json_body())
    with unit_of_work():
        ceremony = plan_ceremony(actor, **facts)
        return answer(dump(ceremony, actor), 201, location=url_for(".show_ceremony", number=ceremony.id))


@api.get("/ceremonies/<int:number>")
@api.response(200)
@requires(P.CEREMONY_READ)
def show_ceremony(actor: Actor, number: int) -> Any:
    """One ceremony with its turns."""
    return dump(ceremony_for(actor, number), actor)


@api.put("/ceremonies/<int:number>/families")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="Refused: nothing was changed.")
@api.doc(requestBody={"content": {"application/json": {"schema": Families}}})
@requires(P.CEREMONY_WRITE)
def set_families(actor: Actor, number: int) -> Any:
    """Say which allocations are handed over there, in this order."""
    ceremony = ceremony_for(actor, number)
    facts = load(Families, json_body())
    with unit_of_work():
        choose_families(actor, ceremony, facts["allocations"] or [])
        return answer(dump(ceremony, actor))


@api.get("/ceremonies/<int:number>/turns/<int:position>")
@api.response(200)
@requires(P.CEREMONY_READ)
def show_turn(actor: Actor, number: int, position: int) -> Any:
    """One turn; `shown` is the sum of what is read before signing, to be sent back with a drawn signature."""
    return dump_turn(turn_for(actor, number, position), actor)


add_api(api, doors, "/ceremonies/<int:number>")
add_api(api, turn_doors, "/ceremonies/<int:number>/turns/<int:position>")
