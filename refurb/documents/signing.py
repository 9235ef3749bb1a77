"""A text is prepared, then signed: frozen as it was shown, printed « à signer » without a number, issued once its signature is there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, func, select

from refurb.documents.actions import Draft, check_letters, content_of, issue
from refurb.documents.content import Content, Signatures, from_json, sha256, to_json
from refurb.documents.models import Paper, PaperKind, SignatureWay, Signing
from refurb.documents.signatures import SignatureVoid, keep_drawing
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch, keep
from refurb.kernel.deeds.history import kind_of
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound
from refurb.kernel.speech.words import _, day, moment


class AlreadySigned(Conflict):
    """The signature is there, and the paper issued."""

    code = "signing.already_signed"


# --- looking up -----------------------------------------------------------------------------------------------------------


def signing_of(subject: Any) -> Signing | None:
    """The text of a deed that is to be signed, or was; none for what was issued before texts were prepared, or was called off."""
    return db.session.scalar(
        select(Signing).where(Signing.subject_kind == kind_of(subject), Signing.subject_id == subject.id, Signing.called_off_at.is_(None))
    )


def signing_for(subject: Any) -> Signing:
    """The same, or `NotFound`."""
    found = signing_of(subject)
    if found is None:
        raise NotFound
    return found


def waits(subject_kind: str) -> ColumnElement[bool]:
    """The signings of a kind of deed that are still to come, as a condition."""
    return (Signing.subject_kind == subject_kind) & Signing.paper_id.is_(None) & Signing.called_off_at.is_(None)


def count_unsigned(subject_kind: str) -> int:
    """How many of a kind still wait for their signature."""
    return db.session.scalar(select(func.count()).select_from(Signing).where(waits(subject_kind))) or 0


def as_content(kind: PaperKind, draft: Draft, reference: str = "") -> Content:
    """What a paper written today from this draft would say, before it has a number."""
    return content_of(kind, draft, reference, today())


def digest_of_text(kind: PaperKind, draft: Draft, reference: str = "") -> str:
    """The SHA-256 of what is shown to whoever is about to sign."""
    return sha256(as_content(kind, draft, reference))


# --- deeds ----------------------------------------------------------------------------------------------------------------


def prepare(actor: Actor, kind: PaperKind, subject: Any, draft: Draft, reference: str) -> Signing:
    """Freeze what is to be signed about a deed, under the deed's own reference; nothing is numbered."""
    content = as_content(kind, draft, reference)
    check_letters(content)
    signing = Signing(
        paper_kind=kind,
        subject_kind=kind_of(subject),
        subject_id=subject.id,
        reference=reference,
        content=to_json(content),
        digest=sha256(content),
        prepared_at=now(),
        prepared_by=actor.id,
        wording=draft.wording,
    )
    db.session.add(signing)
    db.session.flush()
    return signing


def sign(
    actor: Actor,
    signing: Signing,
    subject: Any,
    *,
    drawing: bytes | None = None,
    signed_on: date | None = None,
    copy: bytes | None = None,
    shown: str | None = None,
    by_link: bool = False,
) -> Paper:
    """Issue the paper of a text that is signed: drawn on the screen, or on a copy that the actor has before the eyes.

    With `by_link` whoever signs does so by the link of a letter, drawn or accepted: the paper says so, and that is no qualified signature.

    `signed_on` is the day written on the copy, today unless told; `copy` its picture; `shown` the sum of the text under which the drawing
    was made, where the door tells it. Raises `AlreadySigned`, `SignatureVoid`, `Invalid`.
    """
    lock(signing)
    if not signing.awaits_signature:
        raise AlreadySigned(reference=signing.paper.reference if signing.paper else signing.reference)
    if (drawing or by_link) and shown is not None and shown != signing.digest:
        raise SignatureVoid
    on = today() if drawing or by_link or signed_on is None else signed_on
    if not local(signing.prepared_at).date() <= on <= today():
        raise Invalid({"signed_on": [Fault("signing.day", first=local(signing.prepared_at).date())]})
    kept = keep_drawing(drawing)
    paper = issue(actor, signing.paper_kind, subject, _signed(signing, actor, on, kept, by_link=by_link))
    signing.way, signing.by_link = SignatureWay.DRAWN if kept else SignatureWay.ACCEPTED if by_link else SignatureWay.SEEN, by_link
    signing.drawing, signing.copy = kept, keep(copy) if copy and not kept else None
    signing.signed_on, signing.signed_at, signing.signed_by, signing.paper_id = on, now(), actor.id, paper.id
    db.session.flush()
    return paper


def lists_the_same(signing: Signing, draft: Draft) -> bool:
    """Whether a text written now has the tables and the signatory of the frozen one: its clauses may have been worded anew since."""
    fresh = to_json(content_of(signing.paper_kind, draft, signing.reference, today()))
    listed = ([block for block in text["blocks"] if block["type"] == "table"] for text in (fresh, signing.content))
    return next(listed) == next(listed) and _signatory(fresh) == _signatory(signing.content)


def signatory(signing: Signing) -> str:
    """Who is to sign, as it stands in the frozen text."""
    return _signatory(signing.content)


def _signatory(text: Mapping[str, Any]) -> str:
    return next(str(block["items"][0]["name"]) for block in text["blocks"] if block["type"] == "signatures")


def call_off(signing: Signing) -> None:
    """Nobody will sign this text any more."""
    lock(signing)
    if not signing.awaits_signature:
        raise AlreadySigned(reference=signing.reference)
    signing.called_off_at = now()


def _signed(signing: Signing, actor: Actor, on: date, drawing: str | None, *, by_link: bool) -> Draft:
    """The frozen text, with its signature in the place that was left for it: the first of its signatures."""
    content = from_json(signing.content)
    with force_locale(content.language):
        if by_link:
            how = _("Dessinée par le lien de sa lettre") if drawing else _("Acceptée par le lien de sa lettre, nom écrit par la personne")
            told = {"when": moment(now()), "note": how} | ({"image_sha256": drawing} if drawing else {})
        elif drawing:
            told = {"when": moment(now()), "image_sha256": drawing}
        else:
            seen = _("Exemplaire signé vu par %(who)s le %(day)s", who=actor.name, day=day(today()))
            told = {"when": _("Signé le %(day)s", day=day(on)), "note": seen}
    blocks = tuple(_with_signature(block, told) if isinstance(block, Signatures) else block for block in content.blocks)
    images = (drawing,) if drawing else ()
    return Draft(
        content.title, content.lead, blocks, content.strong, images, content.language, search=(signing.reference,), wording=signing.wording
    )


def _with_signature(block: Signatures, told: dict[str, Any]) -> Signatures:
    signer, *others = block.items
    return Signatures((replace(signer, room=False, **told), *others))


# --- the printout -----------------------------------------------------------------------------------------------------------


def printout(signing: Signing) -> bytes:
    """The text to sign, as a PDF without a number: « à signer », with the deed's reference."""
    content = from_json(signing.content)
    with force_locale(content.language):
        note = _("À signer · %(reference)s · sans numéro", reference=signing.reference)
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used

    images = {content.logo: fetch(content.logo)} if content.logo else {}
    return render(content, verify_url=None, digest=signing.digest, images=images, status_note=note)
