"""What goes with the device that was decided on: machines put to its hand-over, or taken off."""

from flask import g, request
from werkzeug.wrappers import Response

from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.lines import add_machine, drop_machine, open_lines
from refurb.referrals.cases.queries.allocations import allocation_for
from refurb.referrals.cases.schemas import MachineAdded

P = Permission


@blueprint.route("/remises/<reference>/appareils", methods=["GET", "POST"])
@requires(P.ALLOCATION_WRITE)
def handover_lines(actor: Actor, reference: str) -> Response:
    """All that one hand-over gives; and one more machine, scanned, with a reason."""
    g.section = "referrals.handovers"
    allocation = allocation_for(actor, reference)
    form = Form(MachineAdded)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            add_machine(actor, allocation, **form.load())
            return go("referrals.handover_lines", done=_("Ajouté : l'appareil est réservé avec les autres."), reference=reference)
        allocation = allocation_for(actor, reference)
    return page(
        "referrals/cases/lines.html",
        form=form,
        allocation=allocation,
        lines=[each for each in open_lines(allocation) if each.device is not None],
        is_prepared=allocation.state.is_active,
        kinds=DEVICE_KINDS,
    )


@blueprint.post("/remises/<reference>/appareils/<int:number>/retirer")
@requires(P.ALLOCATION_WRITE)
def handover_line_drop(actor: Actor, reference: str, number: int) -> Response:
    """Take a machine off: it is ready for somebody else."""
    allocation = allocation_for(actor, reference)
    with unit_of_work():
        drop_machine(actor, allocation, number)
        return go("referrals.handover_lines", done=_("Retiré : l'appareil est de nouveau prêt."), reference=reference)
