"""Looking up closures, and on which days our places are open."""

from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.directory.agenda.calendar import agenda
from refurb.directory.agenda.days import ClosedSpan, SiteDays
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.rota.days import passage_days
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound

_ROWS = ClosedDays.__table__.c
_SPAN = (_ROWS.first, _ROWS.last, _ROWS.yearly, _ROWS.site_id, _ROWS.reason, _ROWS.from_minute, _ROWS.until_minute)
_CLOSED = Read(select(*_SPAN).where(_ROWS.withdrawn_at.is_(None)).order_by(_ROWS.id))


def _read() -> tuple[ClosedSpan, ...]:
    return tuple(_span(row) for row in _CLOSED.all())


def _span(row: Any) -> ClosedSpan:
    hours = None if row.from_minute is None else (row.from_minute, row.until_minute)
    return ClosedSpan(row.first, row.last, row.yearly, row.site_id, row.reason, hours=hours)


def days_of(site_id: int) -> SiteDays:
    """The days of a place, as they are entered now, a stop's by its passages; ask it once for many days."""
    spared = closures_at(site_id)
    return SiteDays(spared.calendar, spared.closed, every_site()[site_id].week, passage_days(site_id))


def closures_at(site_id: int) -> SiteDays:
    """The days of a place by holidays and closures alone, whatever its hours and passages."""
    closed = kept("closed_days", _read)
    return SiteDays(agenda(), tuple(each for each in closed if each.concerns(site_id)))


def closures(site_id: int | None = None) -> list[ClosedDays]:
    """The closures that hold now, are to come, or come every year, in their order; of one place those that close every place, too."""
    query = select(ClosedDays).where(ClosedDays.withdrawn_at.is_(None), ClosedDays.yearly | (ClosedDays.last >= today()))
    if site_id is not None:
        query = query.where((ClosedDays.site_id == site_id) | ClosedDays.site_id.is_(None))
    return list(db.session.scalars(query.order_by(ClosedDays.first, ClosedDays.id)))


def span_of(row: ClosedDays) -> ClosedSpan:
    """The days of a row."""
    return _span(row)


def stays_open(span: ClosedSpan, site_id: int, day: date) -> bool:
    """Whether a place is still open at some hour of a day of a closure that leaves some."""
    return span.hours is not None and days_of(site_id).with_closed(span).is_open(day)


def closure_by_id(actor: Actor, number: int) -> ClosedDays:
    """A closure that was not withdrawn; `NotFound` for a stranger."""
    found = db.session.get(ClosedDays, number) if actor.may(Permission.DIRECTORY_READ) else None
    if found is None or found.withdrawn_at is not None:
        raise NotFound
    return found
