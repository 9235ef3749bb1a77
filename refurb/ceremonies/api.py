"""Ceremonies on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import url_for

from refurb.ceremonies.actions import choose_families, plan_ceremony
from refurb.ceremonies.door.actions import let_in_by_code
from refurb.ceremonies.door.schemas import DoorScan
from refurb.ceremonies.guests.actions import add_guest
from refurb.ceremonies.guests.corrections import change_guest, forget_guest, note_posted
from refurb.ceremonies.guests.queries import guests_of, invitation_at, invited_families
from refurb.ceremonies.guests.schemas import GuestTold
from refurb.ceremonies.guests.views import DOORS as INVITATION_DOORS
from refurb.ceremonies.guests.views import dump as dump_invitation
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
from refurb.kernel.web.routes import writes
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


@api.get("/ceremonies/<int:number>/invitations")
@api.response(200)
@requires(P.CEREMONY_READ)
def list_ceremony_invitations(actor: Actor, number: int) -> Any:
    """Who is invited, guests by kind and families by the position of their turn; nobody by name."""
    found = ceremony_for(actor, number)
    return {"invitations": [dump_invitation(each, actor) for each in (*guests_of(found), *invited_families(found))]}


@api.post("/ceremonies/<int:number>/invitations")
@api.response(201)
@api.alt_response(409, schema=RefusalSchema, description="Refused: nothing was changed.")
@api.doc(requestBody={"content": {"application/json": {"schema": GuestTold}}})
@requires(P.CEREMONY_WRITE)
def create_ceremony_invitation(actor: Actor, number: int) -> Any:
    """Write a guest down; nothing leaves until the invitation is sent."""
    found, facts = ceremony_for(actor, number), load(GuestTold, json_body())
    with unit_of_work():
        made = add_guest(actor, found, **facts)
        return answer(dump_invitation(made, actor), 201, location=url_for(".list_ceremony_invitations", number=number))


@writes(
    api, "/ceremonies/<int:number>/invitations/<int:invited>/guest", P.CEREMONY_WRITE, method="PUT", takes=GuestTold,
    refused=(404, 409, 422),
)  # fmt: skip
def correct_ceremony_guest(actor: Actor, number: int, invited: int) -> Any:
    """Correct what is written of a guest; whoever was asked at another address is written to anew."""
    found, facts = invitation_at(actor, number, invited), load(GuestTold, json_body())
    with unit_of_work():
        change_guest(actor, found, **facts)
        return answer(dump_invitation(found, actor))


@writes(api, "/ceremonies/<int:number>/invitations/<int:invited>/guest", P.CEREMONY_WRITE, method="DELETE", refused=(404, 409))
def forget_ceremony_guest(actor: Actor, number: int, invited: int) -> Any:
    """Forget a guest before the term: name, addresses and needs; how many came stays."""
    found = invitation_at(actor, number, invited)
    with unit_of_work():
        forget_guest(actor, found)
        return answer(dump_invitation(found, actor))


@api.post("/ceremonies/<int:number>/arrivals")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="Everybody whom the code stands for is in already: nothing was counted.")
@api.doc(requestBody={"content": {"application/json": {"schema": DoorScan}}})
@requires(P.CEREMONY_WRITE)
def create_ceremony_arrival(actor: Actor, number: int) -> Any:
    """Let everybody in whom a scanned `code` stands for; once, whichever door is faster."""
    found, facts = ceremony_for(actor, number), load(DoorScan, json_body())
    with unit_of_work():
        return answer(dump_invitation(let_in_by_code(actor, found, facts["code"]), actor))


add_api(api, INVITATION_DOORS, "/ceremonies/<int:number>/invitations/<int:invited>")
add_api(api, doors, "/ceremonies/<int:number>")
add_api(api, turn_doors, "/ceremonies/<int:number>/turns/<int:position>")


@writes(api, "/ceremonies/<int:number>/invitations/<int:invited>/letter-posted", P.CEREMONY_WRITE)
def create_letter_posted(actor: Actor, number: int, invited: int) -> Any:
    """Say that the letter which was due to a guest was posted."""
    found = invitation_at(actor, number, invited)
    with unit_of_work():
        note_posted(actor, found)
        return answer(dump_invitation(found, actor))
