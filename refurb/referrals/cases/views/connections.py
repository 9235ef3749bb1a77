"""The connection that goes with a hand-over: said, prolonged, taken off."""

from flask import g, request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.connections import connection_of, connection_said, drop_connection, may_say, set_connection
from refurb.referrals.cases.queries.allocations import allocation_for, allocation_of_referral
from refurb.referrals.cases.queries.referrals import may_open
from refurb.referrals.cases.schemas import ConnectionTold
from refurb.referrals.models import Referral
from refurb.referrals.words import CONNECTIONS

P = Permission


@blueprint.route("/remises/<reference>/connexion", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def connection(actor: Actor, reference: str) -> Response:
    """Which connection goes with a hand-over, who pays for it and until when."""
    g.section = "referrals.handovers"
    allocation = allocation_for(actor, reference)
    found = connection_of(allocation)
    if (found is None and not allocation.state.is_active) or not may_say(actor, allocation):
        raise NotFound
    start = {name: getattr(found, name) for name in ("connected_by", "operator", "payer", "paid_until")} if found else {}
    form = Form(ConnectionTold, start=start)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            set_connection(actor, allocation, **form.load())
            return go("referrals.handover", done=_("La connexion est notée."), reference=reference)
        allocation = allocation_for(actor, reference)
        found = connection_of(allocation)
    return page(
        "referrals/cases/connection.html", form=form, allocation=allocation, connection=found,
        left=found is not None and found.allocation.handover is not None,
        at_home=CONNECTIONS[allocation.referral.connection] if may_open(actor, allocation.referral) else None,
    )  # fmt: skip


@blueprint.post("/remises/<reference>/connexion/retirer")
@requires(P.HANDOVER_WRITE)
def connection_drop(actor: Actor, reference: str) -> Response:
    """No connection goes with it."""
    allocation = allocation_for(actor, reference)
    with unit_of_work():
        drop_connection(actor, allocation)
        return go("referrals.handover", done=_("La connexion est retirée."), reference=reference)


def panel_of_connection(_actor: Actor, referral: Referral) -> HungPanel | None:
    """Which connection went with the device of a referral, who pays for it and until when."""
    held = allocation_of_referral(referral)
    found = connection_of(held) if held is not None else None
    if found is None:
        return None
    return HungPanel("referrals/cases/_connection.html", {"reference": referral.reference, "said": connection_said(found)})
