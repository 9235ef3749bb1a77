"""Visits on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import Response
from marshmallow import Schema
from marshmallow import fields as kinds

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.routes import reads, writes
from refurb.visits import actions
from refurb.visits.figures import asked_figures
from refurb.visits.models import Visit
from refurb.visits.queries import counted_today, group_of
from refurb.visits.schemas import GroupSaid, GroupTold, VisitSaid, VisitTold
from refurb.visits.words import Motive

P = Permission
MOST_LINES = 50
"""Visits of one batch."""

api = api_blueprint("visits", "Visits: what people come for, counted without a name, and the figures.")


class VisitBatch(Schema):
    """Visits as they are told one by one, fifty at most."""

    visits = kinds.List(
        kinds.Dict(error_messages={"invalid": "field.invalid"}),
        required=True,
        error_messages={"required": "field.required", "invalid": "field.invalid"},
    )


def visit_json(visit: Visit) -> dict[str, Any]:
    """A visit; nobody's name, and no hour."""
    said = {each.reason for each in visit.reasons}
    return {
        "number": visit.id,
        "site": visit.site_id,
        "day": visit.day.isoformat(),
        "reasons": [each.value for each in Motive if each in said],
        **{name: str(getattr(visit, name)) for name in ("age", "situation", "gender", "first_time")},
        **{name: getattr(visit, name) or None for name in ("heard", "detour", "sent")},
    }


def _group_json(first: Visit) -> dict[str, Any]:
    counted = {key: value for key, value in visit_json(first).items() if key in {"number", "site", "day", "reasons"}}
    return {**counted, **actions.ages_of(group_of(first))}


@reads(api, "/visits", P.VISIT_COUNT)
def list_visits(actor: Actor) -> Response:
    """What this account entered today and may still correct, the newest first; a group is told by its first visit, with its `people`."""
    return answer(
        {"items": [{**visit_json(each.visits[-1]), "number": each.number, "people": each.people} for each in counted_today(actor)]}
    )


@writes(api, "/visits", P.VISIT_COUNT, takes=VisitTold, done=201)
def create_visit(actor: Actor) -> Response:
    """Count one visit; `day` is today unless told, and no more than a year ago. What is not told is kept as `non_communique`."""
    told = load(VisitTold, json_body())
    with unit_of_work():
        made = actions.count_visit(actor, **told)
        db.session.flush()
        return answer(visit_json(made), 201)


@writes(api, "/visits/batch", P.VISIT_COUNT, takes=VisitBatch)
def create_visits(actor: Actor) -> Response:
    """Count up to fifty visits in one go, each by itself: one result a line, in the order told; what is refused holds nothing else up.

    With an Idempotency-Key the whole batch is counted once, however often it is sent.
    """
    lines = load(VisitBatch, json_body())["visits"]
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid({"visits": [Fault("visit.batch_size", most=MOST_LINES, number=len(lines))]})
    with unit_of_work():
        counted = [_counted(actor, line) for line in lines]
        db.session.flush()
        results = [_result(each) for each in counted]
        return answer({"counted": sum(isinstance(each, Visit) for each in counted), "results": results})


def _counted(actor: Actor, line: dict[str, Any]) -> Visit | Refusal:
    try:
        return actions.count_visit(actor, **load(VisitTold, line))
    except Refusal as refusal:
        return refusal


def _result(counted: Visit | Refusal) -> dict[str, Any]:
    if isinstance(counted, Visit):
        return {"status": 201, "number": counted.id}
    told: dict[str, Any] = {"status": counted.status, "code": counted.code, "message": sentence(counted)}
    if isinstance(counted, Invalid):
        told["fields"] = {
            name: [{"code": each.code, "message": sentence(each)} for each in faults] for name, faults in counted.fields.items()
        }
    return told


@writes(api, "/visits/groups", P.VISIT_COUNT, takes=GroupTold, done=201)
def create_visit_group(actor: Actor) -> Response:
    """Count a group at once: how many people by each word of the age bands."""
    told = load(GroupTold, json_body())
    with unit_of_work():
        return answer(_group_json(actions.count_group(actor, **told)), 201)


@writes(api, "/visits/<int:number>", P.VISIT_COUNT, method="PUT", takes=VisitSaid)
def correct_visit(actor: Actor, number: int) -> Response:
    """Say again what a visit of one's own was, until midnight. A group is said again whole, and gets another number."""
    found = actions.own_visit(actor, number)
    told = load(VisitSaid if found.group_id is None else GroupSaid, json_body())
    with unit_of_work():
        if found.group_id is not None:
            return answer(_group_json(actions.correct_group(actor, found, **told)))
        return answer(visit_json(actions.correct_visit(actor, found, **told)))


@writes(api, "/visits/<int:number>", P.VISIT_COUNT, method="DELETE")
def delete_visit(actor: Actor, number: int) -> Response:
    """Take a visit of one's own back, or the whole group, until midnight."""
    found = actions.own_visit(actor, number)
    with unit_of_work():
        actions.take_back(actor, found)
        return answer({"deleted": number})


@reads(api, "/visits/figures", P.VISIT_COUNT)
def show_visit_figures(_actor: Actor) -> Response:
    """The figures from one month to another (`de=2026-01&a=2026-03`), of one place (`site`) or all; exact, for whoever counts."""
    found, site, first, last = asked_figures()
    opinions = {"asked": found.asked, **{str(each): number for each, number in found.opinions.items()}, "months_left_out": found.left_out}
    return answer({
        "site": site, "from": first, "to": last, "total": found.total, "by_month": found.by_month,
        "by_site": {str(place): number for place, number in found.by_place.items()}, "reasons": found.reasons, **found.said,
        "opinions": opinions,
    })  # fmt: skip
