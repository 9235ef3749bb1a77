"""What whoever receives pays at the hand-over: noted, taken off, its receipt."""

from flask import g, request
from werkzeug.wrappers import Response

from refurb.documents.views import paper_pdf
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.participation import (
    drop_participation,
    may_be_asked,
    may_be_noted,
    most_asked,
    note_participation,
    participation_of,
)
from refurb.referrals.cases.queries.allocations import allocation_for
from refurb.referrals.cases.schemas import ParticipationTold

P = Permission


@blueprint.route("/remises/<reference>/participation", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def participation(actor: Actor, reference: str) -> Response:
    """What is paid with a hand-over that is prepared, no more than the policy asks."""
    g.section = "referrals.handovers"
    allocation = allocation_for(actor, reference)
    if not may_be_noted(allocation):
        raise NotFound
    found, most = participation_of(allocation), most_asked(allocation)
    start = {"euros": euros_said(found.cents if found else most).removesuffix("\u202f€"), "paid_by": found.paid_by if found else None}
    form = Form(ParticipationTold, start=start)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            note_participation(actor, allocation, **form.load())
            return go("referrals.handover", done=_("La participation est notée sur le bon."), reference=reference)
        allocation = allocation_for(actor, reference)
        found = participation_of(allocation)
    asked = may_be_asked(allocation)
    return page("referrals/cases/participation.html", form=form, allocation=allocation, found=found, most=euros_said(most), asked=asked)


@blueprint.post("/remises/<reference>/participation/retirer")
@requires(P.HANDOVER_WRITE)
def participation_drop(actor: Actor, reference: str) -> Response:
    """Nothing is paid after all."""
    allocation = allocation_for(actor, reference)
    with unit_of_work():
        drop_participation(actor, allocation)
        return go("referrals.handover", done=_("La remise est gratuite."), reference=reference)


@blueprint.get("/remises/<reference>/participation/recu.pdf")
@requires(P.HANDOVER_WRITE)
def participation_receipt(actor: Actor, reference: str) -> Response:
    """The receipt, for whoever hands over: it bears a name."""
    found = participation_of(allocation_for(actor, reference))
    if found is None or found.paper is None:
        raise NotFound
    need_names()
    return paper_pdf(found.paper)
