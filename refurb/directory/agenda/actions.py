"""Close days, having seen what that moves; close other days instead; open them again."""

import hashlib
import json
from dataclasses import replace
from datetime import date

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.agenda.planned import planned, what_is_planned
from refurb.directory.agenda.queries import span_of
from refurb.directory.agenda.rules import MovesOtherThings, span_instead, span_to_close
from refurb.directory.sites.hours import Span
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound


def sum_of_planned(actor: Actor, span: ClosedSpan) -> str:
    """The sum of what a closure moves, by which whoever confirms it says what they have seen."""
    told = [[each.what, each.day.isoformat(), str(each.moves_to)] for each in what_is_planned(actor, span)]
    shape = [span.first.isoformat(), span.last.isoformat(), span.yearly, span.site_id, span.hours]
    return hashlib.sha256(json.dumps([*shape, told]).encode()).hexdigest()


def close_days(
    actor: Actor,
    *,
    reason: str,
    first: date,
    last: date | None = None,
    yearly: bool = False,
    site_id: int | None = None,
    hours: Span | None = None,
    seen: str | None = None,
) -> ClosedDays:
    """Close some days at a place, or everywhere (`site_id` None), once what that moves was seen (`sum_of_planned`).

    With `hours`, only these minutes of each of the days.

    What follows a rule moves at once: days of return go to the next open day. What was agreed on with somebody, an appointment or a
    ceremony, stays as it is until a person moves it, and is listed beside the closure until then.
    """
    check(actor, Permission.SITE_WRITE)
    if site_id is not None:
        chosen_site(actor, site_id)
    return _closed(actor, span_to_close(first, last, yearly=yearly, site_id=site_id, reason=reason, hours=hours), None, seen)


def change_closure(
    actor: Actor,
    row: ClosedDays,
    *,
    reason: str,
    first: date,
    last: date | None = None,
    yearly: bool = False,
    site_id: int | None = None,
    hours: Span | None = None,
    seen: str | None = None,
) -> ClosedDays:
    """Close other days instead of those of a closure, in one deed: what moves because of the new ones may move to a former one.

    A closure that has begun keeps the day on which it did. Raises what `close_days` does, and `NotFound`.
    """
    check(actor, Permission.SITE_WRITE)
    if site_id is not None:
        chosen_site(actor, site_id)
    lock(row)
    if row.withdrawn_at is not None:
        raise NotFound
    span = span_instead(span_of(row), first, last, yearly=yearly, site_id=site_id, reason=reason, hours=hours)
    return _closed(actor, span, row, seen)


def _closed(actor: Actor, span: ClosedSpan, former: ClosedDays | None, seen: str | None) -> ClosedDays:
    if seen != sum_of_planned(actor, span):
        raise MovesOtherThings
    if former is not None:
        withdraw_closure(actor, former)
    made = replace(span, instead_of=None)
    row = ClosedDays(site_id=made.site_id, reason=made.reason, first=made.first, last=made.last, yearly=made.yearly, entered_at=now())
    row.from_minute, row.until_minute = made.hours or (None, None)
    db.session.add(row)
    told = {"hours": list(made.hours)} if made.hours else {}
    record(row, "closed", actor, first=row.first, last=row.last, yearly=row.yearly, site=row.site_id, **told)
    for asked in planned:
        if asked.move is not None:
            asked.move(actor, made)
    return row


def withdraw_closure(actor: Actor, row: ClosedDays) -> None:
    """Open days again that were closed. What has moved meanwhile was agreed on anew, and stays."""
    check(actor, Permission.SITE_WRITE)
    lock(row)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        record(row, "withdrawn", actor)
