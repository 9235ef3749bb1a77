"""The pages of erasure reports: their upload, and what came of one."""

from collections.abc import Sequence
from datetime import datetime

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.evidence.actions.erasure_files import read_erasure_files, sent_erasures
from refurb.inventory.evidence.actions.erasures import ErasureReading
from refurb.inventory.evidence.actions.finished import finish_wipes, proven_drives
from refurb.inventory.evidence.queries.evidence import drives_inside, erasure_report, homes_of
from refurb.inventory.evidence.schemas.reports import ErasureFiles
from refurb.inventory.evidence.views.uploads import sent_files
from refurb.inventory.models.devices import Device
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import from_wall
from refurb.kernel.speech.words import _, _n, moment
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import say

P = Permission


@blueprint.route("/effacements/deposer", methods=["GET", "POST"])
@requires(P.DEVICE_ERASE)
def erasure_reports(actor: Actor) -> Response:
    """Upload what erasers wrote, from the page of a device or from the queue."""
    device = _asked_from(actor)
    form = Form(ErasureFiles)
    if request.method == "POST":
        with form.catching():
            files = sent_erasures(sent_files("file"), ended_at=_stated_end())
            with unit_of_work():
                readings = read_erasure_files(actor, files)
                return _on_to(readings, device, finished=bool(finish_wipes(actor, proven_drives(readings))))
        device = _asked_from(actor)
    return page("inventory/evidence/erasure_upload.html", form=form, device=device, title=device_title(device) if device else None)


def _on_to(readings: Sequence[ErasureReading], device: Device | None, *, finished: bool) -> Response:
    for reading in (each for each in readings if each.known):
        when = moment(reading.report.received_at, near=True)
        say(_("Ce fichier était déjà connu, déposé %(when)s. Rien n'a changé.", when=when), kind="wait")
    fresh = [each for each in readings if not each.known]
    done = _told(fresh) if fresh else None
    if done and not _accepted(fresh):  # A file was kept and nothing is proven: no word of success.
        say(done, kind="wait")
        done = None
    if finished:
        done = " ".join(filter(None, (done, _("Effacement terminé : à remettre en état."))))
    if len(readings) > 1 and device is None:
        return go("inventory.unmatched", done=done)
    return go("inventory.erasure_report_page", done=done, number=readings[-1].report.id, appareil=device.code if device else None)


def _stated_end() -> datetime | None:
    """When the erasure ended, as the person says who sends the files; the files themselves are read beside the form."""
    stated = load(ErasureFiles(only=("ended_at",)), {"ended_at": request.form.get("ended_at", "")})["ended_at"]
    return from_wall(stated) if stated else None


def _accepted(fresh: Sequence[ErasureReading]) -> int:
    return sum(row.status == ErasureStatus.ACCEPTED for each in fresh for row in each.report.erasures)


def _told(fresh: Sequence[ErasureReading]) -> str:
    accepted = _accepted(fresh)
    proofs = _n("%(num)s preuve acceptée", "%(num)s preuves acceptées", accepted) if accepted else _("aucune preuve acceptée")
    return _n("%(num)s rapport gardé, %(proofs)s.", "%(num)s rapports gardés, %(proofs)s.", len(fresh), proofs=proofs)


def _asked_from(actor: Actor) -> Device | None:
    code = request.args.get("appareil")
    return device_by_code(actor, code) if code else None


@blueprint.get("/effacements/<int:number>")
@requires(P.DEVICE_READ)
def erasure_report_page(actor: Actor, number: int) -> Response:
    """What one report says of each drive, and what came of it."""
    report = erasure_report(actor, number)
    device = _asked_from(actor)
    inside = {drive.serial for drive in drives_inside(device)} if device else set()
    foreign = [each.serial for each in report.erasures if each.serial and each.serial not in inside]
    return page(
        "inventory/evidence/erasure_report.html",
        report=report,
        homes=homes_of(each.drive_id for each in report.erasures),
        device=device,
        title=device_title(device) if device else None,
        foreign=foreign if device and len(foreign) == len(report.erasures) else [],
    )
