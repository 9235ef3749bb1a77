"""What must hold of closures."""

from dataclasses import replace
from datetime import date
from typing import Any

from refurb.directory.agenda.days import LONGEST, ClosedSpan
from refurb.directory.sites.hours import WHOLE_DAY, Span
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class MovesOtherThings(Conflict):
    """What the closure moves is not what was shown: somebody has agreed on something meanwhile, or nothing was shown."""

    code = "closure.moves_others"


def span_to_close(
    first: date, last: date | None, *, yearly: bool = False, site_id: int | None = None, reason: str = "", hours: Span | None = None
) -> ClosedSpan:
    """The days of a closure, one where no last is told; `hours` of each of them, or the whole, which all hours of a day are too.

    Raises `Invalid` where it ends before it begins, or lasts too long.
    """
    last = last or first
    if last < first:
        raise Invalid({"last": [Fault("closure.ends_before")]})
    if last - first >= LONGEST:
        raise Invalid({"last": [Fault("closure.too_long", most=LONGEST.days)]})
    if hours is not None and not 0 <= hours[0] < hours[1] <= WHOLE_DAY:
        raise Invalid({"until_hour": [Fault("closure.hours_end_before")]})
    return ClosedSpan(first, last, yearly, site_id, reason, hours=None if hours == (0, WHOLE_DAY) else hours)


def span_instead(former: ClosedSpan, first: date, last: date | None, **shape: Any) -> ClosedSpan:
    """The days of a closure in place of a former one. Raises `Invalid` also where it would change what has passed.

    One that has begun keeps its first day, and its place: elsewhere it would say that its first days were open here. One of every year may
    be years old, and keeps its days of then; while it holds, it has begun.
    """
    span = span_to_close(first, last, **shape)
    if first != former.first:
        if former.has_begun(today()):
            raise Invalid({"first": [Fault("closure.has_begun", first=former.first)]})
        if first < today():
            raise Invalid({"first": [Fault("field.date_past")]})
    if span.site_id != former.site_id and former.has_begun(today()):
        raise Invalid({"site_id": [Fault("closure.begun_where_it_is")]})
    if span.last < today() and not span.yearly:
        raise Invalid({"last": [Fault("field.date_past")]})
    return replace(span, instead_of=former)
