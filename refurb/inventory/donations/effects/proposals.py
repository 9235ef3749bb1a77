"""The mail that asks whoever proposed a donation to confirm it."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.letters import write_letter
from refurb.directory.queries import home
from refurb.documents.links import make_link
from refurb.inventory.donations.actions.proposals import MAIL_PROPOSAL_LINK
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.queries.proposals import LASTS
from refurb.inventory.donations.texts import PROPOSAL
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing
from refurb.kernel.deeds.letters import About, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.names import to_name
from refurb.kernel.speech.words import _l, day


class ProposalOver(Nothing):
    """The proposal is confirmed, or was forgotten: nobody needs its link."""

    code = "letter.proposal_over"


PROPOSAL_LINK = "donation proposal"
"""The purpose for which the link is signed."""


def confirmation_url(proposal: Proposal) -> str:
    """The address of the page with the button."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}/proposer-un-don/confirmer/{make_link(PROPOSAL_LINK, proposal.id)}"


def confirmation_letter(proposal: Proposal) -> Letter:
    """The mail: what it is about, the link, and what to do when one never asked for it. Nothing that its author typed is repeated."""
    with force_locale(LANGUAGE):
        return letter_about(proposal, confirmation_url(proposal))


def letter_about(proposal: Proposal, link: str) -> Letter:
    """The same with a link, in the language of the moment."""
    return write_letter(
        PROPOSAL,
        key=f"{MAIL_PROPOSAL_LINK}-{proposal.id}",
        to=proposal.email,
        to_house=to_name(home().name),
        date=day(local(proposal.created_at + LASTS).date()),
        link=link,
    )


def _about(facts: Mapping[str, Any]) -> About | None:
    """Its donation once it is one; before, nobody here has anything to do with whoever wrote it."""
    proposal = db.session.get(Proposal, facts["proposal_id"])
    if proposal is None:
        return None
    donation = proposal.donation
    if donation is not None:
        return About(donation.reference, f"/dons/{donation.reference}", proposal.email, Permission.DONATION_READ)
    return About("", "", proposal.email, Permission.ACCOUNT_ADMIN)


@letter(MAIL_PROPOSAL_LINK, _l("Lien de confirmation d'une proposition de don"), _about)
def mail_proposal_link(*, proposal_id: int) -> Letter:
    """Send the link, unless the proposal is confirmed or gone already."""
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None or proposal.confirmed_at is not None:
        raise ProposalOver
    return confirmation_letter(proposal)
