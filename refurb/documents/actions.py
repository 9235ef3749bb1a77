"""Issue a paper, or replace one. Nothing edits or deletes them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import current_app

from refurb.directory.actions import fresh_code, lead_to
from refurb.directory.queries import home
from refurb.documents.content import LOOKS, Block, Content, Issuer, each_text, sha256, to_json
from refurb.documents.models import Paper, PaperKind, PaperNumber, PaperStatus, ReplacedFor
from refurb.documents.pades import FIELD, certificate_to_sign, sign_pdf
from refurb.documents.signed_code import CodeToSign
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db, fold, insert_into
from refurb.kernel.deeds.files import fetch, keep
from refurb.kernel.deeds.history import kind_of, record
from refurb.kernel.deeds.paper_keys import paper_keys
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.codes import address
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.telephones import spell_phone


class CannotBeWritten(Refusal):
    """The paper would hold letters that none of its fonts has: whoever issues it is asked for another spelling of the name."""

    code = "paper.cannot_be_written"
    status = 422


class AlreadyReplaced(Conflict):
    """The paper was replaced already; the one that replaced it can be."""

    code = "paper.already_replaced"


@dataclass(frozen=True)
class Draft:
    """What a paper will say; the number, the date, the issuer and the seal come when it is issued.

    `images` are the SHA-256 sums of the stored files that the signatures refer to; `search` what the paper is found by in the list, beside
    its number and title; `facts_sum` a sum of the facts that it was written from, where its room can tell by one that nothing changed;
    `wording` the version of the text that it follows; `to` the lines of an address that the window of an envelope shows.
    """

    title: str
    lead: str | None
    blocks: tuple[Block, ...]
    strong: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    language: str = "fr"
    search: tuple[str, ...] = ()
    facts_sum: str | None = None
    wording: str | None = None
    to: tuple[str, ...] = ()


def check_address(paper_code: str) -> str:
    """Where anybody can check a paper: the address in its QR."""
    return address(paper_code, current_app.config["BASE_URL"])


def issuer_today() -> Issuer:
    """The territory, as a paper issued now would name it."""
    card = home()
    return Issuer(card.full_name, card.address or "", card.siret or "", card.email or spell_phone(card.phone), card.place or "")


def content_of(kind: PaperKind, draft: Draft, reference: str, on: date) -> Content:
    """What a paper issued on a day from this draft says. Pictures, such as emoji in a name, are left out of it."""
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - loaded where it is used

    content = Content(kind.value, draft.title, reference, on, issuer_today(), draft.lead, draft.blocks, draft.language, draft.strong)
    card = home()
    content = replace(content, logo=card.logo or "", accent=card.accent or "")
    return each_text(content, without_pictures)


def check_letters(content: Content) -> None:
    """Raises `CannotBeWritten` where the content holds letters that no font of papers has."""
    from refurb.documents.typeset import undrawn  # noqa: PLC0415 - loaded where it is used

    missing: dict[str, None] = {}

    def note(text: str) -> str:
        missing.update(dict.fromkeys(undrawn(text)))
        return text

    each_text(content, note)
    if missing:
        raise CannotBeWritten(letters="".join(missing))


def says_the_same(paper: Paper, draft: Draft) -> bool:
    """Whether a paper issued now from this draft would say nothing that the issued one does not, whoever signs it and whatever the day."""
    fresh = to_json(content_of(paper.kind, draft, paper.reference, paper.issued_on))
    return _unsigned(fresh) == _unsigned(paper.content)


def _unsigned(content: Mapping[str, Any]) -> dict[str, Any]:
    blocks = [
        {**block, "items": [[item["label"], item["note"]] for item in block["items"]]} if block["type"] == "signatures" else block
        for block in content["blocks"]
    ]
    return {name: each for name, each in content.items() if name not in LOOKS} | {"blocks": blocks}


def _next_number(kind: PaperKind, year: int) -> int:
    """The next number of a kind and year. The counter's row is held until the end of the unit, so that none is skipped or given twice."""
    insert = insert_into(PaperNumber).values(kind=kind.value, year=year, last=1)
    taken: int = db.session.scalars(
        insert.on_conflict_do_update(index_elements=["kind", "year"], set_={"last": PaperNumber.last + 1}).returning(PaperNumber.last)
    ).one()
    return taken


def issue(
    actor: Actor,
    kind: PaperKind,
    subject: Any,
    draft: Draft,
    *,
    replaces: Paper | None = None,
    replaces_for: ReplacedFor | None = None,
) -> Paper:
    """Number, freeze, seal and store a paper about a subject.

    Allocates the number within the running unit of work, so that a deed that fails leaves no gap. `replaces` is the paper that this one
    annuls and replaces; it stays, and says so, and why where somebody was asked (`replaces_for`).
    """
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - loaded where it is used

    if replaces is not None:
        lock(replaces)
        if replaces.status is PaperStatus.REPLACED:
            raise AlreadyReplaced(reference=replaces.reference)
    on = today()
    number = _next_number(kind, on.year)
    reference = f"{kind.value}-{on.year}-{number:04d}"
    code = fresh_code()
    content = content_of(kind, draft, reference, on)
    check_letters(content)
    digest = sha256(content)
    images: Mapping[str, bytes] = {each: fetch(each) for each in (*draft.images, content.logo) if each}
    sealed = certificate_to_sign()
    signed = CodeToSign(paper_keys().signer(), reference, on, content.issuer.name)
    to = each_text(draft.to, without_pictures)
    address_in_qr = check_address(code.code)
    pdf = render(content, verify_url=address_in_qr, digest=digest, images=images, code=signed, field=FIELD if sealed else "", to=to)
    if sealed:
        pdf = sign_pdf(pdf)
    paper = Paper(
        kind=kind,
        year=on.year,
        number=number,
        reference=reference,
        title=draft.title,
        issued_on=on,
        issued_at=now(),
        issued_by=actor.id,
        subject_kind=kind_of(subject),
        subject_id=subject.id,
        code=code.code,
        signed_code=signed.text,
        sealed_by=sealed.name[:200] if sealed else None,
        replaces_id=replaces.id if replaces else None,
        replaces_for=replaces_for if replaces else None,
        content=to_json(content),
        content_digest=digest,
        file=keep(pdf),
        size=len(pdf),
        facts_sum=draft.facts_sum,
        wording=draft.wording,
        search=fold(reference, draft.title, *draft.search)[:600],
    )
    db.session.add(paper)
    record(paper, "issued", actor, reference=reference, digest=digest, about=[paper.subject_kind, paper.subject_id])
    lead_to(code, paper)
    if replaces is not None:
        replaces.status = PaperStatus.REPLACED
        record(replaces, "replaced", actor, by=paper.id)
    return paper
