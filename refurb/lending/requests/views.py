"""The page on which the desk decides: the oldest request first, one open, and the waiting lists below."""

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.sites.asked import site_asked
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.requests.actions import accept_fairly, fair_share
from refurb.lending.requests.queries import left_by, queues_of, reasons_of, requests_to_decide, standing_of
from refurb.lending.reservations.queries import reservation_by_reference
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.words import SUSPENDED_WHY
from refurb.lending.waits.queries import standing_waits

P = Permission


@blueprint.route("/demandes", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def requests(actor: Actor) -> Response:
    """Decide about the request that is open; it is accepted whole, or as far as it takes nothing from who waits."""
    form = Form(NoFacts)
    if request.method == "POST":
        found = reservation_by_reference(actor, request.form.get("reference", ""))
        with form.catching(), unit_of_work():
            if request.form.get("answer") == "fairly":
                accept_fairly(actor, found)
            else:
                reservation_machine.fire(found, "approve", actor)
            return go("lending.requests", done=_("%(reference)s acceptée.", reference=found.reference))
    waiting = requests_to_decide(actor, site_asked())
    asked = request.args.get("ouvrir", "")
    opened = next((each for each in waiting if each.reference == asked), waiting[0] if waiting else None)
    share = fair_share(opened) if opened else {}
    return page(
        "lending/requests/requests.html",
        status=form.status,
        form=form,
        opened=opened,
        others=[each for each in waiting if each is not opened],
        count=len(waiting),
        left=left_by(opened) if opened else [],
        reasons=reasons_of(opened) if opened else [],
        standing=standing_of(opened.borrower) if opened and actor.may(P.BORROWER_READ) else None,
        suspension=suspension_of(opened.borrower) if opened and actor.may(P.BORROWER_READ) else None,
        reasons_suspended=SUSPENDED_WHY,
        fair=sum(share.values()),
        whole=sum(line.quantity for line in opened.lines) if opened else 0,
        queues=queues_of(standing_waits(actor, site_asked())),
        sees_borrower=actor.may(P.BORROWER_READ),
    )
