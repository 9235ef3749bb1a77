"""Counting visits, one or a group; correcting and taking back until midnight.

No deed here writes an event: what is left of a visit is its day, and an event would keep its hour for ever. Who counted stands in the row.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import midnight, now, today
from refurb.kernel.speech.errors import NotFound
from refurb.visits.models import OpinionAsk, Visit, VisitReason
from refurb.visits.rules import GroupSize, is_correctable, is_counted_at
from refurb.visits.schemas import MOST_AT_ONCE
from refurb.visits.words import AgeBand, Motive

P = Permission


def _reasons(told: Sequence[Motive]) -> list[VisitReason]:
    """Each once; that none was said is said itself."""
    said = [VisitReason(reason=each) for each in Motive if each in told and each is not Motive.UNTOLD]
    return said or [VisitReason(reason=Motive.UNTOLD)]


def _made(actor: Actor, site: int, day: date | None, reasons: Sequence[Motive], **told: Any) -> Visit:
    return Visit(site_id=site, day=day or today(), counted_by=actor.id, entered_at=now(), reasons=_reasons(reasons), **told)


def count_visit(actor: Actor, *, site: int, reasons: Sequence[Motive], day: date | None = None, **told: Any) -> Visit:
    """Count one visit. Raises `PlaceClosed`, `Elsewhere`, and `Invalid` for what is no place of ours."""
    check(actor, P.VISIT_COUNT)
    is_counted_at(actor, site)
    made = _made(actor, site, day, reasons, **told)
    db.session.add(made)
    return made


def count_group(
    actor: Actor, *, site: int, reasons: Sequence[Motive], day: date | None = None, **ages: int
) -> Visit:  # fmt: skip
    """Count a group at once: `ages` says how many by each word of `AgeBand`; the first of its visits stands for it. Raises `GroupSize`."""
    check(actor, P.VISIT_COUNT)
    is_counted_at(actor, site)
    bands = [band for band in AgeBand for _one in range(ages.get(band.value, 0))]
    if not 1 <= len(bands) <= MOST_AT_ONCE:
        raise GroupSize(most=MOST_AT_ONCE, number=len(bands))
    made = [_made(actor, site, day, reasons, age=band) for band in bands]
    db.session.add_all(made)
    db.session.flush()
    db.session.execute(update(Visit).where(Visit.id.in_([each.id for each in made])).values(group_id=made[0].id))
    return made[0]


def own_visit(actor: Actor, number: int) -> Visit:
    """A visit that this actor counted, the first of its group if it is of one; `NotFound` for anybody else, and for what is no more."""
    found = db.session.get(Visit, number) if actor.may(P.VISIT_COUNT) else None
    if found is None or found.counted_by != actor.id or found.group_id not in {None, found.id}:
        raise NotFound
    return found


def correct_visit(actor: Actor, visit: Visit, *, site: int, reasons: Sequence[Motive], **told: Any) -> Visit:
    """Say again what a visit of today was; its day stays. Raises `DayOver` after midnight."""
    check(actor, P.VISIT_COUNT)
    lock(visit)
    is_correctable(actor, visit)
    is_counted_at(actor, site)
    kept = {each.reason: each for each in visit.reasons}
    visit.reasons = [kept.get(each.reason, each) for each in _reasons(reasons)]
    visit.site_id = site
    for name, value in told.items():
        setattr(visit, name, value)
    return visit


def correct_group(actor: Actor, first: Visit, **told: Any) -> Visit:
    """Count a group of today again in the place of what was counted, on the same day. Raises `DayOver` after midnight."""
    day = first.day
    take_back(actor, first)
    return count_group(actor, day=day, **told)


def take_back(actor: Actor, visit: Visit) -> None:
    """A visit of today, or its whole group, never was. Raises `DayOver` after midnight."""
    check(actor, P.VISIT_COUNT)
    lock(visit)
    is_correctable(actor, visit)
    these = [visit.id]
    if visit.group_id is not None:
        these = list(db.session.scalars(select(Visit.id).where(Visit.group_id == visit.group_id)))
    # Reasons first: what they count by is the visit's place and day.
    db.session.execute(delete(VisitReason).where(VisitReason.visit_id.in_(these)))
    db.session.execute(delete(Visit).where(Visit.id.in_(these)))


def forget_hours() -> int:
    """Empty the hour at which visits of days before were entered, and drop the questions that nobody answered; within a unit of work."""
    emptied = update(Visit).where(Visit.entered_at.is_not(None), Visit.entered_at < midnight(today())).values(entered_at=None)
    over = delete(OpinionAsk).where(OpinionAsk.until < now())
    done = [cast("CursorResult[Any]", db.session.execute(each)) for each in (emptied, over)]
    return sum(each.rowcount for each in done)


def ages_of(visits: Sequence[Visit]) -> Mapping[str, int]:
    """How many of some visits are of each age band, by its word."""
    return {band.value: sum(each.age is band for each in visits) for band in AgeBand}
