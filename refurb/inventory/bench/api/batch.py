"""The JSON door of batches: one move of many devices, one result each."""

from collections import Counter
from typing import Any

from flask import Response, request
from marshmallow import Schema
from marshmallow import fields as kinds

from refurb.inventory.bench.views.batch import LineResult, run_batch, take_batch_back
from refurb.inventory.blueprint import api
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.fields import Text
from refurb.kernel.web.guards import requires
from refurb.kernel.web.replay import new_key


class BatchOfMoves(Schema):
    """One move of many devices: its name (`next` for each one's own next step, `pick_up` to take them in hand), codes, its facts."""

    move = Text(required=True, max=48)
    codes = kinds.List(kinds.String(), required=True, error_messages={"required": "field.required", "invalid": "field.invalid"})
    facts = kinds.Dict(load_default=dict, error_messages={"invalid": "field.invalid"})
    batch = Text(max=64)


@api.route("/devices/moves", methods=["POST"])
@requires(Permission.DEVICE_WORK)
@api.doc(requestBody={"content": {"application/json": {"schema": BatchOfMoves}}})
def batch_json(actor: Actor) -> Response:
    """Move many devices, 200 at most, each by itself: {"move": "accept", "codes": ["…"], "facts": {}, "batch": "your key"}.

    Answers one result a code, in the order told. Sent again with the same `batch` (or the same Idempotency-Key), nothing is moved twice.
    """
    asked = load(BatchOfMoves, json_body())
    key = asked["batch"] or (request.headers.get("Idempotency-Key") or "")[:64] or new_key()
    results = run_batch(actor, batch=key, move=asked["move"], typed=asked["codes"], facts=asked["facts"])
    return answer({"batch": key, "counts": Counter(each.outcome for each in results), "results": [_line(each) for each in results]})


class BatchTakenBack(Schema):
    """Whose moves are taken back: the `batch` under which they were sent."""

    batch = Text(required=True, max=64)


@api.route("/devices/moves/take-back", methods=["POST"])
@requires(Permission.DEVICE_WORK)
@api.doc(requestBody={"content": {"application/json": {"schema": BatchTakenBack}}})
def batch_take_back_json(actor: Actor) -> Response:
    """Take back what a batch of yours did, each device by itself, the last one first: {"batch": "your key"}."""
    key = load(BatchTakenBack, json_body())["batch"]
    results = take_batch_back(actor, batch=key)
    return answer({"batch": key, "counts": Counter(each.outcome for each in results), "results": [_line(each) for each in results]})


def _line(result: LineResult) -> dict[str, Any]:
    return {
        "typed": result.typed,
        "code": result.code,
        "outcome": result.outcome,
        "move": result.move,
        "state": result.state,
        "refusal": None if result.refusal is None else {"code": result.refusal, "message": result.text or result.title},
    }
