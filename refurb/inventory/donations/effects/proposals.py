"""The mail that asks whoever proposed a donation to confirm it."""

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.documents.links import make_link
from refurb.inventory.donations.actions.proposals import MAIL_PROPOSAL_LINK
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.queries.proposals import LASTS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import effect
from refurb.kernel.deeds.mail import Letter, send
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _l, day

PROPOSAL_LINK = "donation proposal"
"""The purpose for which the link is signed."""


def confirmation_url(proposal: Proposal) -> str:
    """The address of the page with the button."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}/proposer-un-don/confirmer/{make_link(PROPOSAL_LINK, proposal.id)}"


def confirmation_letter(proposal: Proposal) -> Letter:
    """The mail: what it is about, the link, and what to do when one never asked for it. Nothing that its author typed is repeated."""
    card = home()
    with force_locale(LANGUAGE):
        text = current_app.jinja_env.get_template("inventory/donations/proposal_mail.txt").render(
            home=card, url=confirmation_url(proposal), until=day(local(proposal.created_at + LASTS).date())
        )
        subject = _("Votre proposition de don : à confirmer")
    return Letter(
        key=f"{MAIL_PROPOSAL_LINK}-{proposal.id}", to=proposal.email, subject=subject, text=text, sender_name=card.name,
        reply_to=card.email, language=LANGUAGE,
    )  # fmt: skip


@effect(MAIL_PROPOSAL_LINK, _l("Lien de confirmation d'une proposition de don"))
def mail_proposal_link(*, proposal_id: int) -> None:
    """Send the link, unless the proposal is confirmed or gone already."""
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None or proposal.confirmed_at is not None:
        return
    letter = confirmation_letter(proposal)
    db.session.rollback()  # A slow mail server holds no transaction open.
    send(letter)
