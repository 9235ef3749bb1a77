"""The JSON door of the work in hand and of the notes of the bench."""

from typing import Any

from flask import Response

from refurb.inventory.bench.actions.notes import correct_note, write_note
from refurb.inventory.bench.actions.work import pass_on, pick_up, put_down
from refurb.inventory.bench.queries.notes import hand_and_notes
from refurb.inventory.bench.schemas import NewNote, PassOn
from refurb.inventory.blueprint import api
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.guards import requires

P = Permission


def _bench_json(device: Device) -> dict[str, Any]:
    """In whose hands a device is, and its notes, the newest first."""
    hand, notes = hand_and_notes(device)
    return {
        "code": device.code,
        "in_hand": None if hand is None else {"account": hand.account_id, "name": hand.who, "since": hand.since.isoformat()},
        "notes": [
            {
                "position": each.position,
                "text": each.text,
                "by": each.who,
                "at": each.at.isoformat(),
                "corrected_at": each.corrected_at.isoformat() if each.corrected_at else None,
            }
            for each in notes
        ],
    }


@api.route("/devices/<code>/bench", methods=["GET"])
@requires(P.DEVICE_WORK)
def bench_json(actor: Actor, code: str) -> Response:
    """In whose hands a device is, and what was noted of it."""
    return answer(_bench_json(device_by_code(actor, code)))


@api.route("/devices/<code>/pick-up", methods=["POST"])
@requires(P.DEVICE_WORK)
def pick_up_json(actor: Actor, code: str) -> Response:
    """Take a device of the bench in hand."""
    device = device_by_code(actor, code)
    with unit_of_work():
        pick_up(actor, device)
        return answer(_bench_json(device))


@api.route("/devices/<code>/hand-over-to", methods=["POST"])
@requires(P.DEVICE_WORK)
def pass_on_json(actor: Actor, code: str) -> Response:
    """Pass a device to a colleague, or take it over: {"to": 4, "note": "…"}; `to` is an account of the workshop."""
    device = device_by_code(actor, code)
    with unit_of_work():
        pass_on(actor, device, **load(PassOn, json_body()))
        return answer(_bench_json(device))


@api.route("/devices/<code>/put-down", methods=["POST"])
@requires(P.DEVICE_WORK)
def put_down_json(actor: Actor, code: str) -> Response:
    """Put a device back where everybody may take it."""
    device = device_by_code(actor, code)
    with unit_of_work():
        put_down(actor, device)
        return answer(_bench_json(device))


@api.route("/devices/<code>/notes", methods=["POST"])
@requires(P.DEVICE_WORK)
def note_json(actor: Actor, code: str) -> Response:
    """Write a note: {"text": "…"}."""
    device = device_by_code(actor, code)
    with unit_of_work():
        write_note(actor, device, **load(NewNote, json_body()))
        return answer(_bench_json(device), 201)


@api.route("/devices/<code>/notes/<int:position>", methods=["PUT"])
@requires(P.DEVICE_WORK)
def note_correct_json(actor: Actor, code: str, position: int) -> Response:
    """Correct one's own note, while that is open: {"text": "…"}."""
    device = device_by_code(actor, code)
    with unit_of_work():
        correct_note(actor, device, position, **load(NewNote, json_body()))
        return answer(_bench_json(device))
