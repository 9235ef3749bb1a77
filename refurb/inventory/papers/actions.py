"""Issue the attestations of a donation, issue them anew when the facts changed, send them to the donor."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from refurb.directory.queries import home
from refurb.documents.actions import Draft, issue, says_the_same
from refurb.documents.models import Paper, PaperKind, ReplacedFor
from refurb.documents.queries import in_force, papers_about
from refurb.inventory.donations.donor import recipient_of
from refurb.inventory.donations.rules import GIFTS, gift_is_accepted
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.attestable import attestable
from refurb.inventory.papers.facts_sum import facts_sum, surely_differs
from refurb.inventory.papers.label_codes import without_label_codes
from refurb.inventory.papers.pdf.donation_certificate import donation_certificate
from refurb.inventory.papers.pdf.erasure_certificate import erasure_certificate
from refurb.inventory.papers.queries import donation_record
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.history import Event, record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict

MAIL_DONOR_PAPERS = "mail_donor_papers"
AGAIN_AFTER = timedelta(days=1)


class NothingToAttest(Conflict):
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


def refuse_donation_certificate(actor: Actor, donation: Donation, papers: list[Paper], *, by_words: bool = False) -> None:
    """Raise the refusal that says why no attestation de don can be issued, if anything does; what the button and the deed ask alike.

    Where the sum of the facts does not tell whether anything changed, the deed compares `by_words`; a page need not, and offers the button.
    """
    if donation.received_on is None:
        raise NothingToAttest(reference=donation.reference)
    if donation.legal_origin not in GIFTS:
        raise NotAGift
    gift_is_accepted(donation)
    standing = in_force(papers, PaperKind.DONATION)
    if standing and _says_it_all(actor, standing, donation, papers, by_words=by_words):
        raise NothingChanged(reference=standing.reference)


def refuse_erasure_certificate(actor: Actor, donation: Donation, papers: list[Paper], *, by_words: bool = False) -> None:
    """Raise the refusal that says why no attestation d'effacement can be issued, if anything does; for the button and the deed alike."""
    if donation.received_on is None:
        raise NothingToAttest(reference=donation.reference)
    found = attestable(donation)
    if not found.anything:
        raise NoDriveDone(waiting=found.waiting)
    standing = in_force(papers, PaperKind.ERASURE)
    if standing and _says_it_all(actor, standing, donation, papers, by_words=by_words):
        raise NothingChanged(reference=standing.reference)


def _says_it_all(actor: Actor, standing: Paper, donation: Donation, papers: list[Paper], *, by_words: bool) -> bool:
    """Whether a paper in force says all that one issued now would."""
    facts = sum_for(standing.kind, donation, papers)
    if standing.facts_sum == facts:
        return True
    if not by_words or surely_differs(standing.facts_sum, facts):
        return False
    return says_the_same(standing, draft_of(actor, standing.kind, donation, papers, standing.replaces))


def sum_for(kind: PaperKind, donation: Donation, papers: list[Paper]) -> str:
    """The sum of the facts that an attestation of this kind would be written from now."""
    erasure = in_force(papers, PaperKind.ERASURE) if kind is PaperKind.DONATION else None
    return facts_sum(donation, erasure.reference) if erasure else facts_sum(donation)


def draft_of(actor: Actor, kind: PaperKind, donation: Donation, papers: list[Paper], replaces: Paper | None) -> Draft:
    """What an attestation of this kind would say now."""
    known, issuer = donation_record(donation), home().full_name
    if kind is PaperKind.ERASURE:
        return without_label_codes(erasure_certificate(known, actor, issuer, replaces))
    return without_label_codes(donation_certificate(known, actor, issuer, in_force(papers, PaperKind.ERASURE), replaces))


def refuse_to_send(donation: Donation, papers: list[Paper]) -> None:
    """Raise the refusal that says why nothing can be sent to the donor, if anything does."""
    if not any(in_force(papers, kind) for kind in (PaperKind.DONATION, PaperKind.ERASURE, PaperKind.INTAKE)):
        raise NoPapers
    recipient_of(donation)


def issue_donation_certificate(actor: Actor, donation: Donation, why: ReplacedFor | None = None) -> Paper:
    """Issue the attestation de don (AD); one that is in force and no longer true is annulled and replaced."""
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    papers = papers_about(donation)
    refuse_donation_certificate(actor, donation, papers, by_words=True)
    return _issue(actor, PaperKind.DONATION, donation, papers, why)


def issue_erasure_certificate(actor: Actor, donation: Donation, why: ReplacedFor | None = None) -> Paper:
    """Issue the attestation d'effacement (AE) for every drive of the donation that is erased or destroyed by now."""
    check(actor, Permission.PAPER_ISSUE)
    lock(donation)
    papers = papers_about(donation)
    refuse_erasure_certificate(actor, donation, papers, by_words=True)
    return _issue(actor, PaperKind.ERASURE, donation, papers, why)


ISSUERS = {PaperKind.DONATION: issue_donation_certificate, PaperKind.ERASURE: issue_erasure_certificate}
REFUSERS = {PaperKind.DONATION: refuse_donation_certificate, PaperKind.ERASURE: refuse_erasure_certificate}


def _issue(actor: Actor, kind: PaperKind, donation: Donation, papers: list[Paper], why: ReplacedFor | None) -> Paper:
    replaced = in_force(papers, kind)
    draft = replace(draft_of(actor, kind, donation, papers, replaced), facts_sum=sum_for(kind, donation, papers))
    paper = issue(actor, kind, donation, draft, replaces=replaced, replaces_for=why)
    record(donation, "issue_paper", actor, reference=paper.reference, replaces=replaced.reference if replaced else None)
    return paper


def send_link_again(donation: Donation) -> bool:
    """Whoever holds a link whose time is over is sent a fresh one, to the address that we know and to no other; whether one leaves.

    Once a day at most. It comes with the papers, or, where there are none, with the letter that says where the donation stands.
    """
    lock(donation)
    recipient_of(donation)
    lately = select(Event.id).where(
        Event.subject_kind == Donation.KIND, Event.subject_id == donation.id,
        Event.move.in_(("send_papers", "send_link")), Event.at > now() - AGAIN_AFTER,
    )  # fmt: skip
    if db.session.execute(lately.limit(1)).first() is not None:
        return False
    try:
        send_papers_to_donor(SERVICE, donation)
    except NoPapers:
        happened = record(donation, "send_link", SERVICE)
        plan(TELL_DONOR, subject_kind=Donation.KIND, subject_id=donation.id, event=happened.position)
    return True


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
