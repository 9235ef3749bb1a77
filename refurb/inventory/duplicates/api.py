"""The JSON door of machines with two records: the same actions, schemas and refusals as the pages."""

from flask import Response

from refurb.inventory.blueprint import api
from refurb.inventory.devices.doors import device_json
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.duplicates.actions import merge_devices, tell_apart
from refurb.inventory.duplicates.queries import duplicates
from refurb.inventory.duplicates.schemas import Apart, Reunion
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.guards import requires

P = Permission


@api.route("/duplicates", methods=["GET"])
@requires(P.DEVICE_MERGE)
def duplicates_json(actor: Actor) -> Response:
    """Every two devices that may be one machine, with what they have in common."""
    return answer({"items": [{"codes": [pair.one.code, pair.other.code], "alike": list(pair.likenesses)} for pair in duplicates(actor)]})


@api.route("/devices/<code>/merge", methods=["POST"])
@requires(P.DEVICE_MERGE)
def merge_json(actor: Actor, code: str) -> Response:
    """Join two records of one machine: {"other": CODE, "keep": CODE of the one that remains, "reason": "…"}; answers with that one."""
    found = device_by_code(actor, code)
    facts = load(Reunion, json_body())
    other, keep = device_by_code(actor, facts["other"]), find_code(facts["keep"])
    if keep not in {found.code, other.code}:
        raise Invalid({"keep": [Fault("field.choice")]})
    kept, joined = (found, other) if keep == found.code else (other, found)
    with unit_of_work():
        merge_devices(actor, joined, kept, reason=facts["reason"])
        return answer(device_json(kept, actor))


@api.route("/duplicates/apart", methods=["POST"])
@requires(P.DEVICE_MERGE)
def apart_json(actor: Actor) -> Response:
    """Say that two devices are two machines: {"one": CODE, "other": CODE}."""
    facts = load(Apart, json_body())
    one, other = device_by_code(actor, facts["one"]), device_by_code(actor, facts["other"])
    with unit_of_work():
        tell_apart(actor, one, other)
        return answer({"apart": [one.code, other.code]})
