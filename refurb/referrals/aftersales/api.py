"""The JSON door of tickets: what is open, one ticket and its moves, writing one down."""

from typing import Any

from flask import request, url_for

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.referrals.aftersales.actions import note_word, open_ticket, report_for
from refurb.referrals.aftersales.queries import WhichTickets, dump, ticket_by_reference, ticket_listing
from refurb.referrals.aftersales.schemas import NewTicket, NoteTold, TicketForReferral
from refurb.referrals.aftersales.views.tickets import DOORS
from refurb.referrals.cases.queries.referrals import referral_for

P = Permission

api = api_blueprint("tickets", "After-sales: what families have trouble with, and what is done about it.")


@reads(api, "/tickets", P.TICKET_WORK)
def list_tickets(_actor: Actor) -> Any:
    """Tickets: `state` is open (by default) or closed; `q` is the code of a label, or a reference."""
    which = WhichTickets.CLOSED if request.args.get("state") == "closed" else WhichTickets.OPEN
    return listed_rows(ticket_listing(which, request.args.get("q", "")[:60]).page(page_number()))


@reads(api, "/tickets/<reference>", P.TICKET_WORK)
def show_ticket(actor: Actor, reference: str) -> Any:
    """One ticket; how the family is answered only for whoever answers it."""
    return dump(ticket_by_reference(actor, reference), actor)


@writes(api, "/tickets", P.TICKET_WORK, takes=NewTicket, done=201, refused=(409, 422))
def create_ticket(actor: Actor) -> Any:
    """Write a ticket down: of a device with its family by `code`, or of a person's `own_machine`; a picture is base64."""
    facts = load(NewTicket, json_body())
    with unit_of_work():
        made = open_ticket(actor, **facts)
        return answer(dump(made, actor), 201, location=url_for(".show_ticket", reference=made.reference))


@writes(api, "/tickets/<reference>/notes", P.TICKET_WORK, takes=NoteTold, refused=(409, 422))
def write_note(actor: Actor, reference: str) -> Any:
    """A word about a ticket, beside its history."""
    facts = load(NoteTold, json_body())
    found = ticket_by_reference(actor, reference)
    with unit_of_work():
        note_word(actor, found, **facts)
        return answer(dump(found, actor))


@writes(api, "/referrals/<reference>/tickets", P.REFERRAL_WRITE, takes=TicketForReferral, done=201, refused=(409, 422))
def create_ticket_of_referral(actor: Actor, reference: str) -> Any:
    """A prescriber tells what is wrong for the family of her file."""
    found = referral_for(actor, reference)
    facts = load(TicketForReferral, json_body())
    with unit_of_work():
        made = report_for(actor, found, **facts)
        return answer({"reference": made.reference, "state": made.state, "answer_by": made.answer_by.isoformat()}, 201)


add_api(api, DOORS, "/tickets/<reference>")
