"""What is done with the papers of a donation: they are issued, issued anew when the facts changed, and sent to the donor."""

from refurb.directory.queries import home
from refurb.documents.actions import Draft, issue, says_the_same
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.inventory.donations.donor import recipient_of
from refurb.inventory.donations.rules import GIFTS, gift_is_accepted
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.pdf.donation_certificate import donation_certificate
from refurb.inventory.papers.pdf.erasure_certificate import erasure_certificate
from refurb.inventory.papers.queries import DonationRecord, donation_record
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.errors import Conflict

MAIL_DONOR_PAPERS = "mail_donor_papers"


class NotReceived(Conflict):
    """Nothing has arrived yet: there is nothing to attest."""

    code = "donation.not_received"


class NotAGift(Conflict):
    """What was bought, or was ours already, is no gift; an attestation de don would be untrue."""

    code = "donation.not_a_gift"


class NoDriveDone(Conflict):
    """Nothing is erased, destroyed or said to be without a drive: an attestation d'effacement would attest nothing."""

    code = "donation.no_drive_done"


class NothingChanged(Conflict):
    """The paper in force says all of it already."""

    code = "paper.nothing_changed"


class NoPapers(Conflict):
    """There is no paper to send yet."""

    code = "donation.no_papers"


def donation_draft(actor: Actor, known: DonationRecord, papers: list[Paper]) -> tuple[Draft, Paper | None]:
    """What the attestation de don would say now, and the one that it would replace; or the refusal that says why there is none to issue."""
    if known.donation.received_on is None:
        raise NotReceived(reference=known.donation.reference)
    if known.donation.legal_origin not in GIFTS:
        raise NotAGift
    gift_is_accepted(known.donation)
    standing, erasure, issuer = in_force(papers, PaperKind.DONATION), in_force(papers, PaperKind.ERASURE), home().name
    if standing and says_the_same(standing, donation_certificate(known, actor, issuer, erasure, standing.replaces)):
        raise NothingChanged(reference=standing.reference)
    return donation_certificate(known, actor, issuer, erasure, standing), standing


def erasure_draft(actor: Actor, known: DonationRecord, papers: list[Paper]) -> tuple[Draft, Paper | None]:
    """What the attestation d'effacement would say now, and the one that it would replace; or the refusal that says why not."""
    if known.donation.received_on is None:
        raise NotReceived(reference=known.donation.reference)
    if not known.done and not known.without_drive and not known.memory_reset:
        raise NoDriveDone(waiting=known.waiting)
    standing, issuer = in_force(papers, PaperKind.ERASURE), home().name
    if standing and says_the_same(standing, erasure_certificate(known, actor, issuer, standing.replaces)):
        raise NothingChanged(reference=standing.reference)
    return erasure_certificate(known, actor, issuer, standing), standing


def refuse_to_send(donation: Donation, papers: list[Paper]) -> None:
    """Raise the refusal that says why nothing can be sent to the donor, if anything does."""
    if not any(in_force(papers, kind) for kind in (PaperKind.DONATION, PaperKind.ERASURE, PaperKind.INTAKE)):
        raise NoPapers
    recipient_of(donation)


def issue_donation_certificate(actor: Actor, donation: Donation) -> Paper:
    """Issue the attestation de don (AD); one that is in force and no longer true is annulled and replaced."""
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    draft, replaced = donation_draft(actor, donation_record(donation), papers_about(donation))
    return _issue(actor, PaperKind.DONATION, donation, draft, replaced)


def issue_erasure_certificate(actor: Actor, donation: Donation) -> Paper:
    """Issue the attestation d'effacement (AE) for every drive of the donation that is erased or destroyed by now."""
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    draft, replaced = erasure_draft(actor, donation_record(donation), papers_about(donation))
    return _issue(actor, PaperKind.ERASURE, donation, draft, replaced)


ISSUERS = {PaperKind.DONATION: issue_donation_certificate, PaperKind.ERASURE: issue_erasure_certificate}


def _issue(actor: Actor, kind: PaperKind, donation: Donation, draft: Draft, replaced: Paper | None) -> Paper:
    paper = issue(actor, kind, donation, draft, replaces=replaced)
    record(donation, "issue_paper", actor, reference=paper.reference, replaces=replaced.reference if replaced else None)
    return paper


def send_papers_to_donor(actor: Actor, donation: Donation) -> Effect:
    """Promise a mail to the donor with a link to the papers in force; the worker keeps the promise after the commit."""
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    papers = papers_about(donation)
    refuse_to_send(donation, papers)
    promised = plan(MAIL_DONOR_PAPERS, donation_id=donation.id, reference=donation.reference)
    db.session.flush()
    # The letter's Message-ID follows from the number of the promise, so that a second try is the same letter.
    promised.facts = {**promised.facts, "effect_id": promised.id}
    record(donation, "send_papers", actor, effect=promised.id, papers=[paper.id for paper in papers if paper.status == "issued"])
    return promised
