"""Issue the bordereau de prise en charge, issue it anew when the count changed, and tell its donor."""

from typing import Any

from refurb.directory.queries import home, home_organisation
from refurb.documents.actions import Draft, issue, says_the_same
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.documents.signatures import keep_drawing
from refurb.inventory.dock.pdf import OnTheDock, intake_slip
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.donor import NoEmail, recipient_of
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.queries.refused_lots import refused_lots
from refurb.inventory.donations.rules import GIFTS
from refurb.inventory.donations.words import DrivesInside
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import NothingChanged, NothingToAttest, send_papers_to_donor
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock


def slip_draft(actor: Actor, donation: Donation, on_the_dock: OnTheDock, replaces: Paper | None) -> Draft:
    """What the slip would say now; `NothingToAttest` before anything arrived."""
    if donation.received_on is None:
        raise NothingToAttest(reference=donation.reference)
    ours = home_organisation()
    provisional = donation.legal_origin in GIFTS and donation.accepted_by_act is None and ours is not None and ours.is_public_body
    counted, lots = arrival_of(donation), refused_lots(donation)
    return intake_slip(donation, counted, lots, on_the_dock, actor, home().full_name, provisional=provisional, replaces=replaces)


def issue_intake_slip(
    actor: Actor,
    donation: Donation,
    *,
    place: str,
    drives: DrivesInside,
    signing: SlipSigning,
    given_by: str | None = None,
    signature: bytes | None = None,
    **_rest: Any,
) -> Paper:
    """Issue the slip (BP) and promise the donor its link, where there is an address; one in force that says less is replaced.

    `given_by` is who stood there for the donor, `signature` the PNG that was drawn. Refuses when the one in force says all of it.
    """
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    standing = in_force(papers_about(donation), PaperKind.INTAKE)
    drawn = keep_drawing(signature) if signing is SlipSigning.DRAWN else None
    on_the_dock = OnTheDock(place, drives, given_by or None, signing, drawn)
    if standing and drawn is None and says_the_same(standing, slip_draft(actor, donation, on_the_dock, standing.replaces)):
        raise NothingChanged(reference=standing.reference)
    paper = issue(actor, PaperKind.INTAKE, donation, slip_draft(actor, donation, on_the_dock, standing), replaces=standing)
    record(donation, "issue_paper", actor, reference=paper.reference, replaces=standing.reference if standing else None)
    try:
        recipient_of(donation)
    except NoEmail:
        return paper
    send_papers_to_donor(actor, donation)
    return paper
