"""Pack the papers about a donation or a donor's year into one ZIP, some at a time; issue the yearly papers of every donor of a year."""

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from refurb.accounts.queries import actor_behind
from refurb.directory.models import Organisation
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import papers_about
from refurb.documents.reading import is_readable
from refurb.documents.words import PAPER_KINDS, paper_look
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import NoPapers
from refurb.inventory.papers.bundles.models import Bundle
from refurb.inventory.papers.years.actions import issue_yearly
from refurb.inventory.papers.years.models import DonorYear
from refurb.inventory.papers.years.queries import donors_of
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.history import kind_of
from refurb.kernel.deeds.progress import Work, begin, long_work
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l, _n

AT_ONCE = 20
"""Papers that are packed in one step."""
LASTS = timedelta(days=7)
Subject = Donation | DonorYear


def papers_to_pack(subject: Subject) -> list[Paper]:
    """The papers about a subject that may be read, the replaced ones too, by number."""
    return sorted(filter(is_readable, papers_about(subject)), key=lambda each: each.reference)


def ask_bundle(actor: Actor, subject: Subject, name: str) -> Bundle:
    """Promise a ZIP of all papers about a subject; the same papers are packed once, and kept from the last asking. Raises `NoPapers`."""
    check(actor, Permission.PAPER_READ)
    lock(subject)
    papers = papers_to_pack(subject)
    if not papers:
        raise NoPapers
    holds = hashlib.sha256(repr([(each.reference, each.status.value) for each in papers]).encode()).hexdigest()[:40]
    found = db.session.scalar(
        select(Bundle).where(Bundle.subject_kind == kind_of(subject), Bundle.subject_id == subject.id, Bundle.holds == holds)
    )
    if found is not None:
        found.asked_at = now()
        if found.work is None or not found.work.state.is_stopped:
            return found
    else:
        found = Bundle(subject_kind=kind_of(subject), subject_id=subject.id, holds=holds, name=name[:80], asked_at=now())
        db.session.add(found)
        db.session.flush()
    found.work = begin("bundle", actor, len(papers), f"/dons/zip/{found.id}", bundle_id=found.id, papers=[each.id for each in papers])
    return found


def _packed(work: Work) -> str:
    return _n("%(num)s document dans le ZIP.", "%(num)s documents dans le ZIP.", work.done)


@long_work("bundle", _l("Documents réunis dans un ZIP"), outcome=_packed)
def pack(work: Work) -> int:
    """The next papers of a ZIP: what is packed so far is written anew with them. The list goes in first."""
    bundle = db.session.get(Bundle, work.facts["bundle_id"])
    if bundle is None:
        raise NotFound
    lock(bundle)
    turn = work.facts["papers"][work.done : work.done + AT_ONCE]
    before = bundle.file if work.done else None
    content = io.BytesIO(files.fetch(before) if before else b"")
    content.seek(0, io.SEEK_END)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        if not work.done:
            papers = db.session.scalars(select(Paper).where(Paper.id.in_(work.facts["papers"])).order_by(Paper.reference)).all()
            _put(archive, "liste.csv", _listed(papers), papers[0])
        found = db.session.scalars(select(Paper).where(Paper.id.in_(turn)).order_by(Paper.reference))
        for paper in filter(is_readable, found):  # Since it was asked for, one may have been erased.
            _put(archive, f"{paper.reference}.pdf", files.fetch(paper.file), paper)
    packed = content.getvalue()
    bundle.file, bundle.size = files.keep(packed), len(packed)
    if before and before != bundle.file:
        let_go([before])
    return len(turn)


def _put(archive: zipfile.ZipFile, name: str, content: bytes, paper: Paper) -> None:
    """A file under the day on which its paper was issued, so that the same papers make the same ZIP."""
    day = paper.issued_on
    told = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    told.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(told, content)


def _listed(papers: Sequence[Paper]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(["numero", "document", "emis_le", "etat", "sha256_pdf"])
    for each in papers:
        writer.writerow([each.reference, str(PAPER_KINDS[each.kind]), each.issued_on.isoformat(), str(paper_look(each).word), each.file])
    return file.getvalue().encode("utf-8-sig")


def _forget(numbers: Sequence[int]) -> None:
    for bundle in db.session.scalars(select(Bundle).where(Bundle.id.in_(numbers))):
        let_go([bundle.file])
        db.session.delete(bundle)


forget_bundles = Term(
    key="donations.bundles",
    who=_l("Donateur qui télécharge ses documents ensemble"),
    what=_l("la copie de ses documents, réunie dans un ZIP"),
    remains=_l("Les documents eux-mêmes"),
    lasts=LASTS,
    model=Bundle,
    past=lambda: Bundle.asked_at < now() - LASTS,
    forget=_forget,
    hourly=True,
)


def ask_yearly_papers(actor: Actor, year: int, kind: PaperKind, result_url: str) -> Work:
    """Promise a paper of this kind for every donor of a year whom it concerns; the worker issues them one by one."""
    check(actor, Permission.PAPER_ISSUE)
    donors = [each.id for each in donors_of(year) if kind is not PaperKind.REEN or each.is_public_body]
    return begin("yearly_papers", actor, len(donors), result_url, year=year, paper=kind.value, donors=donors)


def _issued(work: Work) -> str:
    """How many were issued; and of those that were not, why, each reason once with how many."""
    counts = Counter({key: int(count) for key, count in work.outcome.items()})
    said = [_n("%(num)s document établi.", "%(num)s documents établis.", counts.pop("issued", 0))]
    for code, count in sorted(counts.items()):
        said.append(_("%(count)s non établis : %(why)s", count=count, why=sentence(Fault(code, **_FACTS_OF_MANY))))
    return " ".join(said)


_FACTS_OF_MANY = {"reference": "…", "donor": "…", "year": "…"}


@long_work("yearly_papers", _l("Documents de l'année, pour chaque donateur"), outcome=_issued)
def issue_next(work: Work) -> int:
    """The paper of the next donor; one that cannot be issued takes no number, and the others go on."""
    left = work.facts["donors"][work.done :]
    if not left:
        return 0
    actor = actor_behind(work)
    check(actor, Permission.PAPER_ISSUE)
    donor = db.session.get_one(Organisation, left[0])
    try:
        issue_yearly(actor, donor, work.facts["year"], PaperKind(work.facts["paper"]))
        what = "issued"
    except Refusal as refusal:
        what = refusal.code
    work.outcome = {**work.outcome, what: work.outcome.get(what, 0) + 1}
    return 1
