"""The first-start sheet of a device, printed with its hand-over."""

from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download
from refurb.referrals.aftersales.sheet import first_start_sheet
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.queries.allocations import allocation_for


@blueprint.get("/remises/<reference>/premiers-pas.pdf")
@requires(Permission.HANDOVER_WRITE)
def first_start(actor: Actor, reference: str) -> Response:
    """The sheet to put into the bag."""
    device = allocation_for(actor, reference).device
    return download(first_start_sheet(device), f"premiers-pas-{device.code}.pdf", "application/pdf")
