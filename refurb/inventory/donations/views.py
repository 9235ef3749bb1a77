"""The public form « Proposer un don »: filled in without an account, confirmed by a link, then followed by another."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.documents.links import make_addressed_link, open_link
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.actions.proposals import confirm_proposal, propose
from refurb.inventory.donations.donor import DONOR_LINK
from refurb.inventory.donations.effects.proposals import PROPOSAL_LINK
from refurb.inventory.donations.queries.proposals import LASTS, proposal_by_id
from refurb.inventory.donations.schemas.proposals import COUNTS, NewProposal
from refurb.inventory.donations.words import AGES, CHARGERS, DRIVES_INSIDE, PROPOSERS, SHAPES
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.slots import DONOR_WAYS
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go, page


@blueprint.route("/proposer-un-don", methods=["GET", "POST"])
@public
@shown_again
def propose_donation() -> Response:
    """The form. A machine that fills in what nobody sees is thanked like anybody else, and nothing is kept."""
    form = Form(NewProposal, start={"age": "unknown", "shape": "unknown", "drives": "unknown", "chargers": "unknown"})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            if facts["website"]:
                return go("inventory.proposal_sent")
            with unit_of_work():
                propose(source=request.remote_addr or "?", **facts)
                return go("inventory.proposal_sent")
    return page("inventory/donations/propose.html", form=form, counts=list(COUNTS), days=LASTS.days)


@blueprint.get("/proposer-un-don/envoye")
@public
def proposal_sent() -> Response:
    """What happens next: a mail with a link."""
    return page("inventory/donations/proposal_sent.html", days=LASTS.days)


@blueprint.route("/proposer-un-don/confirmer/<token>", methods=["GET", "POST"])
@public
def confirm_donation_proposal(token: str) -> Response:
    """What was proposed, to be read again, and the button that confirms it."""
    proposal = proposal_by_id(open_link(PROPOSAL_LINK, token))
    if request.method == "POST":
        with unit_of_work():
            donation = confirm_proposal(proposal)
            return go(
                "inventory.donor",
                done=_("Votre proposition est arrivée. Gardez cette adresse : elle vous a aussi été envoyée."),
                token=make_addressed_link(DONOR_LINK, donation.id, proposal.email),
            )
    if proposal.donation_id is not None:
        token = make_addressed_link(DONOR_LINK, proposal.donation_id, proposal.email)
        return redirect(url_for("inventory.donor", token=token), code=303)
    counts = [(DEVICE_KINDS[DeviceKind(kind)], count) for kind, count in proposal.counts.items()]
    answer = page(
        "inventory/donations/proposal_confirm.html", proposal=proposal, counts=counts, proposers=PROPOSERS, ages=AGES, shapes=SHAPES,
        drives=DRIVES_INSIDE, chargers=CHARGERS, ways=DONOR_WAYS, token=token,
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
