"""The first-start sheets of the machines of a hand-over, printed with it."""

from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download
from refurb.referrals.aftersales.sheet import first_start_sheet
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.lines import lines_of, machines_of, open_lines
from refurb.referrals.cases.queries.allocations import allocation_for


@blueprint.get("/remises/<reference>/premiers-pas.pdf")
@requires(Permission.HANDOVER_WRITE)
def first_start(actor: Actor, reference: str) -> Response:
    """The sheets to put into the bag, one for each machine."""
    allocation = allocation_for(actor, reference)
    devices = machines_of(lines_of(allocation.handover) if allocation.handover else open_lines(allocation))
    return download(first_start_sheet(devices), f"premiers-pas-{devices[0].code}.pdf", "application/pdf")
