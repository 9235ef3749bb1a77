"""The JSON door of what devices are worth."""

from typing import Any

from werkzeug.wrappers import Response

from refurb.inventory.blueprint import api
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.evidence.queries.evidence import Holder
from refurb.inventory.targets.actions import tell_target
from refurb.inventory.targets.queries import target_of
from refurb.inventory.targets.schemas import TargetTold
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.guards import requires

P = Permission


@api.route("/devices/<code>/target", methods=["GET"])
@requires(P.DEVICE_READ)
def target_json(actor: Actor, code: str) -> Response:
    """What a device is worth: category, points, the smallest configuration, Windows 11, with each line's figures."""
    return answer(_target(device_by_code(actor, code)))


@api.route("/devices/<code>/target", methods=["PUT"])
@api.doc(requestBody={"content": {"application/json": {"schema": TargetTold}}})
@requires(P.DEVICE_CHECK)
def target_told_json(actor: Actor, code: str) -> Response:
    """Say what no tool measures: {"cosmetic": "B", "cpu_mark": 5900}; what is left out is taken back."""
    device = device_by_code(actor, code)
    with unit_of_work():
        facts = load(TargetTold, json_body())
        tell_target(actor, device, cpu_mark=facts.get("cpu_mark"), cosmetic=facts.get("cosmetic"))
        return answer(_target(device))


def _target(device: Holder) -> dict[str, Any]:
    target = target_of(device)
    if target is None:
        return {"category": None, "points": None, "minimum": None, "windows_11": None, "cosmetic": None, "cpu_mark": None, "lines": {}}
    return {
        "category": target.category,
        "points": target.points,
        "minimum": target.minimum,
        "windows_11": target.windows_11,
        "cosmetic": target.cosmetic,
        "cpu_mark": target.cpu_mark,
        "lines": target.weighed,
        "policy": target.policy,
        "computed_at": target.computed_at.isoformat(),
    }
