"""The pages of hardware reports: their upload, and the raw files as they came."""

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.evidence.actions.finished import finish_wipe
from refurb.inventory.evidence.actions.reports import Reading, hardware_files, keep_hardware_reports
from refurb.inventory.evidence.queries.evidence import report_name
from refurb.inventory.evidence.schemas.reports import HardwareFiles
from refurb.inventory.evidence.views.uploads import sent_files
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.undo import say

P = Permission
# How many reserves are told after an upload; all of them stay beside the report on the device's page.
TOLD_AT_ONCE = 4


@blueprint.route("/appareils/<code>/rapports/deposer", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def device_reports(actor: Actor, code: str) -> Response:
    """Upload what the hardware tools said of a device."""
    found = device_by_code(actor, code)
    form = Form(HardwareFiles)
    if request.method == "POST":
        with form.catching():
            sent = hardware_files(sent_files("files"))
            with unit_of_work():
                reading = keep_hardware_reports(actor, found, sent)
                finish_wipe(actor, found)
                for reserve in reading.warnings[:TOLD_AT_ONCE]:
                    say(sentence(Fault(reserve.code, **reserve.facts)), kind="wait")
                return go("inventory.device", done=_told(reading), code=found.code)
        found = device_by_code(actor, code)
    return page("inventory/evidence/report_upload.html", form=form, device=found, title=device_title(found))


def _told(reading: Reading) -> str:
    again = len(reading.known)
    if not reading.reports:
        return _n("Ce fichier était déjà connu : rien n'a changé.", "Ces fichiers étaient déjà connus : rien n'a changé.", again)
    told = _(
        "%(files)s, %(drives)s.",
        files=_n("%(num)s fichier lu", "%(num)s fichiers lus", len(reading.reports)),
        drives=_n("%(num)s support trouvé", "%(num)s supports trouvés", reading.drives),
    )
    if not again:
        return told
    return " ".join([told, _n("%(num)s était déjà connu.", "%(num)s étaient déjà connus.", again)])


@blueprint.get("/rapports/<digest>")
@requires(P.DEVICE_READ)
def raw_report(actor: Actor, digest: str) -> Response:
    """A report exactly as it came; never shown in the browser, which would have to guess what it is."""
    name = report_name(actor, digest)
    return download(files.fetch(digest), name, "text/plain", inline=False)
