"""Looking up the papers we issued, and those that are no longer as we issued them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import defer, joinedload

from refurb.documents.content import from_json, sha256
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.file_stores import FileLost
from refurb.kernel.deeds.files import digest_of, fetch
from refurb.kernel.deeds.history import kind_of
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.kernel.web.search import named_or_numbered

# These bear a person's name: who may not see the person may not see the paper either.
_NAMED = {
    PaperKind.HANDOVER: Permission.REFERRAL_READ,
    PaperKind.PARTICIPATION: Permission.REFERRAL_READ,
    PaperKind.LOAN: Permission.BORROWER_READ,
    PaperKind.CONSENT: Permission.CEREMONY_WRITE,
}


def names_a_person(paper: Paper) -> bool:
    """Whether a paper bears the name of somebody who receives or borrows."""
    return paper.kind in _NAMED


def _open_to(actor: Actor) -> ColumnElement[bool]:
    hidden = [kind for kind, permission in _NAMED.items() if not actor.may(permission) or not actor.sees_names]
    return Paper.kind.not_in(hidden)


def papers_about(*subjects: Any) -> list[Paper]:
    """The papers about one or more subjects of a kind, newest first. What they say is read when it is asked for: a list says it nowhere."""
    query = (
        select(Paper)
        .options(defer(Paper.content))
        .where(Paper.subject_kind == kind_of(subjects[0]), Paper.subject_id.in_([each.id for each in subjects]))
        .order_by(Paper.issued_at.desc(), Paper.id.desc())
    )
    return list(db.session.scalars(query))


def in_force(papers: list[Paper], kind: PaperKind) -> Paper | None:
    """The one of these papers that says what is true today, if any of the kind does."""
    return next((paper for paper in papers if paper.kind is kind and paper.status is PaperStatus.ISSUED), None)


def find_paper(actor: Actor, reference: str) -> Paper:
    """A paper by its number, with the one that it replaces and the one that replaced it; `NotFound` for a stranger."""
    if not actor.may(Permission.PAPER_READ):
        raise NotFound
    return _one(Paper.reference == reference.strip().upper(), _open_to(actor))


def papers_numbered(actor: Actor, condition: ColumnElement[bool]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The papers that the actor may read among those meant by number: reference and title, the newest first."""
    query = select(Paper.reference, Paper.title).where(condition, _open_to(actor))
    return db.session.execute(query.order_by(Paper.id.desc())).all()


def find_paper_about(subject_kind: str, subject_ids: Iterable[int], reference: str) -> Paper:
    """A paper by its number, if it is about one of these subjects; whoever asks has proven that they are open to them."""
    return _one(Paper.reference == reference, Paper.subject_kind == subject_kind, Paper.subject_id.in_(list(subject_ids)))


def find_paper_by_code(code: str) -> Paper:
    """The paper whose QR bears this code; everybody may know that it exists."""
    return _one(Paper.code == code)


def _one(*conditions: ColumnElement[bool]) -> Paper:
    paper = db.session.scalar(select(Paper).options(joinedload(Paper.replaces), joinedload(Paper.replaced_by)).where(*conditions))
    if paper is None:
        raise NotFound
    return paper


ORDERS = ListOrders(
    "-emis",
    Paper.id,
    (
        ListOrder("numero", _l("Numéro"), (Paper.reference,)),
        ListOrder("document", _l("Document"), (Paper.title,)),
        ListOrder("emis", _l("Émis le"), (), Compared.DATE, indexed=True),  # One number follows the other as papers are issued.
        ListOrder("etat", _l("État"), (steps_of(Paper.status, PaperStatus),), Compared.STEPS),
        ListOrder("taille", _l("PDF"), (Paper.size,), Compared.NUMBER),
    ),
)


def papers_listed(actor: Actor, *, typed: str = "", kind: PaperKind | None = None, year: int | None = None) -> Listing:
    """The papers that the actor may read: columns, not rows."""
    query = select(Paper.reference, Paper.kind, Paper.title, Paper.issued_on, Paper.status, Paper.size, Paper.search).where(_open_to(actor))
    if typed:
        query = query.where(named_or_numbered(Paper.search, Paper.reference, [each.value for each in PaperKind], typed))
    if kind is not None:
        query = query.where(Paper.kind == kind)
    if year is not None:
        query = query.where(Paper.year == year)
    return Listing(query, ORDERS)


def paper_years(actor: Actor) -> list[int]:
    """The years in which papers were issued, newest first."""
    return list(db.session.scalars(select(Paper.year).where(_open_to(actor)).distinct().order_by(Paper.year.desc())))


def paper_count(actor: Actor) -> int:
    """How many papers the actor may read."""
    return db.session.scalar(select(func.count()).select_from(Paper).where(_open_to(actor))) or 0


@dataclass(frozen=True)
class ChangedPaper:
    """A paper that is not what we issued: `what` is missing_file, changed_file or changed_content."""

    reference: str
    what: str

    def __str__(self) -> str:
        return f"{self.what}: {self.reference}"


def changed_papers() -> Iterator[ChangedPaper]:
    """Recompute the sums of every stored PDF and every frozen content; yield each that is not the one noted at issue.

    What was erased at its term has nothing left to be compared.
    """
    rows = select(Paper.reference, Paper.file, Paper.content, Paper.content_digest).where(Paper.forgotten_at.is_(None)).order_by(Paper.id)
    for reference, file, content, content_digest in db.session.execute(rows.execution_options(yield_per=200)):
        try:
            if digest_of(fetch(file)) != file:
                yield ChangedPaper(reference, "changed_file")
        except FileLost:
            yield ChangedPaper(reference, "missing_file")
        if not _is_content(content, content_digest):
            yield ChangedPaper(reference, "changed_content")


def _is_content(content: Any, digest: str) -> bool:
    try:
        return sha256(from_json(content)) == digest
    except (KeyError, TypeError, ValueError):
        return False
