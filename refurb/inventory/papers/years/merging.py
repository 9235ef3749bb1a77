"""Two donors become one, or are two again: the papers of a year that both have stay readable, about the year that stands."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.documents.models import Paper
from refurb.documents.queries import papers_about
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.years.models import DonorYear
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock

_COUNTS = ("screens", "small", "too_old", "is_protected")


def _years(donor: Organisation) -> dict[int, DonorYear]:
    return {each.year: each for each in db.session.scalars(select(DonorYear).where(DonorYear.donor_id == donor.id).order_by(DonorYear.id))}


def _given(donor: Organisation) -> set[int]:
    came = select(Donation.received_on).where(Donation.donor_id == donor.id, Donation.received_on.is_not(None)).distinct()
    return {each.year for each in db.session.scalars(came) if each is not None}


def _shared(gone: Organisation, into: Organisation) -> tuple[dict[int, DonorYear], dict[int, DonorYear], list[int]]:
    """The years of each of the two, locked, and the numbers of those in which both gave or of which both said something."""
    theirs, ours = _years(gone), _years(into)
    both = sorted((_given(gone) | set(theirs)) & (_given(into) | set(ours)))
    for held in sorted((years[number] for years in (theirs, ours) for number in both if number in years), key=lambda each: each.id):
        lock(held)
    return theirs, ours, both


def _untell(year: DonorYear) -> None:
    """Have nothing be known of a year's stock: it is asked of the donor anew."""
    year.screens = year.small = year.told_on = None
    year.too_old = year.is_protected = 0


def _tell_together(year: DonorYear | None, kept: DonorYear | None) -> None:
    """The stock of both is the sum of what each told. What one told alone is not that of both."""
    if year is not None and kept is not None and year.told_on is not None and kept.told_on is not None:
        for name in _COUNTS:
            setattr(kept, name, getattr(kept, name) + getattr(year, name))
        kept.told_on = max(kept.told_on, year.told_on)
        return
    for each in (year, kept):
        if each is not None:
            _untell(each)


def follow_merger(gone: Organisation, into: Organisation) -> tuple[str, str, list[int]]:
    """Have the papers of each year that both donors have be about the year of the one that stands, since the other row goes.

    Their stock of a year in which both gave is added up where both told it. A year that only one has is followed by its row alone.
    """
    db.session.flush()
    theirs, ours, both = _shared(gone, into)
    moved = list[int]()
    for number in both:
        year, kept = theirs.get(number), ours.get(number)
        _tell_together(year, kept)
        if year is None or kept is None:
            continue
        for paper in papers_about(year):
            paper.subject_id = kept.id
            moved.append(paper.id)
    db.session.flush()
    return "papers", "subject_id", moved


def follow_parting(gone: Organisation, into: Organisation, numbers: Sequence[int], *, only_count: bool) -> int:
    """Have the papers that a merger took along be about the year of their donor again, replaced since or not; how many they are.

    What was told of the stock of both, of a year in which both gave, is that of neither: each is asked anew.
    """
    if not only_count:
        db.session.flush()
        theirs, ours, both = _shared(gone, into)
        for each in (years[number] for years in (theirs, ours) for number in both if number in years):
            _untell(each)
    standing = {each.id: each for each in _years(into).values()}
    query = select(Paper).where(Paper.id.in_(numbers), Paper.subject_kind == DonorYear.KIND, Paper.subject_id.in_(list(standing)))
    found = list(db.session.scalars(query.order_by(Paper.id)))
    if not only_count:
        for paper in found:
            paper.subject_id = _again(gone, standing[paper.subject_id].year).id
        db.session.flush()
    return len(found)


def _again(gone: Organisation, number: int) -> DonorYear:
    """The year of the donor that stands again, which was left out where the other had none of it by then."""
    found = _years(gone).get(number)
    if found is None:
        found = DonorYear(donor_id=gone.id, year=number)
        db.session.add(found)
        db.session.flush()
    return found
