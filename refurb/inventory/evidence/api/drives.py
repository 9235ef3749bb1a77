"""The JSON door of drives and of what is proven of them: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response

from refurb.inventory.blueprint import api
from refurb.inventory.devices.actions.devices import withdraw_without_drive
from refurb.inventory.devices.doors import device_json
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.evidence.actions.clocks import accept_clock
from refurb.inventory.evidence.actions.destructions import confirm_destruction, declare_destruction, decline_destruction, name_slip
from refurb.inventory.evidence.actions.drives import open_stay, remove_drive
from refurb.inventory.evidence.actions.finished import finish_stated, finish_wipes
from refurb.inventory.evidence.actions.judged_again import decide_rejudgement
from refurb.inventory.evidence.actions.loose_drives import add_drive, correct_drive, install_drive
from refurb.inventory.evidence.actions.statements import confirm_statement, decline_statement, state_erasure, state_memory_reset
from refurb.inventory.evidence.actions.unmatched import attach_erasure, set_aside
from refurb.inventory.evidence.queries.loose_drives import as_json, drives_listed, mark_of, one_drive
from refurb.inventory.evidence.queries.review import (
    destruction_of,
    erasure_of,
    evidence_waiting,
    likely_drives,
    rejudgement_of,
    rejudgements_waiting,
    statement_of,
)
from refurb.inventory.evidence.schemas.drives import (
    Attachment,
    DeviceToFind,
    DriveCorrection,
    NewDestruction,
    NewDrive,
    ProofDecision,
    Slip,
    StatedErasure,
    StatedReset,
    Why,
)
from refurb.inventory.evidence.views.loose_drives import drive_facts, filter_asked
from refurb.inventory.evidence.views.review import on_the_clock
from refurb.inventory.models.evidence import Erasure, ErasureStatement, Rejudgement
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.web.api import answer, json_body, listed
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission


@api.route("/drives", methods=["GET"])
@requires(P.DEVICE_READ)
def drives_json(_actor: Actor) -> Response:
    """A page of 50 drives, the newest first, those in stock unless told otherwise; filters: q, ou, preuve, type, page."""
    found = drives_listed(filter_asked(), page_number())
    rows = [
        {"id": drive.id, "mark": mark_of(drive.id), "serial": drive.serial, "model": drive.model, "medium": drive.medium,
         "size_bytes": drive.size_bytes, "device": code, "clean": proven, "to_confirm": pending}
        for drive, code, proven, pending in found.rows
    ]  # fmt: skip
    return answer(listed(found, rows))


@api.route("/drives", methods=["POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_add_json(actor: Actor) -> Response:
    """Enter a drive that no tool has read, in stock."""
    with unit_of_work():
        drive = add_drive(actor, None, **drive_facts(load(NewDrive, json_body())))
        return answer(as_json(drive), 201)


@api.route("/devices/<code>/drives", methods=["POST"])
@requires(P.DEVICE_DIAGNOSE)
def device_drive_add_json(actor: Actor, code: str) -> Response:
    """Enter a drive that no tool has read, in the device that it was found in."""
    with unit_of_work():
        drive = add_drive(actor, device_by_code(actor, code), **drive_facts(load(NewDrive, json_body())))
        return answer(as_json(drive), 201)


@api.route("/drives/<int:number>", methods=["GET"])
@requires(P.DEVICE_READ)
def drive_json(actor: Actor, number: int) -> Response:
    """One drive: where it is and was, what is proven of it, what waits for a second person."""
    return answer(as_json(one_drive(actor, number)))


@api.route("/drives/<int:number>/facts", methods=["PUT"])
@requires(P.DEVICE_DIAGNOSE)
def drive_correct_json(actor: Actor, number: int) -> Response:
    """Correct what is known of a drive, with the reason."""
    with unit_of_work():
        drive = one_drive(actor, number)
        correct_drive(actor, drive, **drive_facts(load(DriveCorrection, json_body()), drive))
        return answer(as_json(drive))


@api.route("/drives/<int:number>/device", methods=["PUT"])
@requires(P.DEVICE_DIAGNOSE)
def drive_install_json(actor: Actor, number: int) -> Response:
    """Put a drive in a device on the bench: {"code": "R7K24MXQ"}."""
    with unit_of_work():
        drive = one_drive(actor, number)
        install_drive(actor, device_by_code(actor, load(DeviceToFind, json_body())["code"]), drive)
        return answer(as_json(drive))


class InNoDevice(Conflict):
    """The drive is in stock already, or destroyed."""

    code = "drive.in_no_device"


@api.route("/drives/<int:number>/device", methods=["DELETE"])
@requires(P.DEVICE_DIAGNOSE)
def drive_remove_json(actor: Actor, number: int) -> Response:
    """Take a drive out of its device, into the stock."""
    with unit_of_work():
        drive = one_drive(actor, number)
        stay = open_stay(drive)
        if stay is None:
            raise InNoDevice
        remove_drive(actor, stay.device, drive)
        return answer(as_json(drive))


@api.route("/drives/<int:number>/destruction", methods=["POST"])
@requires(P.DEVICE_DISCARD)
def drive_destroy_json(actor: Actor, number: int) -> Response:
    """Declare a drive destroyed; `photo` is base64. It counts when another person has confirmed it."""
    facts = load(NewDestruction, json_body())
    with unit_of_work():
        drive = one_drive(actor, number)
        declare_destruction(actor, drive, **facts)
        return answer(as_json(drive), 201)


@api.route("/drives/<int:number>/slip", methods=["PUT"])
@requires(P.DEVICE_DISCARD)
def drive_slip_json(actor: Actor, number: int) -> Response:
    """Name the waste slip of a destroyed drive: {"slip": "…"}."""
    with unit_of_work():
        drive = one_drive(actor, number)
        name_slip(actor, drive, **load(Slip, json_body()))
        return answer(as_json(drive))


@api.route("/destructions/<int:number>/confirm", methods=["POST"])
@requires(P.DEVICE_APPROVE)
def destruction_confirm_json(actor: Actor, number: int) -> Response:
    """Confirm, as the second person, having seen a drive destroyed."""
    with unit_of_work():
        declared = destruction_of(actor, number)
        confirm_destruction(actor, declared)
        finish_wipes(actor, [declared.drive])
        return answer(as_json(declared.drive))


@api.route("/destructions/<int:number>/decline", methods=["POST"])
@requires(P.DEVICE_APPROVE)
def destruction_decline_json(actor: Actor, number: int) -> Response:
    """Say that a drive was not destroyed: {"reason": "…"}."""
    with unit_of_work():
        declared = destruction_of(actor, number)
        decline_destruction(actor, declared, **load(Why, json_body()))
        return answer(as_json(declared.drive))


@api.route("/drives/<int:number>/erasures", methods=["POST"])
@requires(P.DEVICE_ERASE)
def drive_erasure_json(actor: Actor, number: int) -> Response:
    """State an erasure that no tool has logged; times are the territory's wall clock, `photo` is base64."""
    facts: dict[str, Any] = on_the_clock(load(StatedErasure, json_body()))
    with unit_of_work():
        return answer(_statement(state_erasure(actor, one_drive(actor, number), **facts)), 201)


