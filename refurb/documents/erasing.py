"""Papers outlive people only as far as the law says: at its term what a paper says is erased, and what proves it stays.

Number, kind, date, issuer, sums and the text's version remain, so that a copy is still known as ours; words, file and drawings go.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from refurb.documents.models import Paper, PaperStatus, Signing
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal


class PaperForgotten(Refusal):
    """What this paper said was erased at its term; its number, its date and its sum remain."""

    code = "paper.forgotten"
    status = 410


def still_said(paper: Paper | Signing) -> None:
    """Raise `PaperForgotten` where what a paper, or a text to sign, said was erased."""
    if paper.forgotten_at is not None:
        raise PaperForgotten(reference=paper.reference)


def erase_papers(subject_kind: str, subject_ids: Collection[int]) -> int:
    """Erase what the papers about some subjects say, and the texts that were signed or to be signed, within a unit of work; how many."""
    for signing in db.session.scalars(_of(Signing, subject_kind, subject_ids)):
        let_go([signing.drawing, signing.copy])
        signing.content, signing.forgotten_at = {}, now()
        if signing.awaits_signature:  # Nobody can sign what nobody can read any more.
            signing.called_off_at = now()
    return _erase(db.session.scalars(_of(Paper, subject_kind, subject_ids)).all())


def erase_given(numbers: Collection[int]) -> int:
    """Erase what these papers say, whatever their standing, within a unit of work; how many."""
    return _erase(db.session.scalars(select(Paper).where(Paper.id.in_(numbers), Paper.forgotten_at.is_(None))).all())


def erase_replaced(references: Collection[str]) -> int:
    """Erase what these papers say where they do not hold any more: annulled, replaced; how many."""
    gone = (Paper.reference.in_(references), Paper.status != PaperStatus.ISSUED, Paper.forgotten_at.is_(None))
    return _erase(db.session.scalars(select(Paper).where(*gone)).all())


def _erase(papers: Sequence[Paper]) -> int:
    for paper in papers:
        let_go([paper.file])
        paper.content = {"issuer": {"name": paper.content["issuer"]["name"]}}
        paper.title, paper.search, paper.facts_sum, paper.signed_code, paper.forgotten_at = (
            paper.reference,
            paper.reference,
            None,
            None,
            now(),
        )
    db.session.flush()
    return len(papers)


def _of(kind: Any, subject_kind: str, subject_ids: Collection[int]) -> Any:
    return select(kind).where(kind.subject_kind == subject_kind, kind.subject_id.in_(subject_ids), kind.forgotten_at.is_(None))
