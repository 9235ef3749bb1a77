"""The mail that takes a donor to the papers of the donation."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.directory.letters import write_letter
from refurb.documents.models import PaperKind, PaperStatus
from refurb.documents.queries import papers_about
from refurb.inventory.donations.donor import LANGUAGE, about_donation, contact_told, donor_url, link_until, recipient_of
from refurb.inventory.donations.texts import DONOR_PAPERS
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import MAIL_DONOR_PAPERS, refuse_to_send
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import About, Repeated, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l, day


def donor_letter(donation: Donation, key: str, link: str | None = None) -> Letter:
    """The mail to the donor, with the link and until when it works; `link` stands for it where the letter is only looked at."""
    papers = [paper for paper in papers_about(donation) if paper.status is PaperStatus.ISSUED]
    refuse_to_send(donation, papers)
    with force_locale(LANGUAGE):
        return write_letter(
            DONOR_PAPERS,
            key=key,
            to=recipient_of(donation),
            subject=f"subject.{_brought({paper.kind for paper in papers})}",
            donation=donation.reference,
            date=day(donation.received_on),
            papers="\n".join(f"- {each.title} {each.reference}" for each in sorted(papers, key=lambda paper: paper.reference)),
            link=link or donor_url(donation),
            until=link_until(),
            contact=contact_told(),
        )


def _brought(kinds: set[PaperKind]) -> str:
    """What the letter brings: a bordereau attests neither the gift nor the erasures."""
    if kinds == {PaperKind.INTAKE}:
        return "intake"
    if PaperKind.INTAKE in kinds:
        return "several"
    return "one" if len(kinds) == 1 else "many"


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
