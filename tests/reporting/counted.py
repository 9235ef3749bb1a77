"""The figures counted from the rows themselves, statement by statement: what the kept counts are compared with."""

from datetime import UTC, datetime
from itertools import pairwise
from math import ceil

from sqlalchemy import Integer, and_, case, cast, extract, func, or_, select

from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import AT_BENCH, PAST_THE_GATE, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.clock import from_wall, today
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import ReferralState

LANES = (*AT_BENCH, DeviceState.READY, DeviceState.RESERVED)


def devices():
    """By state and kind, of those that are not joined to another."""
    rows = db.session.execute(
        select(Device.state, Device.kind, func.count()).where(Device.merged_into_id.is_(None)).group_by(Device.state, Device.kind)
    )
    return {(state, kind): count for state, kind, count in rows}


def lanes(late_since, kind=None):
    """How many stand in each lane, and how many of them for too long."""
    late = [and_(Device.state == lane, Device.moved_at <= since) for lane, since in late_since.items()]
    asked = [Device.state.in_(LANES), *([Device.kind == kind] if kind else [])]
    rows = db.session.execute(
        select(Device.state, func.count(), func.sum(case((or_(*late), 1), else_=0))).where(*asked).group_by(Device.state)
    )
    return {state: (count, int(overdue)) for state, count, overdue in rows}


def _starts():
    here = today()
    number = here.year * 12 + here.month - 1
    firsts = [datetime(each // 12, each % 12 + 1, 1) for each in range(number - 11, number + 2)]  # noqa: DTZ001 - on the wall
    return [from_wall(first).astimezone(UTC) for first in firsts]


def months():
    """For each of the last twelve months: devices that were received, erased, declared ready, handed over."""
    moves = ("created", "finish_erasure", "pass_tests", "hand_over")
    merged = select(Device.id).where(Device.merged_into_id.is_not(None))
    return [
        tuple(
            db.session.scalar(
                select(func.count(Event.subject_id.distinct())).where(
                    Event.subject_kind == "device", Event.move == move, Event.at >= start, Event.at < end, Event.subject_id.not_in(merged)
                )
            )
            for move in moves
        )
        for start, end in pairwise(_starts())
    ]


def _seconds(begin, end):
    if db.session.get_bind().dialect.name == "sqlite":
        return cast((func.julianday(end) - func.julianday(begin)) * 86_400, Integer)
    return cast(extract("epoch", end - begin), Integer)


def steps():
    """For each state, of the stays that ended in the last twelve months: how many, the middle one, the ninth in ten, in seconds."""
    entered = {"created": DeviceState.RECEIVED} | {row.name: row.target for row in device_machine.moves}
    along = {"partition_by": Event.subject_id, "order_by": Event.position}
    moved = (
        select(Event.at, func.lag(Event.move).over(**along).label("by"), func.lag(Event.at).over(**along).label("since"))
        .where(Event.subject_kind == Device.KIND, Event.move.in_(entered))
        .subquery()
    )
    rows = db.session.execute(
        select(moved.c.by, _seconds(moved.c.since, moved.c.at)).where(moved.c.since.is_not(None), moved.c.at >= _starts()[0])
    )
    lasted = {state: [] for state in LANES}
    for by, seconds in rows:
        if entered[by] in lasted:
            lasted[entered[by]].append(max(0, int(seconds)))
    found = {state: sorted(each) for state, each in lasted.items() if each}
    return {state: (len(each), each[ceil(0.5 * len(each)) - 1], each[ceil(0.9 * len(each)) - 1]) for state, each in found.items()}


def donations():
    """Donation by donation: its machines, those past the gate, those for parts."""
    rows = db.session.execute(
        select(
            Donation.reference,
            func.count(),
            func.count().filter(Device.state.in_(PAST_THE_GATE)),
            func.count().filter(Device.state == DeviceState.PARTS),
        )
        .join(Device, and_(Device.donation_id == Donation.id, Device.merged_into_id.is_(None)))
        .group_by(Donation.id, Donation.reference, Donation.received_on)
        .order_by(Donation.received_on.desc(), Donation.id.desc())
    )
    return [tuple(row) for row in rows]


def year():
    """Machines received, ready for the first time, given by a signed slip; families served."""
    since = from_wall(datetime(today().year, 1, 1)).astimezone(UTC)  # noqa: DTZ001 - on the wall
    merged = select(Device.id).where(Device.merged_into_id.is_not(None))
    first = select(Event.subject_id, func.min(Event.at).label("at")).where(Event.subject_kind == "device", Event.subject_id.not_in(merged))
    times = [first.where(Event.move == move).group_by(Event.subject_id).subquery() for move in ("created", "pass_tests")]
    told = [db.session.scalar(select(func.count()).select_from(each).where(each.c.at >= since)) for each in times]
    given = (
        select(func.count(HandoverLine.id))
        .join(Handover, Handover.id == HandoverLine.handover_id)
        .where(HandoverLine.device_id.is_not(None), Handover.paper_id.is_not(None), Handover.handed_at >= since)
    )
    served = (
        select(func.count(Referral.id.distinct()))
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(Referral.state == ReferralState.SERVED, Handover.paper_id.is_not(None), Handover.handed_at >= since)
    )
    return (*told, db.session.scalar(given), db.session.scalar(served))


def waiting():
    """How many referrals wait, by wanted kind."""
    rows = db.session.execute(
        select(Referral.device_kind, func.count()).where(Referral.state == ReferralState.WAITING).group_by(Referral.device_kind)
    )
    return dict(rows.all())
