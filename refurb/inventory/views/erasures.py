"""The pages of erasure reports: their upload, and what came of one."""

from flask import flash, request
from werkzeug.wrappers import Response

from refurb.inventory.actions.erasures import ErasureReading, read_erasure_report
from refurb.inventory.models import Device
from refurb.inventory.queries import device_by_code
from refurb.inventory.queries.evidence import (
    drives_inside,
    erasure_report,
    homes_of,
)
from refurb.inventory.schemas.reports import ErasureFile
from refurb.inventory.views.blueprint import blueprint
from refurb.inventory.views.doors import device_title
from refurb.inventory.views.uploads import sent_file
from refurb.inventory.words import ErasureStatus
from refurb.kernel.access import Actor, Permission, requires
from refurb.kernel.forms import Form
from refurb.kernel.pages import go, page
from refurb.kernel.unit_of_work import unit_of_work
from refurb.kernel.words import _, _n, moment

P = Permission


@blueprint.route("/effacements/deposer", methods=["GET", "POST"])
@requires(P.DEVICE_ERASE)
def erasure_reports(actor: Actor) -> Response:
    """Upload the log of an eraser, from the page of a device or from the queue."""
    device = _asked_from(actor)
    form = Form(ErasureFile)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            upload = sent_file("file")
            reading = read_erasure_report(actor, upload.content, upload.filename)
            if reading.known:
                when = moment(reading.report.received_at, near=True)
                flash(_("Ce fichier était déjà connu, déposé %(when)s. Rien n'a changé.", when=when), "wait")
            done = None if reading.known else _told(reading)
            return go("inventory.erasure_report_page", done=done, number=reading.report.id, appareil=device.code if device else None)
        device = _asked_from(actor)
    return page("inventory/erasure_upload.html", form=form, device=device, title=device_title(device) if device else None)


def _told(reading: ErasureReading) -> str:
    accepted = sum(each.status == ErasureStatus.ACCEPTED for each in reading.report.erasures)
    if not accepted:
        return _("Rapport gardé : aucune preuve acceptée.")
    return _n("Rapport gardé : %(num)s preuve acceptée.", "Rapport gardé : %(num)s preuves acceptées.", accepted)


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
        "inventory/erasure_report.html",
        report=report,
        homes=homes_of(each.drive_id for each in report.erasures),
        device=device,
        title=device_title(device) if device else None,
        foreign=foreign if device and len(foreign) == len(report.erasures) else [],
    )
