"""Who goes to homes sees today's visits, hands over there and has the slip signed: nothing else opens, and nothing of another day."""

from flask import g, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.sites.words import said_hour
from refurb.documents.models import Signing
from refurb.documents.signing import signing_for
from refurb.documents.signing_pages import printout_page, sign_form, sign_page
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.bags.today import visit_for, visits_today
from refurb.referrals.bags.views import things_said
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.actions import sign_handover
from refurb.referrals.cases.contents import usual_accessories
from refurb.referrals.cases.schemas import HandedOver
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.cases.views.handovers import binding_of, language_asked, signing_desk, told_of
from refurb.referrals.handovers.queries import invitation_of
from refurb.referrals.handovers.states import invitation_machine
from refurb.referrals.models import Allocation

P = Permission


@blueprint.get("/remises/visites")
@requires(P.HOME_VISIT)
def visits(actor: Actor) -> Response:
    """Today's home visits, for who makes them."""
    return page(
        "referrals/bags/visits.html",
        visits=visits_today(actor),
        now=today(),
        clock=now(),
        kinds=DEVICE_KINDS,
        said=things_said,
        hour=said_hour,
    )


def _visited(actor: Actor, reference: str) -> Allocation:
    g.section = "referrals.visits"
    return db.session.get_one(Allocation, visit_for(actor, reference).allocation_id)


@blueprint.route("/remises/visites/<reference>", methods=["GET", "POST"])
@requires(P.HOME_VISIT)
def visit(actor: Actor, reference: str) -> Response:
    """The slip of one of today's visits: read and signed there, on the screen or on paper."""
    allocation = _visited(actor, reference)
    if not allocation.state.is_active:
        return go("referrals.visits")
    beside = language_asked(allocation)
    form = Form(HandedOver, start={"place": _("À domicile"), "accessories": usual_accessories(allocation), "beside": beside})
    if request.method == "POST" and "langue" not in request.form:  # Another language is read first: what was typed stays.
        with form.catching(), unit_of_work():
            need_names()  # What was shown bears no name, and nobody signs that.
            binding_of(allocation, beside).check()
            allocation_machine.fire(allocation, "hand_over", actor, **form.sent())
            return go("referrals.visits", done=told_of(allocation))
        allocation = _visited(actor, reference)
    return signing_desk(actor, allocation, form, beside, visit=True)


@blueprint.post("/remises/visites/<reference>/personne")
@requires(P.HOME_VISIT)
def visit_missed(actor: Actor, reference: str) -> Response:
    """Nobody opened, at an hour that has come."""
    invitation = invitation_of(_visited(actor, reference))
    if invitation is None:
        raise NotFound
    with unit_of_work():
        invitation_machine.fire(invitation, "miss", actor)
        return go("referrals.visits", done=_("C'est noté : personne n'a ouvert. La coordination reprend contact."))


def _signing_at(actor: Actor, reference: str) -> Signing:
    handover = _visited(actor, reference).handover
    if handover is None:
        raise NotFound
    return signing_for(handover)


@blueprint.get("/remises/visites/<reference>/a-signer.pdf")
@requires(P.HOME_VISIT)
def visit_printout(actor: Actor, reference: str) -> Response:
    """The slip to print and to sign, without a number."""
    return printout_page(_signing_at(actor, reference))


@blueprint.route("/remises/visites/<reference>/signer", methods=["GET", "POST"])
@requires(P.HOME_VISIT)
def visit_sign(actor: Actor, reference: str) -> Response:
    """The slip of a visit that left on paper: signed on the screen after all, or on a copy that is here."""
    signing, form = _signing_at(actor, reference), sign_form()
    if request.method == "POST":
        with form.catching(), unit_of_work():
            sign_handover(actor, _visited(actor, reference), **form.load())
            return go("referrals.visits", done=_("Signature enregistrée. Le bon de remise est émis."))
        signing = _signing_at(actor, reference)
    return sign_page(
        signing,
        form,
        who=_visited(actor, reference).referral.beneficiary.name,
        action=url_for("referrals.visit_sign", reference=reference),
        back=url_for("referrals.visits"),
        printout=url_for("referrals.visit_printout", reference=reference),
    )
