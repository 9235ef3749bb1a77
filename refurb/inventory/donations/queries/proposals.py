"""Looking up what was proposed through the public form."""

from datetime import timedelta

from sqlalchemy import func, select

from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound

LASTS = timedelta(days=7)
"""How long a proposal waits for its e-mail address to be confirmed."""


def proposal_of(donation: Donation) -> Proposal | None:
    """What the donor wrote in the public form, if the donation came by it."""
    return db.session.scalar(select(Proposal).where(Proposal.donation_id == donation.id))


def proposal_by_id(proposal_id: int) -> Proposal:
    """The proposal of a link; `NotFound` once it was purged."""
    found = db.session.get(Proposal, proposal_id)
    if found is None:
        raise NotFound
    return found


def proposals_since(hours: int, *, source: str | None = None, email: str | None = None) -> int:
    """How many were sent in the last hours, by one network address, for one e-mail address, or by anybody."""
    query = select(func.count()).select_from(Proposal).where(Proposal.created_at > now() - timedelta(hours=hours))
    if source is not None:
        query = query.where(Proposal.source == source)
    if email is not None:
        query = query.where(Proposal.email == email)
    return db.session.scalar(query) or 0
