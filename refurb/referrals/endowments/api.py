"""The JSON door of what organisations ask for their own places."""

from typing import Any

from flask import request, url_for

from refurb.documents.schemas import SignatureTold
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.referrals.endowments.actions import add_to_endowment, ask_endowment, drop_from_endowment, sign_endowment
from refurb.referrals.endowments.queries import WhichEndowments, endowment_for, endowment_listing
from refurb.referrals.endowments.schemas import EndowmentAsked, EndowmentMachine
from refurb.referrals.endowments.shown import dump_endowment
from refurb.referrals.endowments.views import DOORS

P = Permission

api = api_blueprint("endowments", "Machines for organisations: what they ask for their own places, and what they are given.")


@reads(api, "/endowments", P.REFERRAL_READ)
def list_endowments(actor: Actor) -> Any:
    """Requests that the caller may know of: `state` is open (by default) or over."""
    which = WhichEndowments.OVER if request.args.get("state") == "over" else WhichEndowments.OPEN
    return listed_rows(endowment_listing(actor, which).page(page_number()))


@reads(api, "/endowments/<reference>", P.REFERRAL_READ)
def show_endowment(actor: Actor, reference: str) -> Any:
    """One request; `shown` is the sum of what is read before signing."""
    return dump_endowment(endowment_for(actor, reference), actor)


@writes(api, "/endowments", P.REFERRAL_WRITE, takes=EndowmentAsked, done=201, refused=(409, 422))
def create_endowment(actor: Actor) -> Any:
    """Ask machines for an organisation: how many of each kind, for which place, what they serve for."""
    facts = load(EndowmentAsked, json_body())
    with unit_of_work():
        made = ask_endowment(actor, **facts)
        return answer(dump_endowment(made, actor), 201, location=url_for(".show_endowment", reference=made.reference))


@writes(api, "/endowments/<reference>/lines", P.ALLOCATION_WRITE, takes=EndowmentMachine, refused=(409, 422))
def add_endowment_line(actor: Actor, reference: str) -> Any:
    """Give one more ready machine under the same slip; it is reserved at once."""
    facts = load(EndowmentMachine, json_body())
    with unit_of_work():
        found = endowment_for(actor, reference)
        add_to_endowment(actor, found, **facts)
        return answer(dump_endowment(found, actor))


@writes(api, "/endowments/<reference>/lines/<int:line>/drop", P.ALLOCATION_WRITE)
def drop_endowment_line(actor: Actor, reference: str, line: int) -> Any:
    """Take a machine off again: it is ready for somebody else."""
    with unit_of_work():
        found = endowment_for(actor, reference)
        drop_from_endowment(actor, found, line)
        return answer(dump_endowment(found, actor))


@writes(api, "/endowments/<reference>/sign", P.HANDOVER_WRITE, takes=SignatureTold, refused=(409, 422))
def sign_endowment_slip(actor: Actor, reference: str) -> Any:
    """The slip of machines that left is signed: drawn on the screen, or on a copy that the caller has seen. Issues its numbered paper."""
    facts = load(SignatureTold, json_body())
    found = endowment_for(actor, reference)
    with unit_of_work():
        sign_endowment(actor, found, **facts)
        return answer(dump_endowment(found, actor))


add_api(api, DOORS, "/endowments/<reference>")
