"""The JSON door of donations and devices: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response, current_app, request

from refurb.documents.api import paper_json
from refurb.documents.models import PaperKind
from refurb.inventory.actions.checks import Answer, Told, answer_checks
from refurb.inventory.actions.devices import correct_device, declare_without_drive, intake_device
from refurb.inventory.actions.donations import announce_donation, name_acceptance
from refurb.inventory.actions.flags import lift_flag, raise_flag
from refurb.inventory.actions.papers import ISSUERS
from refurb.inventory.queries import device_by_code, donation_by_reference
from refurb.inventory.queries.devices import DeviceFilter, devices
from refurb.inventory.queries.donations import DonationFilter, donations
from refurb.inventory.schemas import Acceptance, DeviceFacts, FlagToLift, NewDonation, NewFlag, NewPaper, OneMore, announced_lines
from refurb.inventory.states import device_machine
from refurb.inventory.views.doors import device_doors, device_json, donation_doors, donation_json, moves_json
from refurb.inventory.views.next_step import next_step
from refurb.inventory.views.scan import look_up
from refurb.inventory.words import DeviceKind, DeviceState, DonationState
from refurb.kernel.access import Actor, Permission, requires
from refurb.kernel.api import api_blueprint
from refurb.kernel.doors import add_api
from refurb.kernel.errors import Fault, Invalid
from refurb.kernel.fields import load
from refurb.kernel.search import Page, page_number
from refurb.kernel.unit_of_work import unit_of_work

api = api_blueprint("inventory", "Donations and devices")
P = Permission


def _told() -> dict[str, Any]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise Invalid({"_body": [Fault("field.invalid")]})
    return told


def _listed(found: Page, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": rows, "page": found.number, "pages": found.pages, "total": found.total}


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(current_app.json.dumps(body), status=status, content_type="application/json")


@api.route("/scan/<path:typed>", methods=["GET"])
@requires(P.DEVICE_READ)
def scan_json(actor: Actor, typed: str) -> Response:
    """What a code leads to: for a device its state, the next thing to do, its moves and its flags."""
    code, found = look_up(typed)
    device = found.standing
    if device is None:
        return _json({"code": code, "kind": found.kind, "name": None, "state": None, "next": None, "moves": [], "flags": []})
    choices = device_machine.open_to(device, actor)
    step = next_step(device, choices, in_detail=False)
    return _json(
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
    """A page of 50 devices, the newest first; filters: q, state, kind, donation, page."""
    asked = request.args
    wanted = DeviceFilter(
        words=asked.get("q", "")[:100],
        state=DeviceState(asked["state"]) if asked.get("state") in set(DeviceState) else None,
        kind=DeviceKind(asked["kind"]) if asked.get("kind") in set(DeviceKind) else None,
        donation=asked.get("donation", "")[:16] if actor.may(P.DONATION_READ) else "",
    )
    found = devices(wanted, page_number())
    shown = [
        {
            "code": row.code,
            "kind": row.kind,
            "state": row.state,
            "manufacturer": row.manufacturer,
            "model": row.model,
            "serial": row.serial,
            "moved_at": row.moved_at.isoformat(),
        }
        for row in found.rows
    ]
    return _json(_listed(found, shown))


@api.route("/devices/<code>", methods=["GET"])
@requires(P.DEVICE_READ)
def device_one_json(actor: Actor, code: str) -> Response:
    """One device, with its gate and its moves."""
    return _json(device_json(device_by_code(actor, code), actor))


@api.route("/devices/<code>/facts", methods=["PUT"])
@requires(P.DEVICE_DIAGNOSE)
def device_facts_json(actor: Actor, code: str) -> Response:
    """Correct what is known of a device."""
    device = device_by_code(actor, code)
    with unit_of_work():
        correct_device(actor, device, **load(DeviceFacts, _told()))
        return _json(device_json(device, actor))


@api.route("/devices/<code>/no-drive", methods=["POST"])
@requires(P.DEVICE_DIAGNOSE)
def no_drive_json(actor: Actor, code: str) -> Response:
    """Say that a device was opened and holds no drive; of a tablet or a telephone, that its soldered memory was reset."""
    device = device_by_code(actor, code)
    with unit_of_work():
        declare_without_drive(actor, device)
        return _json(device_json(device, actor))


@api.route("/devices/<code>/flags", methods=["POST"])
@requires(P.DEVICE_FLAG)
def flag_json(actor: Actor, code: str) -> Response:
    """Raise a flag: {"kind": "second_look", "note": "…"}."""
    device = device_by_code(actor, code)
    with unit_of_work():
        raise_flag(actor, device, **load(NewFlag, _told()))
        return _json(device_json(device, actor), 201)


@api.route("/devices/<code>/flags/<kind>", methods=["DELETE"])
@requires(P.DEVICE_FLAG)
def flag_lift_json(actor: Actor, code: str, kind: str) -> Response:
    """Lift a flag."""
    device = device_by_code(actor, code)
    with unit_of_work():
        lift_flag(actor, device, **load(FlagToLift, {"kind": kind}))
        return _json(device_json(device, actor))


@api.route("/devices/<code>/checks", methods=["POST"])
@requires(P.DEVICE_CHECK)
def checks_json(actor: Actor, code: str) -> Response:
    """Answer questions of the checklist: {"screen": "yes", "webcam": {"answer": "na", "note": "…"}}."""
    device = device_by_code(actor, code)
    with unit_of_work():
        answer_checks(actor, device, {key: _answer(key, value) for key, value in _told().items()})
        return _json(device_json(device, actor))


def _answer(key: str, value: Any) -> Told:
    said = value if isinstance(value, dict) else {"answer": value}
    note = said.get("note")
    if said.get("answer") not in set(Answer) or not (note is None or (isinstance(note, str) and len(note) <= 300)):
        raise Invalid({key: [Fault("field.choice")]})
    return Told(Answer(said["answer"]), note or None)


@api.route("/donations", methods=["GET"])
@requires(P.DONATION_READ)
def donations_json(_actor: Actor) -> Response:
    """A page of 50 donations, the newest first; filters: q, state, page."""
    state = request.args.get("state")
    wanted = DonationFilter(
        words=request.args.get("q", "")[:100],
        state=DonationState(state) if state in set(DonationState) else None,
        everything=True,
    )
    found = donations(wanted, page_number())
    shown = [
        {
            "reference": row.reference,
            "state": row.state,
            "donor": row.donor,
            "announced_on": row.announced_on.isoformat(),
            "received_on": row.received_on.isoformat() if row.received_on else None,
            "announced": int(row.announced),
            "received": None if row.received is None else int(row.received),
        }
        for row in found.rows
    ]
    return _json(_listed(found, shown))


@api.route("/donations", methods=["POST"])
@requires(P.DONATION_WRITE)
def announce_json(actor: Actor) -> Response:
    """Record what a donor announces: the fields of the form, `announced_laptop` and its like for the numbers."""
    facts = load(NewDonation, _told())
    with unit_of_work():
        donation = announce_donation(actor, lines=announced_lines(facts), **facts)
        return _json(donation_json(donation, actor), 201)


@api.route("/donations/<reference>", methods=["GET"])
@requires(P.DONATION_READ)
def donation_one_json(actor: Actor, reference: str) -> Response:
    """One donation, with its lines and the codes of its devices."""
    return _json(donation_json(donation_by_reference(actor, reference), actor))


@api.route("/donations/<reference>/acceptance", methods=["PUT"])
@requires(P.DONATION_WRITE)
def acceptance_json(actor: Actor, reference: str) -> Response:
    """Name the act by which the territory accepts the gift."""
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        name_acceptance(actor, donation, **load(Acceptance, _told()))
        return _json(donation_json(donation, actor))


@api.route("/donations/<reference>/devices", methods=["POST"])
@requires(P.DEVICE_INTAKE)
def donation_device_json(actor: Actor, reference: str) -> Response:
    """Enter one more device of a donation that has arrived."""
    donation = donation_by_reference(actor, reference)
    facts = load(OneMore, _told())
    with unit_of_work():
        device = intake_device(actor, donation, facts["kind"], code=facts["code"] or None)
        return _json(device_json(device, actor), 201)


@api.route("/donations/<reference>/papers", methods=["POST"])
@requires(P.PAPER_ISSUE)
def donation_paper_json(actor: Actor, reference: str) -> Response:
    """Issue an attestation, AD or AE; one in force that is no longer true is annulled and replaced, one that still is refuses."""
    kind: PaperKind = load(NewPaper, _told())["kind"]
    if kind not in ISSUERS:
        raise Invalid({"kind": [Fault("field.choice")]})
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        return _json(paper_json(ISSUERS[kind](actor, donation)), 201)


add_api(api, device_doors, "/devices/<code>")
add_api(api, donation_doors, "/donations/<reference>")
