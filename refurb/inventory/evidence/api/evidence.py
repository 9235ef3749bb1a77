"""The JSON door of what tools say: a bench sends its reports, and reads back what came of them."""

from datetime import datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.devices.doors import device_json
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.evidence.actions.donor_statements import keep_donor_statements, sent_statements
from refurb.inventory.evidence.actions.erasure_files import read_erasure_files, sent_erasures
from refurb.inventory.evidence.actions.erasures import ErasureReading
from refurb.inventory.evidence.actions.finished import finish_wipe, finish_wipes, proven_drives
from refurb.inventory.evidence.actions.reports import hardware_files, keep_hardware_reports
from refurb.inventory.evidence.queries.donor_statements import donor_statements
from refurb.inventory.evidence.queries.evidence import homes_of, report_name
from refurb.inventory.evidence.verdicts import objection_to
from refurb.inventory.evidence.views.uploads import sent_bodies
from refurb.inventory.models.evidence import Erasure, HardwareReport
from refurb.inventory.readers.erasure.times import moment
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.api import answer, api_blueprint, takes_files
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download

api = api_blueprint("evidence", "Reports of hardware and erasing tools")
P = Permission

# A tool sends its file as the whole body; a script that has several sends them as parts of one form.
_FILES: dict[str, Any] = {
    "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}}}
        },
    }
}


@api.route("/devices/<code>/hardware-reports", methods=["POST"])
@api.doc(requestBody=_FILES)
@requires(P.DEVICE_DIAGNOSE)
@takes_files
def hardware_reports_json(actor: Actor, code: str) -> Response:
    """Read what hardware tools say of a device: every file, or none."""
    device = device_by_code(actor, code)
    sent = hardware_files(sent_bodies())
    with unit_of_work():
        reading = keep_hardware_reports(actor, device, sent)
        finish_wipe(actor, device)
        body = {
            "reports": [report_json(each) for each in reading.reports],
            "known": [report_json(each) for each in reading.known],
            "drives": reading.drives,
            "warnings": [{**each.to_json(), "message": sentence(Fault(each.code, **each.facts))} for each in reading.warnings],
            "device": device_json(device, actor),
        }
        return answer(body, 201 if reading.reports else 200)


@api.route("/erasure-reports", methods=["POST"])
@api.doc(requestBody=_FILES)
@requires(P.DEVICE_ERASE)
@takes_files
def erasure_reports_json(actor: Actor) -> Response:
    """Read what an eraser says: each drive's line is accepted, refused with its reason, or waits for its drive.

    One file, or the files of nvme-cli or hdparm that prove one erasure together; `?ended_at=` (ISO 8601 with its zone) states when it
    ended, for these tools, which write no date.
    """
    files = sent_erasures(sent_bodies(), ended_at=_stated_end())
    with unit_of_work():
        readings = read_erasure_files(actor, files)
        if len(readings) != 1:
            raise Invalid({"file": [Fault("upload.one_file", count=len(readings))]})
        finish_wipes(actor, proven_drives(readings))
        return answer(reading_json(readings[0]), 200 if readings[0].known else 201)


def _stated_end() -> datetime | None:
    text = request.args.get("ended_at")
    if text is None:
        return None
    end = moment(text)
    if end is None or end.tzinfo is None:
        raise Invalid({"ended_at": [Fault("field.moment")]})
    return end


@api.route("/donations/<reference>/donor-statements", methods=["POST"])
@api.doc(requestBody=_FILES)
@requires(P.DEVICE_INTAKE)
@takes_files
def donor_statements_json(actor: Actor, reference: str) -> Response:
    """Attach the certificates (PDF) that a donor handed over: kept with the donation, never a proof."""
    donation = donation_by_reference(actor, reference)
    sent = sent_statements(sent_bodies())
    with unit_of_work():
        keep_donor_statements(actor, donation, sent)
        found = [
            {"id": each.id, "file": each.file, "filename": each.filename, "size": each.size, "tool": each.tool}
            for each in donor_statements(donation)
        ]
        return answer({"statements": found}, 201)


@api.route("/reports/<digest>", methods=["GET"])
@requires(P.DEVICE_READ)
def raw_report_json(actor: Actor, digest: str) -> Response:
    """A report exactly as it came, by its SHA-256."""
    name = report_name(actor, digest)
    return download(files.fetch(digest), name, "text/plain", inline=False)


def report_json(report: HardwareReport) -> dict[str, Any]:
    """A hardware report on record."""
    return {
        "file": report.file,
        "tool": report.tool,
        "filename": report.filename,
        "size": report.size,
        "received_at": report.received_at.isoformat(),
    }


def reading_json(reading: ErasureReading) -> dict[str, Any]:
    """An erasure report on record, with what came of each drive in it."""
    report = reading.report
    homes = homes_of(each.drive_id for each in report.erasures)
    return {
        "id": report.id,
        "file": report.file,
        "known": reading.known,
        "tool": report.tool,
        "tool_version": report.tool_version,
        "erasures": [_erasure(each, homes.get(each.drive_id or 0)) for each in report.erasures],
    }


def _erasure(erasure: Erasure, home: str | None) -> dict[str, Any]:
    objection = objection_to(erasure)
    return {
        "id": erasure.id,
        "serial": erasure.serial,
        "model": erasure.model,
        "size_bytes": erasure.size_bytes,
        "method": erasure.method,
        "level": erasure.level,
        "verification": erasure.verification,
        "started_at": erasure.started_at.isoformat() if erasure.started_at else None,
        "ended_at": erasure.ended_at.isoformat() if erasure.ended_at else None,
        # The clock of the machine was wrong: it ended then at the latest.
        "ended_at_latest": erasure.clock is not None,
        "outcome": erasure.outcome,
        "status": erasure.status,
        "reason": erasure.reason,
        "message": sentence(objection) if objection else None,
        "counts": erasure.status == "accepted" and erasure.voided_at is None,
        "device": home,
    }
