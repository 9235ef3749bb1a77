"""Grants and costs on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import url_for

from refurb.funding.actions import correct_cost, correct_grant, note_cost, note_grant, withdraw
from refurb.funding.models import Cost, FundingGrant
from refurb.funding.queries import costs_of, grants_of, noted, standing
from refurb.funding.schemas import CostFacts, GrantFacts
from refurb.funding.shown import dump_money
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.routes import reads, writes

P = Permission

api = api_blueprint("funding", "What a year costs, and who pays: grants and costs, in cents.")


def _year() -> int:
    asked = number_asked("year")
    return today().year if asked is None else asked


@reads(api, "/grants", P.FUNDING_WRITE)
def list_grants(_actor: Actor) -> Any:
    """What funders pay in a year (`year`, this one without); what was withdrawn is left out."""
    return {"items": [dump_money(each) for each in grants_of([_year()])]}


@writes(api, "/grants", P.FUNDING_WRITE, takes=GrantFacts, done=201, refused=(409, 422))
def create_grant(actor: Actor) -> Any:
    """Note what a funder pays in a year; `euros` with a comma or a point."""
    facts = load(GrantFacts, json_body())
    with unit_of_work():
        made = note_grant(actor, **facts)
        db.session.flush()
        return answer(dump_money(made), 201, location=url_for(".show_grant", number=made.id))


@reads(api, "/grants/<int:number>", P.FUNDING_WRITE)
def show_grant(actor: Actor, number: int) -> Any:
    """One grant; `withdrawn_at` where it counts no more."""
    return dump_money(noted(FundingGrant, actor, number))


@writes(api, "/grants/<int:number>", P.FUNDING_WRITE, method="PUT", takes=GrantFacts, refused=(409, 422))
def correct_a_grant(actor: Actor, number: int) -> Any:
    """Say otherwise what a funder pays, whole."""
    found = standing(FundingGrant, actor, number)
    facts = load(GrantFacts, json_body())
    with unit_of_work():
        correct_grant(actor, found, **facts)
        return answer(dump_money(found))


@writes(api, "/grants/<int:number>", P.FUNDING_WRITE, method="DELETE", refused=())
def withdraw_grant(actor: Actor, number: int) -> Any:
    """It counts no more, and stays in the history; a second time changes nothing."""
    return _withdrawn(actor, noted(FundingGrant, actor, number))


@reads(api, "/costs", P.FUNDING_WRITE)
def list_costs(_actor: Actor) -> Any:
    """What was spent in a year (`year`, this one without), the dearest first; what was withdrawn is left out."""
    return {"items": [dump_money(each) for each in costs_of(_year())]}


@writes(api, "/costs", P.FUNDING_WRITE, takes=CostFacts, done=201, refused=(422,))
def create_cost(actor: Actor) -> Any:
    """Note what something cost in a year; `euros` with a comma or a point."""
    facts = load(CostFacts, json_body())
    with unit_of_work():
        made = note_cost(actor, **facts)
        db.session.flush()
        return answer(dump_money(made), 201, location=url_for(".show_cost", number=made.id))


@reads(api, "/costs/<int:number>", P.FUNDING_WRITE)
def show_cost(actor: Actor, number: int) -> Any:
    """One cost; `withdrawn_at` where it counts no more."""
    return dump_money(noted(Cost, actor, number))


@writes(api, "/costs/<int:number>", P.FUNDING_WRITE, method="PUT", takes=CostFacts, refused=(422,))
def correct_a_cost(actor: Actor, number: int) -> Any:
    """Say otherwise what something cost, whole."""
    found = standing(Cost, actor, number)
    facts = load(CostFacts, json_body())
    with unit_of_work():
        correct_cost(actor, found, **facts)
        return answer(dump_money(found))


@writes(api, "/costs/<int:number>", P.FUNDING_WRITE, method="DELETE", refused=())
def withdraw_cost(actor: Actor, number: int) -> Any:
    """It counts no more, and stays in the history; a second time changes nothing."""
    return _withdrawn(actor, noted(Cost, actor, number))


def _withdrawn(actor: Actor, row: FundingGrant | Cost) -> Any:
    with unit_of_work():
        withdraw(actor, row)
        return answer(dump_money(row))
