"""Who waits, in the order of the rule, without a name; and the devices that are ready for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from refurb.directory.models import Organisation
from refurb.inventory.devices.queries.counts import count_devices
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.web.search import PER_PAGE, Page
from refurb.referrals.cases.counts import REFERRALS, WAITING
from refurb.referrals.cases.priority import Needs, order
from refurb.referrals.cases.queries.referrals import Rows
from refurb.referrals.models import Referral
from refurb.referrals.words import PriorityArea, ReferralState, Situation, Usage


def _ranked() -> Any:
    """Each waiting referral with its rank among those that want the same kind of device."""
    rank = func.row_number().over(partition_by=Referral.device_kind, order_by=(order().place(), Referral.submitted_at, Referral.id))
    return select(Referral.id, rank.label("rank")).where(Referral.state == ReferralState.WAITING).subquery()


# Written out, so that the databases know the index of those that wait.
_IS_WAITING = Referral.state == literal(ReferralState.WAITING, Referral.state.type, literal_execute=True)


@dataclass(frozen=True)
class Rank:
    """Where a referral stands among those that want the same kind of device; `ahead` are those before it, by their priority."""

    rank: int
    total: int
    ahead: dict[int, int]


def standing_of(referral: Referral) -> Rank | None:
    """Where a waiting referral stands by the rule in force; None when it does not wait."""
    if referral.state is not ReferralState.WAITING or referral.submitted_at is None:
        return None
    return standings_of([referral])[referral.id]


def standings_of(referrals: Iterable[Referral]) -> dict[int, Rank]:
    """Where some referrals that wait stand by the rule in force, by id; those of a kind are counted together."""
    at = now()
    counts: dict[DeviceKind, dict[int, int]] = {}
    found = {}
    for each in referrals:
        if each.device_kind not in counts:
            counts[each.device_kind] = _waiting_by_place(each.device_kind, at)
        found[each.id] = _standing(each, counts[each.device_kind], at)
    return found


def _standing(referral: Referral, counts: dict[int, int], at: datetime) -> Rank:
    assert referral.submitted_at is not None, "it waits"
    place = order().place_of(Needs.of(referral), at)
    earlier = or_(
        Referral.submitted_at < referral.submitted_at, and_(Referral.submitted_at == referral.submitted_at, Referral.id < referral.id)
    )
    same = select(func.count()).where(_IS_WAITING, Referral.device_kind == referral.device_kind, order().place(at) == place, earlier)
    ahead = {each: count for each, count in sorted(counts.items()) if count and each < place}
    if before := db.session.scalar(same):
        ahead[place] = before
    return Rank(sum(ahead.values()) + 1, sum(counts.values()), ahead)


def rank_of(referral: Referral) -> int | None:
    """The rank of a waiting referral among those that want the same kind of device; None when it does not wait."""
    standing = standing_of(referral)
    return standing.rank if standing else None


def _waiting_by_priority(kind: DeviceKind) -> dict[int, int]:
    """How many referrals that want a kind wait in each priority of the rule in force, whatever their wait changes."""
    counts: dict[int, int] = {}
    for (what, children, said), count in tally(WAITING).items():
        if what == kind:
            situation, usage, area = said.split(" ")
            facts = Situation(situation) if situation else None, Usage(usage) if usage else None, PriorityArea(area)
            number = order().priority_of(int(children), *facts).number
            counts[number] = counts.get(number, 0) + count
    return counts


def _waiting_by_place(kind: DeviceKind, at: datetime) -> dict[int, int]:
    """How many wait at each place: those of each priority, and of those that waited for long the place to which they rose."""
    counts = _waiting_by_priority(kind)
    for own, place, count in _raised(kind, at):
        counts[own] = counts.get(own, 0) - count
        counts[place] = counts.get(place, 0) + count
    return counts


def _raised(kind: DeviceKind, at: datetime) -> Sequence[Any]:
    """Of those that waited for long: the number of their priority, the place to which they rose, and how many."""
    before = order().raised_before(at)
    if before is None:
        return []
    # Named once within: PostgreSQL does not know two parameters to be the same.
    long = (
        select(order().number().label("own"), order().place(at).label("place"))
        .where(_IS_WAITING, Referral.device_kind == kind, Referral.submitted_at <= before)
        .subquery()
    )
    return db.session.execute(select(long.c.own, long.c.place, func.count()).group_by(long.c.own, long.c.place)).all()


@dataclass(frozen=True)
class Waiting:
    """One who waits, without a name, at a rank among those that want the same kind of device."""

    rank: int
    reference: str
    device_kind: DeviceKind
    school_children: int
    situation: Situation | None
    usage: Usage | None
    priority_area: PriorityArea
    submitted_at: datetime
    partner: str


_WHO_WAITS = (
    Referral.reference,
    Referral.device_kind,
    Referral.school_children,
    Referral.situation,
    Referral.usage,
    Referral.priority_area,
    Referral.submitted_at,
    Organisation.name.label("partner"),
)


def waiting_page(kind: DeviceKind, number: int) -> Page:
    """A page of who waits for a kind of device, in the order of the rule: place by place, each read from the index.

    Within a place, whoever was raised to it waits longer than any other.
    """
    at = now()
    own = _waiting_by_priority(kind)
    total = sum(own.values())
    number = min(number, max(1, -(-total // PER_PAGE)))
    first = skipped = (number - 1) * PER_PAGE
    raised = _raised(kind, at) if first else None  # The first page is read on until it is full: nothing has to be counted.
    rows: list[Any] = []
    for part in _parts(own, raised, at):
        if len(rows) == PER_PAGE:
            break
        if part.most is None or skipped < part.most:
            rows += _who_waits(kind, part.holds, skipped, PER_PAGE - len(rows))
        skipped = max(0, skipped - (part.most or 0))
    return Page([Waiting(first + place, *row) for place, row in enumerate(rows, start=1)], number, total)


@dataclass(frozen=True)
class _Part:
    """Some of those that wait, who stand one after the other as they were submitted; how many they are at most, where that is known."""

    holds: tuple[ColumnElement[bool], ...]
    most: int | None


def _parts(own: dict[int, int], raised: Sequence[Any] | None, at: datetime) -> Iterator[_Part]:
    """The order of the rule as parts that the index has in their order: at each place who was raised before, then who is of it."""
    before = order().raised_before(at)
    for each in order().priorities:
        place = each.number
        here = own.get(place, 0)
        if before is None:
            yield _Part((order().number() == place,), here)
            continue
        if raised is None:
            yield _Part((order().place(at) == place, Referral.submitted_at <= before), None)
            if here:
                yield _Part((order().number() == place, Referral.submitted_at > before), None)
            continue
        yield _Part(
            (order().place(at) == place, Referral.submitted_at <= before), sum(count for _own, risen, count in raised if risen == place)
        )
        yield _Part(
            (order().number() == place, Referral.submitted_at > before), here - sum(count for was, _to, count in raised if was == place)
        )


def _who_waits(kind: DeviceKind, holds: tuple[ColumnElement[bool], ...], first: int, most: int) -> Sequence[Any]:
    ids = (
        select(Referral.id)
        .where(_IS_WAITING, Referral.device_kind == kind, *holds)
        .order_by(Referral.submitted_at, Referral.id)
        .limit(most)
        .offset(first)
        .subquery()
    )
    query = select(*_WHO_WAITS).join(Organisation, Organisation.id == Referral.partner_id).where(Referral.id.in_(select(ids.c.id)))
    return db.session.execute(query.order_by(Referral.submitted_at, Referral.id)).all()


def ranked_waiting(kind: DeviceKind | None, partner_id: int | None) -> tuple[Rows, Any]:
    """Who waits with each rank, in no order; and the rank, to order by."""
    ranked = _ranked()
    query = (
        select(ranked.c.rank, *_WHO_WAITS)
        .join(Referral, Referral.id == ranked.c.id)
        .join(Organisation, Organisation.id == Referral.partner_id)
    )
    if kind is not None:
        query = query.where(Referral.device_kind == kind)
    if partner_id is not None:
        query = query.where(Referral.partner_id == partner_id)
    return query, ranked.c.rank


def waiting_list(*, kind: DeviceKind | None = None, partner_id: int | None = None) -> Rows:
    """Who waits, in the order of the rule, as columns without a name; filters leave each rank as it is."""
    query, rank = ranked_waiting(kind, partner_id)
    return query.order_by(Referral.device_kind, rank)


def waiting_kinds() -> dict[DeviceKind, int]:
    """How many referrals wait for each kind of device, the most wanted first."""
    counts: dict[DeviceKind, int] = {}
    for (state, kind, _partner), number in tally(REFERRALS).items():
        if state == ReferralState.WAITING:
            counts[DeviceKind(kind)] = counts.get(DeviceKind(kind), 0) + number
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def ready_devices(kind: DeviceKind, most: int = 50) -> Sequence[Device]:
    """The devices of a kind that can be given, ready for longest first."""
    return db.session.scalars(
        select(Device).where(Device.state == DeviceState.READY, Device.kind == kind).order_by(Device.moved_at, Device.id).limit(most)
    ).all()


def ready_count(kind: DeviceKind | None = None) -> int:
    """How many devices can be given."""
    return count_devices({DeviceState.READY}, kind)
