"""The mail that takes a donor to the papers of the donation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from refurb.directory.queries import home
from refurb.documents.links import LASTS_DAYS
from refurb.documents.models import PaperKind, PaperStatus
from refurb.documents.queries import papers_about
from refurb.inventory.donations.donor import LANGUAGE, about_donation, donor_url, recipient_of
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import MAIL_DONOR_PAPERS, refuse_to_send
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import About, Repeated, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, day


def donor_letter(donation: Donation, key: str) -> Letter:
    """The mail to the donor: short, plain, in French, with the link and until when it works."""
    card = home()
    papers = [paper for paper in papers_about(donation) if paper.status is PaperStatus.ISSUED]
    refuse_to_send(donation, papers)
    with force_locale(LANGUAGE):
        template = current_app.jinja_env.get_template("inventory/papers/donor_mail.txt")
        text = template.render(
            donation=donation,
            home=card,
            papers=sorted(papers, key=lambda paper: paper.reference),
            url=donor_url(donation),
            until=day(today() + timedelta(days=LASTS_DAYS)),
        )
        subject = _subject(donation, {paper.kind for paper in papers})
    return Letter(
        key=key, to=recipient_of(donation), subject=subject, text=text, sender_name=card.name, reply_to=card.email, language=LANGUAGE
    )


def _subject(donation: Donation, kinds: set[PaperKind]) -> str:
    """What the letter brings: a bordereau attests neither the gift nor the erasures."""
    if kinds == {PaperKind.INTAKE}:
        return _("Votre don %(reference)s : votre bordereau de prise en charge", reference=donation.reference)
    if PaperKind.INTAKE in kinds:
        return _("Votre don %(reference)s : vos documents", reference=donation.reference)
    if len(kinds) == 1:
        return _("Votre don %(reference)s : votre attestation", reference=donation.reference)
    return _("Votre don %(reference)s : vos attestations", reference=donation.reference)


def _about(facts: Mapping[str, Any]) -> About | None:
    return about_donation(db.session.get(Donation, facts["donation_id"]))


@letter(MAIL_DONOR_PAPERS, _l("Documents au donateur"), _about)
def mail_donor_papers(*, donation_id: int, effect_id: int, reference: str) -> Letter:
    """Send the donor the link to the papers in force when the mail leaves."""
    del reference  # For whoever reads the list of what is on its way.
    donation = db.session.get(Donation, donation_id)
    if donation is None:
        raise NotFound
    later = select(Effect.facts).where(Effect.kind == MAIL_DONOR_PAPERS, Effect.id > effect_id)
    if any(facts.get("donation_id") == donation_id for facts in db.session.scalars(later)):
        raise Repeated
    return donor_letter(donation, f"{MAIL_DONOR_PAPERS}-{effect_id}")
