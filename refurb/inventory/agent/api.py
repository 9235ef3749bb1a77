"""The door of the bench agent: one request with all that the tools said, answered in JSON, or in plain words for a bare console."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from refurb.inventory.agent.actions import AgentReading, Unread, keep_sent_hardware, read_sent_erasures
from refurb.inventory.bench.next_step import next_step
from refurb.inventory.devices.actions.devices import SerialTaken
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import standing
from refurb.inventory.devices.queries.recognition import devices_like
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.erasures import erasure_file
from refurb.inventory.evidence.actions.finished import finish_wipe, finish_wipes, proven_drives
from refurb.inventory.evidence.actions.reports import hardware_files
from refurb.inventory.evidence.api.evidence import reading_json, report_json
from refurb.inventory.evidence.queries.evidence import drives_shown
from refurb.inventory.evidence.views.uploads import sent_bodies
from refurb.inventory.targets.firmware import Firmware
from refurb.inventory.words.devices import FLAG_KINDS
from refurb.kernel.deeds.access import Actor, Grant, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.api import answer, api_blueprint, takes_files
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import told

api = api_blueprint("agent", "The bench agent")
P = Permission

_LONGEST_CODE = 300
_SENT: dict[str, Any] = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    "code": {"type": "string", "description": "What was typed or scanned; without it the machine is recognised."},
                    "firmware": {"type": "string", "description": "Such as: uefi=yes secure_boot=yes tpm=2"},
                    "donation": {"type": "string", "description": "The donation under which an unclaimed label enters."},
                },
            }
        }
    }
}

Door = Callable[..., Response]


def _in_words(view: Door) -> Door:
    """Tell a refusal in plain words to whoever asked for them; a console reads no JSON."""

    @wraps(view)
    def telling(*args: Any, **kwargs: Any) -> Response:
        if not _wants_words():
            return view(*args, **kwargs)
        try:
            return view(*args, **kwargs)
        except Refusal as refusal:
            db.session.rollback()
            told = render_template("inventory/agent/agent_refusal.txt", told=_sentences(refusal), join=_where_to_join(refusal))
            return _words(told, refusal.status)

    return telling


def _sentences(refusal: Refusal) -> list[str]:
    if isinstance(refusal, Invalid):
        return [sentence(fault) for faults in refusal.fields.values() for fault in faults]
    return [sentence(refusal)]


def _where_to_join(refusal: Refusal) -> str | None:
    """The page that joins the label's record to the one that has this serial already; None for whatever else is refused."""
    typed = find_code(request.form.get("code", "")[:_LONGEST_CODE])
    if not isinstance(refusal, SerialTaken) or typed is None:
        return None
    path = url_for("inventory.device_merge", code=typed, avec=find_code(refusal.facts["code"]))
    return f"{current_app.config['BASE_URL']}{path}"


def _wants_words() -> bool:
    return request.accept_mimetypes.best_match(["application/json", "text/plain"]) == "text/plain"


def _words(text: str, status: int) -> Response:
    return told(Response(text, status=status, content_type="text/plain; charset=utf-8"))


@api.route("/agent/machine", methods=["GET"])
@requires(P.DEVICE_READ)
def agent_machine_json(actor: Actor) -> Response:
    """Which devices have this `serial` (of this `manufacturer`) or this product `uuid`: none, one, or several to choose from."""
    asked = {name: request.args.get(name, "")[:120] or None for name in ("manufacturer", "serial", "uuid")}
    return answer({"devices": [_device(each.code, actor) for each in devices_like(**asked)]})


@api.route("/agent/hardware", methods=["POST"])
@api.doc(requestBody=_SENT)
@requires(P.DEVICE_DIAGNOSE)
@takes_files
@_in_words
def agent_hardware(actor: Actor) -> Response:
    """Read all that the tools said of the machine on the bench, and tell its code, its state and what comes next."""
    code = request.form.get("code", "").strip()[:_LONGEST_CODE] or None
    donation = request.form.get("donation", "").strip()[:16] or None
    sent = hardware_files(sent_bodies())
    with unit_of_work():
        done = keep_sent_hardware(actor, sent, code=code, donation=donation, firmware=_firmware())
        finish_wipe(actor, done.device)
        status = 201 if done.reading.reports else 200
        body = _hardware(done, actor)
        return _words(render_template("inventory/agent/agent_hardware.txt", **body), status) if _wants_words() else answer(body, status)


