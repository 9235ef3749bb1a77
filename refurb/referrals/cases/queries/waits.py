"""How long people waited who are like one who waits: told as an honest span, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import func, literal, select

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.priority import Order, order
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


def usual_waits(kind: DeviceKind) -> dict[int, WaitSpan]:
    """The span for each priority of the rule in force, of those that asked for a kind of device; none where too little is known.

    Counted from the decisions that hold, of the past year. Those who still wait count too: where many of them wait longer than the span,
    it is not told.
    """
    rule = order()
    waited: dict[int, list[timedelta]] = {}
    for row in _decided():
        if row.device_kind == kind:
            number = rule.priority_of(row.school_children, row.situation, row.usage).number
            waited.setdefault(number, []).append(row.decided_at - row.submitted_at)
    found = {number: _span(spans) for number, spans in waited.items() if len(spans) >= FEWEST}
    return {number: span for number, span in found.items() if not _is_stuck(kind, number, span, rule)}


def _decided() -> Sequence[Any]:
    query = (
        select(
            Referral.device_kind, Referral.school_children, Referral.situation, Referral.usage, Referral.submitted_at,
            Allocation.decided_at,
        )
        .join(Referral, Referral.id == Allocation.referral_id)
        .where(Allocation.decided_at >= now() - SINCE, Allocation.state != AllocationState.CANCELLED, Allocation.replaces_id.is_(None))
        .order_by(Allocation.decided_at.desc(), Allocation.id.desc())
        .limit(LOOKED_AT)
    )  # fmt: skip
    return db.session.execute(query).all()


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
