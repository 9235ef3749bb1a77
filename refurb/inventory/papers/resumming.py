"""Sum again the attestations in force of another wording, or of before sums were kept, so that no page need write one anew."""

import time

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from refurb.documents.actions import says_the_same
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.documents.queries import papers_about
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import draft_of, sum_for
from refurb.inventory.papers.facts_sum import says_other, wording
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work

SLICE_SECONDS = 0.5
MOST_AT_ONCE = 100


def sum_papers_again() -> int:
    """Sum some of them; returns how many. Their words are compared before anybody's turn to write is taken."""
    unsummed = or_(Paper.facts_sum.is_(None), Paper.facts_sum.not_like(f"%.{wording()}.%"))
    waiting = db.session.scalars(
        select(Paper)
        .options(joinedload(Paper.replaces))
        .where(Paper.kind.in_((PaperKind.DONATION, PaperKind.ERASURE)), Paper.status == PaperStatus.ISSUED, unsummed)
        .order_by(Paper.id)
        .limit(MOST_AT_ONCE)
    ).all()
    until, sums = time.monotonic() + SLICE_SECONDS, []
    for paper in waiting:
        sums.append((paper.id, paper.facts_sum, _sum_again(paper)))
        if time.monotonic() > until:
            break
    db.session.rollback()
    with unit_of_work() as session:
        for paper_id, before, after in sums:
            session.execute(update(Paper).where(Paper.id == paper_id, Paper.facts_sum.is_not_distinct_from(before)).values(facts_sum=after))
    return len(sums)


def _sum_again(paper: Paper) -> str:
    donation = db.session.get_one(Donation, paper.subject_id)
    papers = papers_about(donation)
    known = sum_for(paper.kind, donation, papers)
    same = says_the_same(paper, draft_of(SERVICE, paper.kind, donation, papers, paper.replaces))
    return known if same else says_other(known)
