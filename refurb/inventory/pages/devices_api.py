"""The JSON door of devices: the same actions, schemas and refusals as the pages."""

from flask import Response, request

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.schemas import ToSite
from refurb.inventory.bench.next_step import next_step
from refurb.inventory.blueprint import api
from refurb.inventory.devices.actions.devices import correct_device, declare_without_drive, move_device
from refurb.inventory.devices.actions.flags import lift_flag, raise_flag
from refurb.inventory.devices.doors import device_doors, device_json
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.schemas.devices import DeviceFacts, FlagToLift, NewFlag
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.finished import finish_wipe
from refurb.inventory.pages.queries import BEST_FIRST, DeviceFilter, devices
from refurb.inventory.pages.scan import look_up
from refurb.inventory.targets.words import Category
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body, listed
from refurb.kernel.web.doors import add_api, moves_json
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission


@api.route("/scan/<path:typed>", methods=["GET"])
@requires(P.DEVICE_READ)
def scan_json(actor: Actor, typed: str) -> Response:
    """What a code leads to: for a device its state, the next thing to do, its moves and its flags."""
    code, found = look_up(typed)
    device = found.standing
    if device is None:
        return answer({"code": code, "kind": found.kind, "name": None, "state": None, "next": None, "moves": [], "flags": []})
    choices = device_machine.open_to(device, actor)
    step = next_step(device, choices, in_detail=False)
    return answer(
        {
            "code": code,
            "kind": "device",
            "name": device.name,
            "state": device.state,
            "next": {"move": step.move.name if step.move else None, "label": step.title} if step else None,
            "moves": moves_json(choices),
            "flags": list(device.gate.flags),
        }
    )


@api.route("/devices", methods=["GET"])
@requires(P.DEVICE_READ)
def devices_json(actor: Actor) -> Response:
    """A page of 50 devices, the newest first (sort=category: the best); filters: q, state, kind, donation, category, site, page."""
    asked = request.args
    wanted = DeviceFilter(
        words=asked.get("q", "")[:100],
        state=DeviceState(asked["state"]) if asked.get("state") in set(DeviceState) else None,
        kind=DeviceKind(asked["kind"]) if asked.get("kind") in set(DeviceKind) else None,
        donation=asked.get("donation", "")[:16] if actor.may(P.DONATION_READ) else "",
        category=Category(asked["category"]) if asked.get("category") in set(Category) else None,
        site_id=site_asked(),
    )
    found = devices(wanted, page_number(), BEST_FIRST if asked.get("sort") == "category" else "")
    shown = [
        {
            "code": row.code,
            "kind": row.kind,
            "state": row.state,
            "manufacturer": row.manufacturer,
            "model": row.model,
            "serial": row.serial,
            "moved_at": row.moved_at.isoformat(),
            "category": row.category,
        }
        for row in found.rows
    ]
    return answer(listed(found, shown))


@api.route("/devices/<code>", methods=["GET"])
@requires(P.DEVICE_READ)
def device_one_json(actor: Actor, code: str) -> Response:
    """One device, with its gate and its moves."""
    return answer(device_json(device_by_code(actor, code), actor))


@api.route("/devices/<code>/facts", methods=["PUT"])
@requires(P.DEVICE_DIAGNOSE)
def device_facts_json(actor: Actor, code: str) -> Response:
    """Correct what is known of a device."""
    device = device_by_code(actor, code)
    with unit_of_work():
        correct_device(actor, device, **load(DeviceFacts, json_body()))
        return answer(device_json(device, actor))


@api.route("/devices/<code>/site", methods=["PUT"])
@requires(P.DEVICE_WORK)
def device_site_json(actor: Actor, code: str) -> Response:
    """Say at which of our places a device is: `site_id`, as `/sites` lists them."""
    device = device_by_code(actor, code)
    with unit_of_work():
        move_device(actor, device, **load(ToSite, json_body()))
        return answer(device_json(device, actor))


@api.route("/devices/<code>/no-drive", methods=["POST"])
@requires(P.DEVICE_DIAGNOSE)
def no_drive_json(actor: Actor, code: str) -> Response:
    """Say that a device was opened and holds no drive; of a tablet or a telephone, that its soldered memory was reset."""
    device = device_by_code(actor, code)
    with unit_of_work():
        declare_without_drive(actor, device)
        finish_wipe(actor, device)
        return answer(device_json(device, actor))


@api.route("/devices/<code>/flags", methods=["POST"])
@requires(P.DEVICE_FLAG)
def flag_json(actor: Actor, code: str) -> Response:
    """Raise a flag: {"kind": "second_look", "note": "…"}."""
    device = device_by_code(actor, code)
    with unit_of_work():
        raise_flag(actor, device, **load(NewFlag, json_body()))
        return answer(device_json(device, actor), 201)


@api.route("/devices/<code>/flags/<kind>", methods=["DELETE"])
@requires(P.DEVICE_FLAG)
def flag_lift_json(actor: Actor, code: str, kind: str) -> Response:
    """Lift a flag."""
    device = device_by_code(actor, code)
    with unit_of_work():
        lift_flag(actor, device, **load(FlagToLift, {"kind": kind}))
        return answer(device_json(device, actor))


add_api(api, device_doors, "/devices/<code>")
