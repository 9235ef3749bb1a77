"""The pages of what is given away or used up."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.directory.sites.queries import kept_at, site_name, usual_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.supplies.actions import add_supply, correct_supply, move_supply
from refurb.lending.supplies.models import Supply
from refurb.lending.supplies.queries import moves_of, stocks_of, supplies, supply_by_id
from refurb.lending.supplies.schemas import SupplyFacts, SupplyMoveTold, SupplyRecord
from refurb.lending.supplies.words import SUPPLY_MOVED, SupplyMoveKind

P = Permission


@blueprint.get("/consommables")
@requires(P.LOAN_READ)
def supply_list(actor: Actor) -> Response:
    """Everything that is used up, with how much of it lies where."""
    return page(
        "lending/supplies/supplies.html",
        supplies=[(each, stocks_of(each)) for each in supplies(retired="retires" in request.args)],
        place_of=site_name,
        may_write=actor.may(P.ITEM_WRITE),
    )


@blueprint.route("/consommables/nouveau", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new_supply(actor: Actor) -> Response:
    """Enter one."""
    form = Form(SupplyFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = add_supply(actor, **form.load())
            return go("lending.supply", done=_("Enregistré : %(name)s.", name=made.name), number=made.id)
    return page("lending/supplies/supply_edit.html", status=form.status, form=form, supply=None)


@blueprint.route("/consommables/<int:number>/corriger", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def correct_supply_page(actor: Actor, number: int) -> Response:
    """Write one anew, or keep it no more."""
    found = supply_by_id(number)
    start = {"name": found.name, "unit": found.unit, "low_at": found.low_at, "retired": found.retired_at is not None}
    form = Form(SupplyRecord, start=start)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_supply(actor, found, **form.load())
            return go("lending.supply", done=_("Corrigé : %(name)s.", name=found.name), number=number)
        found = supply_by_id(number)
    return page("lending/supplies/supply_edit.html", status=form.status, form=form, supply=found)


@blueprint.get("/consommables/<int:number>")
@requires(P.LOAN_READ)
def supply(actor: Actor, number: int) -> Response:
    """One of them: how much lies where, what came and went."""
    asked = request.args.get("quoi", "")
    start = {"kind": asked if asked in set(SupplyMoveKind) else SupplyMoveKind.GIVEN, "quantity": 1, "site_id": usual_site(actor)}
    return _supply_page(actor, supply_by_id(number), Form(SupplyMoveTold, start=start, choices=_places()))


@blueprint.post("/consommables/<int:number>")
@requires(P.LOAN_WRITE)
def supply_moved(actor: Actor, number: int) -> Response:
    """So much was received, given or counted."""
    found, form = supply_by_id(number), Form(SupplyMoveTold, choices=_places())
    with form.catching(), unit_of_work():
        made = move_supply(actor, found, **form.load())
        done = _("Noté. Il reste %(here)s %(unit)s.", here=made.here_after, unit=found.unit)
        return go("lending.supply", done=done, number=number)
    form.choices = _places()
    return _supply_page(actor, supply_by_id(number), form)


def _supply_page(actor: Actor, found: Supply, form: Form) -> Response:
    moves = moves_of(found)
    return page(
        "lending/supplies/supply.html",
        status=form.status,
        form=form,
        supply=found,
        stocks=stocks_of(found),
        moves=moves,
        names=names_of({each.actor_id for each in moves if each.actor_id}),
        kinds=SUPPLY_MOVED,
        place_of=site_name,
        may_lend=actor.may(P.LOAN_WRITE),
        may_write=actor.may(P.ITEM_WRITE),
    )


def _places() -> dict[str, list[tuple[str, Any]]]:
    return {"site_id": [(str(each.id), each.name) for each in kept_at()]}