@api.route("/agent/erasures", methods=["POST"])
@api.doc(requestBody=_SENT)
@requires(P.DEVICE_ERASE)
@takes_files
@_in_words
def agent_erasures(actor: Actor) -> Response:
    """Read the logs and certificates that the erasers left, and tell what came of each drive."""
    files = [erasure_file(each.content, each.filename) for each in sent_bodies()]
    with unit_of_work():
        read, unread = read_sent_erasures(actor, files)
        if not read:
            raise Invalid({"files": [_of_file(each) for each in unread] or [Fault("upload.none_chosen")]})
        finish_wipes(actor, proven_drives(reading for _, reading in read))
        reports = [{"filename": filename, **reading_json(reading)} for filename, reading in read]
        homes = dict.fromkeys(row["device"] for report in reports for row in report["erasures"] if row["device"])
        body = {"reports": reports, "unread": [_unread(each) for each in unread], "devices": [_device(code, actor) for code in homes]}
        status = 200 if all(reading.known for _, reading in read) else 201
        return _words(render_template("inventory/agent/agent_erasures.txt", **body), status) if _wants_words() else answer(body, status)


def _firmware() -> Firmware:
    """What the agent says of the firmware, such as « uefi=yes secure_boot=yes tpm=2 »; what it leaves out is not known."""
    said = dict(each.partition("=")[::2] for each in request.form.get("firmware", "")[:_LONGEST_CODE].split())
    version = said.get("tpm", "")
    # The kernel counts 1 for version 1.2 and 2 for version 2.0 of the specification.
    tpm = {"1": 1.2, "2": 2.0}.get(version)
    return Firmware(True if said.get("uefi") == "yes" else None, True if said.get("secure_boot") == "yes" else None, tpm)


def _hardware(done: AgentReading, actor: Actor) -> dict[str, Any]:
    device = standing(actor, done.device.code)
    return {
        "device": _device(done.device.code, actor),
        "recognised": done.recognised,
        "claimed": done.claimed,
        "reports": [report_json(each) for each in done.reading.reports],
        "known": [report_json(each) for each in done.reading.known],
        "unread": [_unread(each) for each in done.unread],
        "drives": [
            {
                "serial": each.drive.serial,
                "model": each.drive.model,
                "size_bytes": each.drive.size_bytes,
                "standing": each.standing.value,
                "inside": each.until is None,
            }
            for each in drives_shown(device)
        ],
        "warnings": [{**each.to_json(), "message": sentence(Fault(each.code, **each.facts))} for each in done.reading.warnings],
    }


def _device(code: str, actor: Actor) -> dict[str, Any]:
    shown = standing(actor, code)
    # What comes next is for whoever stands at the bench, not for the key, which only sends.
    hands = replace(actor, grants=tuple(Grant(Role.TECHNICIAN, None, each.site_id) for each in actor.grants))
    step = next_step(shown, device_machine.open_to(shown, hands), in_detail=False)
    return {
        "code": shown.code,
        "spelled": spell(shown.code),
        "title": device_title(shown),
        "serial": shown.serial,
        "state": shown.state.value,
        "state_label": str(device_machine.looks[shown.state].word),
        "next": step.title if step else None,
        "flags": [str(FLAG_KINDS[each]) for each in shown.gate.flags],
        "url": url_for("inventory.device", code=shown.code),
    }


def _unread(each: Unread) -> dict[str, Any]:
    return {"filename": each.filename, "code": each.fault.code, "message": sentence(each.fault)}


def _of_file(each: Unread) -> Fault:
    return Fault("upload.of_file", filename=each.filename, fault=each.fault)
