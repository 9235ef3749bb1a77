"""The papers of a donation: the block on its page, and the three buttons in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from refurb.documents.actions import Draft, content_of
from refurb.documents.models import Paper, PaperKind
from refurb.documents.outbox import Promise, promise
from refurb.documents.queries import in_force, papers_about
from refurb.documents.samples import undrawn
from refurb.documents.schemas import ReplacementTold
from refurb.documents.texts import TEXT_NAMES
from refurb.documents.wording import twin
from refurb.documents.words import PAPER_ICONS, PAPER_KINDS, REPLACED_FOR, paper_look
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.donor import about_donation, recipient_of
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import ISSUERS, REFUSERS, NothingToAttest, draft_of, refuse_to_send, send_papers_to_donor
from refurb.inventory.papers.bounces import Bounce, bounced
from refurb.inventory.papers.proofs import proven
from refurb.inventory.papers.queries import donation_record
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.policy_versions import number_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page

PATHS = {"attestation-de-don": PaperKind.DONATION, "attestation-d-effacement": PaperKind.ERASURE}


@dataclass(frozen=True)
class PaperButton:
    """One of the two attestations: where its button posts, which paper it would replace, and why it is closed, if it is."""

    kind: PaperKind
    path: str
    replaces: Paper | None
    closed: str


@dataclass(frozen=True)
class DonationPapers:
    """What `inventory/papers/_donation_papers.html` shows: papers, buttons, to whom they go, the last sending, and one that came back."""

    papers: list[Paper]
    buttons: list[PaperButton]
    send_closed: str
    recipient: str
    sending: Promise | None
    bounce: Bounce | None
    look_of: Any
    icons: Any


def donation_papers(actor: Actor, donation: Donation) -> DonationPapers:
    """The papers block of a donation's page."""
    papers = papers_about(donation)
    buttons: list[PaperButton] = []
    send_closed = recipient = ""
    if actor.may(Permission.PAPER_ISSUE):
        for path, kind in PATHS.items():
            closed = _why_not(REFUSERS[kind], actor, donation, papers)
            buttons.append(PaperButton(kind, path, in_force(papers, kind), closed))
        send_closed = _why_not(refuse_to_send, donation, papers)
        about = about_donation(donation)
        recipient = (about and about.recipient) or ""
    return DonationPapers(papers, buttons, send_closed, recipient, _last_sending(donation), bounced(donation), paper_look, PAPER_ICONS)


def _why_not(refuse: Callable[..., None], *args: object) -> str:
    try:
        refuse(*args)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


def _last_sending(donation: Donation) -> Promise | None:
    facts = db.session.scalar(
        select(Event.facts)
        .where(Event.subject_kind == Donation.KIND, Event.subject_id == donation.id, Event.move == "send_papers")
        .order_by(Event.position.desc())
        .limit(1)
    )
    planned = db.session.get(Effect, facts["effect"]) if facts else None
    return promise(planned) if planned else None


def _previewed(actor: Actor, reference: str, path: str) -> tuple[PaperKind, Donation, list[Paper], Draft]:
    """What one of the attestations would say now. Raises `NotFound`, `NothingToAttest`."""
    if path not in PATHS:
        raise NotFound
    kind, donation = PATHS[path], donation_by_reference(actor, reference)
    if donation.received_on is None:
        raise NothingToAttest(reference=reference)
    papers = papers_about(donation)
    return kind, donation, papers, draft_of(actor, kind, donation, papers, in_force(papers, kind))


def _no_number(kind: PaperKind) -> str:
    return f"{kind.value}-{today().year}-····"


@blueprint.get("/dons/<reference>/documents/<path>")
@requires(Permission.PAPER_ISSUE)
def donation_paper_preview(actor: Actor, reference: str, path: str) -> Response:
    """One of the attestations as it would be issued now, without a number, and beside each part what proves it."""
    kind, donation, papers, draft = _previewed(actor, reference, path)
    shown = twin(content_of(kind, draft, _no_number(kind), today())) | {"issued": _("Aperçu, sans valeur")}
    about = about_donation(donation)
    return page(
        "inventory/papers/preview.html", donation=donation, kind=PAPER_KINDS[kind], path=path, replaces=in_force(papers, kind), twin=shown,
        proven=proven(kind, draft, donation_record(donation), papers, actor), closed=_why_not(REFUSERS[kind], actor, donation, papers),
        recipient=(about and about.recipient) or "", drawing=PAPER_ICONS[kind], text_name=TEXT_NAMES[kind],
        text_number=number_of(TEXT_NAMES[kind], draft.wording), reasons=REPLACED_FOR,
    )  # fmt: skip


@blueprint.get("/dons/<reference>/documents/<path>/apercu.pdf")
@requires(Permission.PAPER_ISSUE)
def donation_paper_preview_pdf(actor: Actor, reference: str, path: str) -> Response:
    """The same as the PDF that would be issued, page by page, without number, code, seal or signature, and « APERÇU » across each."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used

    kind, _donation, _papers, draft = _previewed(actor, reference, path)
    content = content_of(kind, draft, _no_number(kind), today())
    content = replace(content, blocks=tuple(map(undrawn, content.blocks)))
    images = {content.logo: fetch(content.logo)} if content.logo else {}
    note = _("Aperçu, sans numéro et sans valeur")
    pdf = render(content, verify_url=None, digest="", images=images, status_note=note, watermark=_("APERÇU"))
    return download(pdf, f"apercu-{path}-{reference}.pdf", "application/pdf")


@blueprint.post("/dons/<reference>/documents/<path>")
@requires(Permission.PAPER_ISSUE)
def donation_issue_paper(actor: Actor, reference: str, path: str) -> Response:
    """Issue one of the attestations; with `send`, the donor gets the link to the papers in the same deed."""
    if path not in PATHS:
        raise NotFound
    with unit_of_work():
        donation = donation_by_reference(actor, reference)
        paper = ISSUERS[PATHS[path]](actor, donation, Form(ReplacementTold).load()["replaces_for"])
        if "send" in request.form:
            send_papers_to_donor(actor, donation)
            done = _("%(reference)s est établie, et part à %(email)s.", reference=paper.reference, email=recipient_of(donation))
            return go("inventory.donation", done=done, reference=reference)
        return go("inventory.donation", done=_("%(reference)s est établie.", reference=paper.reference), reference=reference)


@blueprint.post("/dons/<reference>/documents/envoi")
@requires(Permission.PAPER_ISSUE)
def donation_send_papers(actor: Actor, reference: str) -> Response:
    """Send the donor the link to the papers."""
    with unit_of_work():
        donation = donation_by_reference(actor, reference)
        send_papers_to_donor(actor, donation)
        return go("inventory.donation", done=_("L'envoi à %(email)s est en route.", email=recipient_of(donation)), reference=reference)
