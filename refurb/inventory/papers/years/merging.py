"""Two donors become one, or are two again: the papers of a year that both have stay readable, about the year that stands."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.documents.models import Paper
from refurb.documents.queries import papers_about
from refurb.inventory.papers.years.models import DonorYear
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock

_STOCK = ("screens", "small", "too_old", "is_protected", "told_on")


def _years(donor: Organisation) -> dict[int, DonorYear]:
    return {each.year: each for each in db.session.scalars(select(DonorYear).where(DonorYear.donor_id == donor.id).order_by(DonorYear.id))}


def follow_merger(gone: Organisation, into: Organisation) -> tuple[str, str, list[int]]:
    """Have the papers of each year that both donors have be about the year of the one that stands, since the other row goes.

    What only the one that goes told of its stock is told by the one that stands. A year that only one has is followed by its row alone.
    """
    db.session.flush()
    standing, moved = _years(into), list[int]()
    for number, year in _years(gone).items():
        kept = standing.get(number)
        if kept is None:
            continue
        for each in (year, kept):
            lock(each)
        if kept.told_on is None and year.told_on is not None:
            for name in _STOCK:
                setattr(kept, name, getattr(year, name))
        for paper in papers_about(year):
            paper.subject_id = kept.id
            moved.append(paper.id)
    db.session.flush()
    return "papers", "subject_id", moved


def follow_parting(gone: Organisation, into: Organisation, numbers: Sequence[int], *, only_count: bool) -> int:
    """Have the papers that a merger took along be about the year of their donor again; how many they are.

    One that was annulled and replaced since by a paper about both stays beside it.
    """
    ours = {each.id: each for each in _years(into).values()}
    query = select(Paper).where(Paper.id.in_(numbers), Paper.subject_kind == DonorYear.KIND, Paper.subject_id.in_(list(ours)))
    found = [each for each in db.session.scalars(query.order_by(Paper.id)) if each.replaced_by is None or each.replaced_by.id in numbers]
    if not only_count:
        theirs = _years(gone)
        for paper in found:
            number = ours[paper.subject_id].year
            if number not in theirs:
                theirs[number] = DonorYear(donor_id=gone.id, year=number)
                db.session.add(theirs[number])
                db.session.flush()
            paper.subject_id = theirs[number].id
        db.session.flush()
    return len(found)
