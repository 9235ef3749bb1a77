"""The JSON door of donations: the same actions, schemas and refusals as the pages."""

from flask import Response, request

from refurb.directory.sites.asked import site_asked
from refurb.documents.api import paper_json
from refurb.documents.models import PaperKind
from refurb.inventory.blueprint import api
from refurb.inventory.devices.actions.devices import intake_device
from refurb.inventory.devices.doors import device_json
from refurb.inventory.devices.schemas.devices import OneMore
from refurb.inventory.dock.shown import donation_doors, donation_json
from refurb.inventory.donations.actions.donations import announce_donation, name_acceptance
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.queries.donations import DonationFilter, donation_by_reference, donations
from refurb.inventory.donations.schemas.donations import Acceptance, NewDonation, NewPaper, announced_lines
from refurb.inventory.evidence.actions.impact import declare_impact
from refurb.inventory.evidence.schemas.impact import SaidImpact
from refurb.inventory.papers.actions import ISSUERS
from refurb.inventory.papers.fates import fates_json, fates_of
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.api import answer, json_body, listed
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission


@api.route("/donations", methods=["GET"])
@requires(P.DONATION_READ)
def donations_json(_actor: Actor) -> Response:
    """A page of 50 donations, the newest first; filters: q, state, site, page."""
    state = request.args.get("state")
    wanted = DonationFilter(
        words=request.args.get("q", "")[:100],
        state=DonationState(state) if state in set(DonationState) else None,
        everything=True,
        site_id=site_asked(),
    )
    found = donations(wanted, page_number())
    shown = [
        {
            "reference": row.reference,
            "state": row.state,
            "donor": row.donor,
            "announced_on": row.announced_on.isoformat(),
            "received_on": row.received_on.isoformat() if row.received_on else None,
            "announced": int(row.announced),
            "received": None if row.received is None else int(row.received),
        }
        for row in found.rows
    ]
    return answer(listed(found, shown))


@api.route("/donations", methods=["POST"])
@requires(P.DONATION_WRITE)
def announce_json(actor: Actor) -> Response:
    """Record what a donor announces: the fields of the form, `announced_laptop` and its like for the numbers."""
    facts = load(NewDonation, json_body())
    with unit_of_work():
        donation = announce_donation(actor, lines=announced_lines(facts), **facts)
        return answer(donation_json(donation, actor), 201)


@api.route("/donations/<reference>", methods=["GET"])
@requires(P.DONATION_READ)
def donation_one_json(actor: Actor, reference: str) -> Response:
    """One donation, with its lines and the codes of its devices."""
    return answer(donation_json(donation_by_reference(actor, reference), actor))


@api.route("/donations/<reference>/fates", methods=["GET"])
@requires(P.DONATION_READ)
def donation_fates_json(actor: Actor, reference: str) -> Response:
    """What the donor is told of the machines: counts at the end of a month, each rounded down to five."""
    donation = donation_by_reference(actor, reference)
    return answer(fates_json(fates_of(donation, arrival_of(donation).received)))


@api.route("/donations/<reference>/acceptance", methods=["PUT"])
@requires(P.DONATION_WRITE)
def acceptance_json(actor: Actor, reference: str) -> Response:
    """Name the act by which the territory accepts the gift."""
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        name_acceptance(actor, donation, **load(Acceptance, json_body()))
        return answer(donation_json(donation, actor))


@api.route("/donations/<reference>/data-impact", methods=["PUT"])
@requires(P.DONATION_WRITE)
def donation_impact_json(actor: Actor, reference: str) -> Response:
    """Note what the donor says of the data inside: « impact » is 1, 2 or 3, as a text."""
    donation = donation_by_reference(actor, reference)
    facts = load(SaidImpact, json_body())
    with unit_of_work():
        declare_impact(actor, donation, **facts)
        return answer(donation_json(donation, actor))


@api.route("/donations/<reference>/devices", methods=["POST"])
@requires(P.DEVICE_INTAKE)
def donation_device_json(actor: Actor, reference: str) -> Response:
    """Enter one more device of a donation that has arrived."""
    donation = donation_by_reference(actor, reference)
    facts = load(OneMore, json_body())
    with unit_of_work():
        device = intake_device(actor, donation, facts["kind"], code=facts["code"] or None)
        return answer(device_json(device, actor), 201)


@api.route("/donations/<reference>/papers", methods=["POST"])
@requires(P.PAPER_ISSUE)
def donation_paper_json(actor: Actor, reference: str) -> Response:
    """Issue an attestation, AD or AE; one in force that is no longer true is annulled and replaced, one that still is refuses.

    `replaces_for` says why one is replaced, and the check page tells it: « facts », « mistake » or « asked ».
    """
    facts = load(NewPaper, json_body())
    kind: PaperKind = facts["kind"]
    if kind not in ISSUERS:
        raise Invalid({"kind": [Fault("field.choice")]})
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        return answer(paper_json(ISSUERS[kind](actor, donation, facts["replaces_for"])), 201)


add_api(api, donation_doors, "/donations/<reference>")