@api.route("/devices/<code>/memory-reset", methods=["POST"])
@requires(P.DEVICE_ERASE)
def memory_reset_json(actor: Actor, code: str) -> Response:
    """State that the soldered memory of a tablet or a telephone was reset."""
    facts: dict[str, Any] = on_the_clock(load(StatedReset, json_body()))
    with unit_of_work():
        return answer(_statement(state_memory_reset(actor, device_by_code(actor, code), verification="device", **facts)), 201)


@api.route("/devices/<code>/no-drive", methods=["DELETE"])
@requires(P.DEVICE_DIAGNOSE)
def no_drive_withdraw_json(actor: Actor, code: str) -> Response:
    """Take back that a device holds no drive: {"reason": "…"}."""
    with unit_of_work():
        device = device_by_code(actor, code)
        withdraw_without_drive(actor, device, **load(Why, json_body()))
        return answer(device_json(device, actor))


@api.route("/erasure-statements/<int:number>/confirm", methods=["POST"])
@requires(P.DEVICE_APPROVE)
def statement_confirm_json(actor: Actor, number: int) -> Response:
    """Agree, as the second person, with what was stated."""
    with unit_of_work():
        statement = statement_of(actor, number)
        confirm_statement(actor, statement)
        finish_stated(actor, statement)
        return answer(_statement(statement))


