"""Looking up referrals, the waiting list, allocations and hand-overs, always within what the actor may know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from refurb.directory.models import Organisation
from refurb.inventory.devices.queries.counts import count_devices
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import PER_PAGE, Page
from refurb.referrals.cases.counts import ALLOCATIONS, FAMILIES, REFERRALS, WAITING
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.scope import is_own, kept_by_state, kept_within, sees_all, visible
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.words import AllocationState, ReferralState, Situation, Usage

Rows = Select[*tuple[Any, ...]]


def referral_for(actor: Actor, reference: str) -> Referral:
    """One referral with its person, partner and author; `NotFound` for a stranger."""
    referral = db.session.scalar(
        select(Referral)
        .options(joinedload(Referral.beneficiary), joinedload(Referral.partner), joinedload(Referral.prescriber))
        .where(Referral.reference == reference, visible(actor))
    )
    if referral is None:
        raise NotFound
    return referral


def referrals_of(actor: Actor, *, state: ReferralState | None = None, partner_id: int | None = None, closed: bool = True) -> Rows:
    """The referrals an actor may know of, newest first, as columns; a name only where it is the prescriber's own."""
    name = case((is_own(actor), Beneficiary.first_name + " " + Beneficiary.last_name))
    query = (
        select(
            Referral.reference,
            Referral.state,
            Referral.device_kind,
            Referral.created_at,
            Referral.submitted_at,
            Organisation.name.label("partner"),
            name.label("name"),
        )
        .join(Organisation, Organisation.id == Referral.partner_id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(visible(actor))
        .order_by(func.coalesce(Referral.submitted_at, Referral.created_at).desc(), Referral.id.desc())
    )
    if state is not None:
        query = query.where(Referral.state == state)
    if partner_id is not None:
        query = query.where(Referral.partner_id == partner_id)
    if not closed:
        query = query.where(Referral.state.in_(OPEN))
    return query


def latest_referrals(actor: Actor, most: int) -> Sequence[Row[Any]]:
    """The newest of `referrals_of`, without sorting them all: of what was submitted and of what was not, each read from its end."""
    sent = (
        select(Referral.id)
        .where(visible(actor), Referral.submitted_at.is_not(None))
        .order_by(Referral.submitted_at.desc(), Referral.id.desc())
    )
    unsent = (
        select(Referral.id).where(visible(actor), Referral.submitted_at.is_(None)).order_by(Referral.created_at.desc(), Referral.id.desc())
    )
    newest = union_all(*(select(each.limit(most).subquery().c.id) for each in (sent, unsent)))
    return db.session.execute(referrals_of(actor).where(Referral.id.in_(newest)).limit(most)).all()


OPEN = (ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.NEEDS_INFORMATION, ReferralState.WAITING, ReferralState.ALLOCATED)


# States in which a referral may not have been submitted yet: the office then sees its own only.
_PERHAPS_UNSENT = frozenset({ReferralState.DRAFT, ReferralState.WITHDRAWN})


def counts_by_state(actor: Actor) -> dict[ReferralState, int]:
    """How many referrals that the actor may know of are in each state."""
    if sees_all(actor):
        return {state: number for state, number in kept_by_state(actor).items() if state not in _PERHAPS_UNSENT} | _counted(
            actor, Referral.state.in_(_PERHAPS_UNSENT)
        )
    if actor.on_own_work(Permission.REFERRAL_READ):
        return _counted(actor)  # Hers are few.
    return kept_by_state(actor)


def _counted(actor: Actor, *conditions: ColumnElement[bool]) -> dict[ReferralState, int]:
    rows = db.session.execute(select(Referral.state, func.count()).where(visible(actor), *conditions).group_by(Referral.state))
    return {row[0]: row[1] for row in rows}


def count_in(actor: Actor, *states: ReferralState) -> int:
    """How many referrals that the actor may know of are in some states."""
    counts = counts_by_state(actor) if _PERHAPS_UNSENT & set(states) else kept_by_state(actor)
    return sum(counts.get(state, 0) for state in states)


def count_to_decide(actor: Actor) -> int:
    """How many referrals wait for the coordination: to be examined, or for a device."""
    return count_in(actor, ReferralState.SUBMITTED, ReferralState.WAITING)


def count_to_answer(actor: Actor) -> int:
    """How many questions wait for the actor's organisation."""
    return count_in(actor, ReferralState.NEEDS_INFORMATION)


def served_since(year: int) -> int:
    """How many families were handed their device in a year or later."""
    return sum(number for (when,), number in tally(FAMILIES).items() if int(when or 0) >= year)


# --- the waiting list -------------------------------------------------------------------------------------------------


def _ranked() -> Any:
    """Each waiting referral with its rank among those that want the same kind of device."""
    rank = func.row_number().over(partition_by=Referral.device_kind, order_by=(order().number(), Referral.submitted_at, Referral.id))
    return select(Referral.id, rank.label("rank")).where(Referral.state == ReferralState.WAITING).subquery()


# Written out, so that the databases know the index of those that wait, or are to be handed over.
_IS_ACTIVE = Allocation.state == literal(AllocationState.ACTIVE, Allocation.state.type, literal_execute=True)
_IS_WAITING = Referral.state == literal(ReferralState.WAITING, Referral.state.type, literal_execute=True)


def _before(kind: DeviceKind, number: int, submitted_at: datetime, referral_id: int) -> int:
    """How many of the same priority were submitted before."""
    earlier = or_(Referral.submitted_at < submitted_at, and_(Referral.submitted_at == submitted_at, Referral.id < referral_id))
    query = select(func.count()).where(_IS_WAITING, Referral.device_kind == kind, order().number() == number, earlier)
    return db.session.scalar(query) or 0


def rank_of(referral: Referral) -> int | None:
    """The rank of a waiting referral among those that want the same kind of device; None when it does not wait."""
    if referral.state is not ReferralState.WAITING or referral.submitted_at is None:
        return None
    number = order().priority_of(referral.school_children, referral.situation, referral.usage).number
    sooner = sum(count for each, count in _waiting_by_priority(referral.device_kind).items() if each < number)
    return sooner + _before(referral.device_kind, number, referral.submitted_at, referral.id) + 1


def _waiting_by_priority(kind: DeviceKind) -> dict[int, int]:
    """How many referrals that want a kind wait in each priority of the rule in force."""
    counts: dict[int, int] = {}
    for (what, children, said), count in tally(WAITING).items():
        if what == kind:
            situation, _space, usage = said.partition(" ")
            facts = Situation(situation) if situation else None, Usage(usage) if usage else None
            number = order().priority_of(int(children), *facts).number
            counts[number] = counts.get(number, 0) + count
    return counts


@dataclass(frozen=True)
class Waiting:
    """One who waits, without a name, at a rank among those that want the same kind of device."""

    rank: int
    reference: str
    device_kind: DeviceKind
    school_children: int
    situation: Situation | None
    usage: Usage | None
    submitted_at: datetime
    partner: str


_WHO_WAITS = (
    Referral.reference,
    Referral.device_kind,
    Referral.school_children,
    Referral.situation,
    Referral.usage,
    Referral.submitted_at,
    Organisation.name.label("partner"),
)


def waiting_page(kind: DeviceKind, number: int) -> Page:
    """A page of who waits for a kind of device, in the order of the rule: priority by priority, each read from the index."""
    counts = _waiting_by_priority(kind)
    total = sum(counts.values())
    number = min(number, max(1, -(-total // PER_PAGE)))
    first = before = (number - 1) * PER_PAGE
    rows: list[Any] = []
    for priority in order().priorities:
        here = counts.get(priority.number, 0)
        if before < here and len(rows) < PER_PAGE:
            rows += _who_waits(kind, priority.number, before, min(PER_PAGE - len(rows), here - before))
        before = max(0, before - here)
    return Page([Waiting(first + place, *row) for place, row in enumerate(rows, start=1)], number, total)


def _who_waits(kind: DeviceKind, priority: int, first: int, most: int) -> Sequence[Any]:
    ids = (
        select(Referral.id)
        .where(_IS_WAITING, Referral.device_kind == kind, order().number() == priority)
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


# --- allocations and hand-overs -----------------------------------------------------------------------------------------


def allocation_of(device: Device) -> Allocation | None:
    """The allocation that a device is held by, or was handed over under; it names nobody but its referral's reference."""
    return db.session.scalar(
        select(Allocation)
        .options(joinedload(Allocation.referral))
        .where(Allocation.device_id == device.id, Allocation.state != AllocationState.CANCELLED)
        .order_by(Allocation.id.desc())
        .limit(1)
    )


def allocation_for(actor: Actor, reference: str) -> Allocation:
    """The allocation of a referral, to hand over or handed over; `NotFound` for a stranger, or while there is none."""
    return _one_allocation(actor, Referral.reference == reference, Allocation.state != AllocationState.CANCELLED)


def allocation_numbered(actor: Actor, number: int) -> Allocation:
    """One allocation by its number; `NotFound` for a stranger."""
    return _one_allocation(actor, Allocation.id == number)


def _one_allocation(actor: Actor, *conditions: ColumnElement[bool]) -> Allocation:
    allocation = db.session.scalar(
        select(Allocation)
        .join(Allocation.referral)
        .join(Referral.beneficiary)
        .join(Referral.partner)
        .options(
            contains_eager(Allocation.referral).contains_eager(Referral.beneficiary),
            contains_eager(Allocation.referral).contains_eager(Referral.partner),
            joinedload(Allocation.device),
            joinedload(Allocation.handover).joinedload(Handover.paper),
        )
        .where(visible(actor), *conditions)
        .order_by(Allocation.id.desc())
        .limit(1)
    )
    if allocation is None:
        raise NotFound
    return allocation


def allocation_of_referral(referral: Referral) -> Allocation | None:
    """The allocation that a referral holds, or was served by, with its device and its hand-over."""
    return db.session.scalar(
        select(Allocation)
        .options(joinedload(Allocation.device), joinedload(Allocation.handover).joinedload(Handover.paper))
        .where(Allocation.referral_id == referral.id, Allocation.state != AllocationState.CANCELLED)
        .order_by(Allocation.id.desc())
        .limit(1)
    )


def allocations_by_id(ids: Sequence[int]) -> Sequence[Allocation]:
    """Some active allocations, in the order they were decided."""
    return db.session.scalars(
        select(Allocation).where(Allocation.id.in_(ids), Allocation.state == AllocationState.ACTIVE).order_by(Allocation.id)
    ).all()


def allocations_of(actor: Actor, state: AllocationState | None = None) -> Rows:
    """The allocations an actor may know of, as columns without a name, a donor or a serial."""
    query: Rows = (
        select(
            Allocation.id,
            Allocation.state,
            Allocation.rank,
            Allocation.out_of_order,
            Allocation.policy_version,
            Allocation.decided_at,
            Referral.reference,
            Organisation.name.label("partner"),
            Device.code,
            Device.kind,
            Device.manufacturer,
            Device.model,
            Handover.handed_at,
            Handover.place,
            Handover.paper_id,
        )
        .join(Referral, Referral.id == Allocation.referral_id)
        .join(Organisation, Organisation.id == Referral.partner_id)
        .join(Device, Device.id == Allocation.device_id)
        .outerjoin(Handover, Handover.allocation_id == Allocation.id)
        .where(visible(actor))
        .order_by(Allocation.decided_at, Allocation.id)
    )
    return query if state is None else query.where(Allocation.state == state)


def to_hand_over(actor: Actor) -> Rows:
    """What is allocated and still here, decided longest ago first."""
    return allocations_of(actor).where(_IS_ACTIVE)


def to_hand_over_by_code(actor: Actor, typed: str) -> str | None:
    """The reference of the referral that the device of a scanned label is to be handed over to."""
    return db.session.scalar(
        select(Referral.reference)
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(Device, Device.id == Allocation.device_id)
        .where(Device.code == (find_code(typed) or ""), Allocation.state == AllocationState.ACTIVE, visible(actor))
    )


def count_to_hand_over(actor: Actor) -> int:
    """How many devices wait to be handed over."""
    if not actor.may(Permission.REFERRAL_READ):
        return 0
    if actor.on_own_work(Permission.REFERRAL_READ) and not sees_all(actor):
        return (
            db.session.scalar(select(func.count()).select_from(allocations_of(actor, AllocationState.ACTIVE).order_by(None).subquery()))
            or 0
        )
    within = kept_within(actor)
    return sum(
        count for (state, by), count in tally(ALLOCATIONS).items() if state == AllocationState.ACTIVE and (within is None or by in within)
    )
