"""The pages of waiting lists: putting somebody on one, one who waits, and the answer to an offer by the link of its letter."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.rules import chosen_site
from refurb.documents.links import open_link
from refurb.kernel.deeds.access import SERVICE, Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import product_by_id
from refurb.lending.reservations.queries import borrower_meant
from refurb.lending.reservations.rules import (
    ClosedThatDay,
    DatesReversed,
    InThePast,
    NoPassageLeft,
    NoPassageThatDay,
    TooFarAhead,
    TooLong,
    WhichBorrower,
)
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.shown import history_of
from refurb.lending.terms import NotAtStops
from refurb.lending.waits.actions import wait_for
from refurb.lending.waits.effects import OFFER_LINK
from refurb.lending.waits.models import Wait
from refurb.lending.waits.queries import rank_of, wait_by_reference
from refurb.lending.waits.rules import NeverSoMany
from refurb.lending.waits.schemas import NewWait
from refurb.lending.waits.states import wait_machine

P = Permission

_FIELD_OF: dict[type[Refusal], str] = {
    ClosedThatDay: "from_on",
    DatesReversed: "to_on",
    InThePast: "from_on",
    NeverSoMany: "quantity",
    NoPassageLeft: "from_on",
    NoPassageThatDay: "from_on",
    NotAtStops: "handover_id",
    TooFarAhead: "from_on",
    TooLong: "to_on",
    WhichBorrower: "borrower",
}


@blueprint.route("/attentes/nouvelle/<int:product_id>", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def new_wait(actor: Actor, product_id: int) -> Response:
    """Put somebody on the list for a product."""
    product, site = product_by_id(product_id), chosen_site(actor, site_asked())
    asked = {name: request.args.get(name) for name in ("from_on", "to_on", "borrower", "handover_id") if request.args.get(name)}
    form = Form(NewWait, start={"quantity": 1} | asked, field_of=_FIELD_OF)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.load()
            wait = wait_for(actor, borrower_meant(actor, told.pop("borrower")), product_id=product_id, site_id=site, **told)
            rank = rank_of(wait)
            return go("lending.wait", done=_("C'est noté : rang %(rank)s sur la liste.", rank=rank), reference=wait.reference)
        product = product_by_id(product_id)
    return page("lending/waits/wait_new.html", status=form.status, form=form, product=product, site=site)


@blueprint.get("/attentes/<reference>")
@requires(P.LOAN_READ)
def wait(actor: Actor, reference: str) -> Response:
    """Who waits, for what, at which rank, and what was offered."""
    found = wait_by_reference(actor, reference)
    return page(
        "lending/waits/wait.html",
        wait=found,
        look=wait_machine.looks[found.state],
        rank=rank_of(found),
        choices=[each for each in wait_machine.open_to(found, actor) if not each.move.inner],
        history=history_of(found, wait_machine),
        sees_borrower=actor.may(P.BORROWER_READ),
    )


@blueprint.route("/liste-d-attente/<token>", methods=["GET", "POST"])
@public
def answer_offer(token: str) -> Response:
    """What is offered to somebody who waited, with the two answers; what was answered or has lapsed says so."""
    found = db.session.get(Wait, open_link(OFFER_LINK, token))
    if found is None or found.reservation is None:
        raise NotFound
    form = Form(NoFacts)
    if request.method == "POST" and request.form.get("answer") in _ANSWERS:
        move, facts = _ANSWERS[request.form["answer"]]
        with form.catching(), unit_of_work():
            reservation_machine.fire(found.reservation, move, SERVICE, **facts)
            return go("lending.answer_offer", done=_("C'est noté, merci."), token=token)
    return page("lending/waits/offer.html", status=form.status, form=form, wait=found, reservation=found.reservation, token=token)


_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {"take": ("confirm", {}), "pass": ("cancel", {"reason": "laisse la place"})}


def dump(found: Wait, actor: Actor) -> dict[str, Any]:
    """Somebody who waits as the API says it; the borrower only to whoever may read borrowers."""
    return {
        "reference": found.reference,
        "state": found.state.value,
        "rank": rank_of(found),
        "site": found.site_id,
        "stop": found.handover_id,
        "product": {"id": found.product_id, "name": found.product.name},
        "quantity": found.quantity,
        "from_on": plain(found.from_on),
        "to_on": plain(found.to_on),
        "borrower": {"code": found.borrower.code, "name": found.borrower.name} if actor.may(P.BORROWER_READ) else None,
        "reservation": found.reservation.reference if found.reservation else None,
        "url": url_for("lending.wait", reference=found.reference),
    }


DOORS = Doors(
    machine=wait_machine,
    path="/attentes/<reference>",
    find=wait_by_reference,
    endpoint="lending.wait",
    url=lambda found: {"reference": found.reference},
    title=lambda found: found.reference,
    dump=dump,
)
add_pages(blueprint, DOORS)
