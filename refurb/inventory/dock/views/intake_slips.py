"""The page of the bordereau de prise en charge: read together on the dock, signed on the screen or on paper."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.documents.actions import Draft, issuer_today
from refurb.documents.content import Content, Signatures
from refurb.documents.models import PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.documents.wording import twin
from refurb.inventory.blueprint import blueprint
from refurb.inventory.dock.actions.intake_slips import issue_intake_slip, slip_draft
from refurb.inventory.dock.pdf import OnTheDock
from refurb.inventory.dock.schemas import NewSlip
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.actions.intake import usual_place
from refurb.inventory.donations.queries.appointments import last_appointment
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.queries.proposals import proposal_of
from refurb.inventory.donations.words import DrivesInside
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page


def _start(donation: Donation) -> dict[str, Any]:
    """What is known before anybody says it: the place that was agreed on, what the form said of the drives, who is the contact."""
    agreed, told = last_appointment(donation), proposal_of(donation)
    return {
        "place": agreed.place if agreed else usual_place(donation, Way.DROP_OFF),
        "drives": told.drives if told else DrivesInside.UNKNOWN,
        "given_by": donation.contact.name if donation.contact else "",
        "signing": SlipSigning.DRAWN,
    }


def _to_be_signed(draft: Draft) -> dict[str, Any]:
    """The slip as the documents' macros show it, before it has a number and signatures."""
    blocks = tuple(block for block in draft.blocks if not isinstance(block, Signatures))
    return twin(Content(PaperKind.INTAKE, draft.title, "", today(), issuer_today(), draft.lead, blocks, draft.language, draft.strong))


@blueprint.route("/dons/<reference>/bordereau", methods=["GET", "POST"])
@requires(Permission.PAPER_ISSUE)
def donation_slip(actor: Actor, reference: str) -> Response:
    """Read it together, sign, issue it; the donor gets the link."""
    found = donation_by_reference(actor, reference)
    form = Form(NewSlip, start=_start(found))
    if request.method == "POST":
        with form.catching(), unit_of_work():
            paper = issue_intake_slip(actor, found, **form.load())
            return go("inventory.donation", done=_("%(reference)s est établi.", reference=paper.reference), reference=found.reference)
        found = donation_by_reference(actor, reference)
    start = _start(found)
    standing = in_force(papers_about(found), PaperKind.INTAKE)
    told = OnTheDock(start["place"], start["drives"], None, SlipSigning.PAPER)
    slip = slip_draft(actor, found, told, standing)
    return page("inventory/dock/intake_slip.html", form=form, donation=found, slip=_to_be_signed(slip), standing=standing)
