"""How long people waited who are like one who waits: told as an honest span, or not at all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import bindparam, func, literal, select

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.priority import Needs, Order, order
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import AllocationState, ReferralState

LOOKED_AT = 400
"""So many of the newest decisions are looked at, whatever was asked: it costs the same however many there are."""
SINCE = timedelta(days=365)
FEWEST = 8
"""Of fewer waits nothing is told."""
OUTSIDE = 0.1
"""So many lie below the span, and as many above: eight in ten lie within."""
STUCK = 0.2
"""Where more than so many of those like it wait longer than the span says, the span would be no honest one."""
WEEK = timedelta(weeks=1)

_IS_WAITING = Referral.state == literal(ReferralState.WAITING, Referral.state.type, literal_execute=True)


@dataclass(frozen=True)
class WaitSpan:
    """In how many weeks from being submitted eight in ten were given a device, both ends included; of how many that was seen."""

    least: int
    most: int
    of: int

    def days(self, submitted_at: datetime) -> tuple[datetime, datetime] | None:
        """Between which instants that lies for one that was submitted then; None where it is over, and tells nothing any more."""
        first, last = submitted_at + self.least * WEEK, submitted_at + self.most * WEEK
        return (max(first, now()), last) if last > now() else None


def usual_waits(asked: Collection[tuple[DeviceKind, int]]) -> dict[tuple[DeviceKind, int], WaitSpan]:
    """The span for each kind of device and priority of the rule in force that is asked; none where too little is known.

    Counted from the decisions that hold, of the past year. Those who still wait count too: where many of them wait longer than the span,
    it is not told.
    """
    if not asked:
        return {}
    rule = order()
    waited: dict[tuple[DeviceKind, int], list[timedelta]] = {each: [] for each in asked}
    for row in kept("decided waits", lambda: _DECIDED.all(since=now() - SINCE)):
        like = (row.device_kind, rule.own_of(Needs.of(row)).number)
        if like in waited:
            waited[like].append(row.decided_at - row.submitted_at)
    found = {like: _span(spans) for like, spans in waited.items() if len(spans) >= FEWEST}
    return {like: span for like, span in found.items() if not _is_stuck(*like, span, rule)}


_REFERRALS, _ALLOCATIONS = Referral.__table__.c, Allocation.__table__.c
_DECIDED = Read(
    select(
        _REFERRALS.device_kind, _REFERRALS.school_children, _REFERRALS.situation, _REFERRALS.usage, _REFERRALS.priority_area,
        _REFERRALS.submitted_at,
        _ALLOCATIONS.decided_at,
    )
    .join(Referral.__table__, _REFERRALS.id == _ALLOCATIONS.referral_id)
    .where(
        _ALLOCATIONS.decided_at >= bindparam("since", type_=_ALLOCATIONS.decided_at.type),
        _ALLOCATIONS.state != AllocationState.CANCELLED,
        _ALLOCATIONS.replaces_id.is_(None),
    )
    .order_by(_ALLOCATIONS.decided_at.desc(), _ALLOCATIONS.id.desc())
    .limit(LOOKED_AT)
)  # fmt: skip


def _span(waited: list[timedelta]) -> WaitSpan:
    """The nearest ranks: always waits that somebody had, the ends rounded outwards to whole weeks."""
    waited = sorted(waited)
    first, last = (waited[max(0, ceil(part * len(waited)) - 1)] for part in (OUTSIDE, 1 - OUTSIDE))
    return WaitSpan(int(first / WEEK), max(1, ceil(last / WEEK)), len(waited))


def _is_stuck(kind: DeviceKind, number: int, span: WaitSpan, rule: Order) -> bool:
    """Whether many of a priority wait already for longer than the span says; counted no further than that is known."""
    most = ceil(STUCK * span.of)
    longer = (
        select(Referral.id)
        .where(_IS_WAITING, Referral.device_kind == kind, Referral.submitted_at < now() - span.most * WEEK, rule.number() == number)
        .limit(most + 1)
        .subquery()
    )
    return (db.session.scalar(select(func.count()).select_from(longer)) or 0) > most
