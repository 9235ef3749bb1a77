"""The pages of drives: taken out, destroyed; and the words that every page about them uses."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.queries import people_who_may
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import Standing, device_by_code
from refurb.inventory.evidence.actions.destructions import declare_destruction
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.queries.evidence import drive_of
from refurb.inventory.evidence.schemas.drives import NewDestruction
from refurb.inventory.evidence.verdicts import objection_to
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, HardwareReport
from refurb.inventory.words.drives import HEALTHS, MEDIA
from refurb.inventory.words.erasures import ERASURE_STATUSES, LEVELS, VERIFICATIONS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _, size
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo

P = Permission


def drive_title(drive: Drive) -> str:
    """A drive as people name it: « SSD NVMe Samsung PM981, 256 Go »."""
    maker, model = drive.manufacturer or "", drive.model or ""
    name = model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}"
    named = " ".join(part for part in (str(MEDIA[drive.medium]), name.strip()) if part)
    return f"{named}, {size(drive.size_bytes)}" if drive.size_bytes else named


def reserves_of(report: HardwareReport, device: Device | Standing) -> list[Fault]:
    """The reserves that came with a hardware report, less what a person has settled since."""
    warnings = [dict(each) for each in report.facts.get("warnings", ())]
    return [Fault(each.pop("code"), **each) for each in warnings if each["code"] != "hardware.no_identity" or not device.serial]


@blueprint.context_processor
def drive_words() -> dict[str, Any]:
    """What the cards about drives and reports say things with."""
    return {
        "drive_title": drive_title,
        "objection_to": objection_to,
        "reserves_of": reserves_of,
        "healths": HEALTHS,
        "levels": LEVELS,
        "verifications": VERIFICATIONS,
        "erasure_statuses": ERASURE_STATUSES,
    }


def witnesses(actor: Actor) -> list[tuple[str, str]]:
    """Who may be named as the witness: everybody who approves, but for whoever asks."""
    others = [each for each in people_who_may(P.DEVICE_APPROVE) if each.id != actor.id]
    return [("", _("Une autre personne, plus tard")), *((str(each.id), each.name) for each in others)]


@blueprint.route("/appareils/<code>/supports/<int:number>/retirer", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_remove(actor: Actor, code: str, number: int) -> Response:
    """Note that a drive was taken out of a device."""
    device = device_by_code(actor, code)
    drive = drive_of(device, number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            remove_drive(actor, device, drive)
            undo = Undo(url_for("inventory.drive_install", number=drive.id), _("Remettre le support"), {"code": device.code})
            return go("inventory.device", done=_("Support retiré de l'appareil."), undo=undo, code=device.code)
        device = device_by_code(actor, code)
        drive = drive_of(device, number)
    return page("inventory/evidence/drive_remove.html", form=form, device=device, drive=drive, title=device_title(device))


@blueprint.route("/appareils/<code>/supports/<int:number>/detruire", methods=["GET", "POST"])
@requires(P.DEVICE_DISCARD)
def drive_destroy(actor: Actor, code: str, number: int) -> Response:
    """Note that a drive was destroyed."""
    device = device_by_code(actor, code)
    drive = drive_of(device, number)
    form = Form(NewDestruction, choices={"witness_id": witnesses(actor)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            declare_destruction(actor, drive, **form.load())
            return go("inventory.device", done=_("Noté. Une seconde personne doit maintenant confirmer la destruction."), code=device.code)
        device = device_by_code(actor, code)
        drive = drive_of(device, number)
    return page("inventory/evidence/drive_destroy.html", form=form, device=device, drive=drive, title=device_title(device))
