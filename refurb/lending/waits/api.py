"""The JSON door of waiting lists: who waits, waiting, withdrawing."""

from typing import Any

from flask import url_for

from refurb.directory.sites.asked import site_asked
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.routes import reads, writes
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.waits import views as pages
from refurb.lending.waits.actions import wait_for
from refurb.lending.waits.queries import standing_waits, wait_by_reference
from refurb.lending.waits.schemas import AskedWait

P = Permission

api = api_blueprint("waits", "Who waits for what is taken: the list, waiting, withdrawing.")


@reads(api, "/waits", P.LOAN_READ)
def list_waits(actor: Actor) -> Any:
    """Everybody who waits or has an offer, in their order; `site` filters."""
    return {"waits": [pages.dump(each, actor) for each in standing_waits(actor, site_asked())]}


@writes(api, "/waits", P.LOAN_WRITE, takes=AskedWait, done=201, refused=(409, 422))
def create_wait(actor: Actor) -> Any:
    """Put a borrower on the list for a product and days."""
    facts = load(AskedWait, json_body())
    with unit_of_work():
        made = wait_for(actor, borrower_by_code(actor, facts.pop("borrower")), **facts)
        return answer(pages.dump(made, actor), 201, location=url_for(".show_wait", reference=made.reference))


@reads(api, "/waits/<reference>", P.LOAN_READ)
def show_wait(actor: Actor, reference: str) -> Any:
    """One who waits."""
    return pages.dump(wait_by_reference(actor, reference), actor)


add_api(api, pages.DOORS, "/waits/<reference>")