@api.route("/erasure-statements/<int:number>/decline", methods=["POST"])
@requires(P.DEVICE_APPROVE)
def statement_decline_json(actor: Actor, number: int) -> Response:
    """Do not agree: {"reason": "…"}."""
    with unit_of_work():
        statement = statement_of(actor, number)
        decline_statement(actor, statement, **load(Why, json_body()))
        return answer(_statement(statement))


@api.route("/evidence", methods=["GET"])
@requires(P.DEVICE_ERASE)
def evidence_json(_actor: Actor) -> Response:
    """A page of the evidence that no drive of ours bears the serial of, each with the drives that it may be of."""
    found = evidence_waiting(page_number())
    return answer(listed(found, [_line(each) for each in found.rows]))


@api.route("/evidence/<int:number>/drive", methods=["PUT"])
@requires(P.DEVICE_ERASE)
def evidence_attach_json(actor: Actor, number: int) -> Response:
    """Attach evidence to a drive whose serial number agrees, or that has none: {"drive_id": 3, "reason": "…"}."""
    with unit_of_work():
        facts = load(Attachment, json_body())
        drive = one_drive(actor, facts["drive_id"])
        attach_erasure(actor, erasure_of(actor, number), drive, reason=facts["reason"])
        return answer(as_json(drive))


@api.route("/evidence/<int:number>/set-aside", methods=["POST"])
@requires(P.DEVICE_ERASE)
def evidence_aside_json(actor: Actor, number: int) -> Response:
    """Put evidence away: {"reason": "…"}."""
    with unit_of_work():
        erasure = erasure_of(actor, number)
        set_aside(actor, erasure, **load(Why, json_body()))
        return answer(_line(erasure))


@api.route("/evidence/<int:number>/clock", methods=["POST"])
@requires(P.DEVICE_APPROVE)
def evidence_clock_json(actor: Actor, number: int) -> Response:
    """Accept, as a second person, a log that a wrong clock dated, for its drive: {"reason": "…"}."""
    with unit_of_work():
        erasure = erasure_of(actor, number)
        accept_clock(actor, erasure, **load(Why, json_body()))
        finish_wipes(actor, [erasure.drive])
        return answer(_line(erasure))


@api.route("/proofs/rejudged", methods=["GET"])
@requires(P.DEVICE_ERASE)
def proofs_rejudged_json(_actor: Actor) -> Response:
    """The proofs accepted by an older release that today's rules would refuse, of machines that have left: a person decides upon each."""
    return answer({"rows": [_rejudged(each) for each in rejudgements_waiting()]})


@api.route("/proofs/rejudged/<int:number>", methods=["POST"])
@requires(P.DEVICE_APPROVE)
def proof_rejudged_json(actor: Actor, number: int) -> Response:
    """Decide whether a proof counts all the same: {"fate": "kept" or "dropped", "reason": "…"}."""
    with unit_of_work():
        found = rejudgement_of(actor, number)
        decide_rejudgement(actor, found, **load(ProofDecision, json_body()))
        return answer(_rejudged(found))


def _rejudged(found: Rejudgement) -> dict[str, Any]:
    return {
        "id": found.id,
        "drive": found.drive_id,
        "serial": found.erasure.serial,
        "report": found.erasure.report.file,
        "objection": found.reason,
        "found_at": found.found_at.isoformat(),
        "decided_at": found.decided_at.isoformat() if found.decided_at else None,
        "fate": found.fate,
    }


def _line(erasure: Erasure) -> dict[str, Any]:
    return {
        "id": erasure.id,
        "serial": erasure.serial,
        "model": erasure.model,
        "size_bytes": erasure.size_bytes,
        "ended_at": erasure.ended_at.isoformat() if erasure.ended_at else None,
        "ended_at_latest": erasure.clock is not None,
        "status": erasure.status,
        "reason": erasure.reason,
        "report": erasure.report.file,
        "likely": [{"id": each.drive.id, "serial": each.drive.serial, "may_attach": each.may} for each in likely_drives(erasure)],
    }


def _statement(statement: ErasureStatement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "drive": statement.erasure.drive_id if statement.erasure else None,
        "device": statement.device.code if statement.device else None,
        "technique": statement.technique,
        "level": statement.level,
        "ended_at": statement.ended_at.isoformat(),
        "entered_by": statement.entered_by,
        "confirmed_by": statement.confirmed_by,
        "declined_by": statement.declined_by,
        "counts": statement.confirmed_at is not None and statement.voided_at is None,
    }
