"""Looking up allocations and hand-overs, always within what the actor may know of."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.cases.counts import ALLOCATIONS
from refurb.referrals.cases.queries.referrals import Rows
from refurb.referrals.cases.scope import handable, kept_within, sees_all, visible
from refurb.referrals.endowed import EndowmentLine
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import AllocationState

# Written out, so that the databases know the index of those that are to be handed over.
_IS_ACTIVE = Allocation.state == literal(AllocationState.ACTIVE, Allocation.state.type, literal_execute=True)


Scope = Callable[[Actor], ColumnElement[bool]]
"""Which referrals an actor may know of (`visible`), or hand things over of (`handable`)."""


def allocation_of(device: Device) -> Allocation | None:
    """The allocation that a device is held by, or was handed over under, its own or one that it was put to; it names nobody."""
    holds = or_(HandoverLine.closed_at.is_(None), HandoverLine.handover_id.is_not(None))
    later = EndowmentLine.device_id == device.id, EndowmentLine.put_at > HandoverLine.put_at, EndowmentLine.came_back_at.is_(None)
    return db.session.scalar(
        select(Allocation)
        .join(HandoverLine, HandoverLine.allocation_id == Allocation.id)
        .options(joinedload(Allocation.referral))
        .where(HandoverLine.device_id == device.id, holds, Allocation.state != AllocationState.CANCELLED)
        .where(~exists().where(*later))
        .order_by(HandoverLine.id.desc())
        .limit(1)
    )


def allocation_for(actor: Actor, reference: str, within: Scope = handable) -> Allocation:
    """The allocation of a referral, to hand over or handed over; `NotFound` for a stranger, or while there is none."""
    return _one_allocation(within(actor), Referral.reference == reference, Allocation.state != AllocationState.CANCELLED)


def allocation_numbered(actor: Actor, number: int, within: Scope = handable) -> Allocation:
    """One allocation by its number; `NotFound` for a stranger."""
    return _one_allocation(within(actor), Allocation.id == number)


def _one_allocation(*conditions: ColumnElement[bool]) -> Allocation:
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
        .where(*conditions)
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


def as_decided(allocation: Allocation) -> Allocation:
    """The allocation that was decided: of a swap, the first that it stands in for, with its rank, its rule and its reason."""
    while allocation.replaces_id is not None:
        allocation = db.session.get_one(Allocation, allocation.replaces_id)
    return allocation


def allocations_by_id(ids: Sequence[int]) -> Sequence[Allocation]:
    """Some active allocations, in the order they were decided."""
    return db.session.scalars(
        select(Allocation).where(Allocation.id.in_(ids), Allocation.state == AllocationState.ACTIVE).order_by(Allocation.id)
    ).all()


def allocations_of(actor: Actor, state: AllocationState | None = None, within: Scope = visible) -> Rows:
    """The allocations an actor may know of, or hand over, as columns without a name, a donor or a serial."""
    query: Rows = (
        select(
            Allocation.id,
            Allocation.state,
            Allocation.rank,
            Allocation.out_of_order,
            Allocation.policy_version,
            Allocation.decided_at,
            Allocation.held_until,
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
        .where(within(actor))
        .order_by(Allocation.decided_at, Allocation.id)
    )
    return query if state is None else query.where(Allocation.state == state)


def to_hand_over(actor: Actor, within: Scope = visible) -> Rows:
    """What is allocated and still here, decided longest ago first."""
    return allocations_of(actor, within=within).where(_IS_ACTIVE)


def to_hand_over_by_code(actor: Actor, typed: str) -> str | None:
    """The reference of the referral that the device of a scanned label is to be handed over to."""
    return db.session.scalar(
        select(Referral.reference)
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(HandoverLine, (HandoverLine.allocation_id == Allocation.id) & HandoverLine.closed_at.is_(None))
        .join(Device, Device.id == HandoverLine.device_id)
        .where(Device.code == (find_code(typed) or ""), Allocation.state == AllocationState.ACTIVE, handable(actor))
    )


def still_out(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The machines that left with one that came back before the signature: their hand-over is off, and they are still out."""
    query = (
        select(Referral.reference, Device.code, Device.kind, Handover.place, Handover.handed_at)
        .select_from(HandoverLine)
        .join(Device, Device.id == HandoverLine.device_id)
        .join(Handover, Handover.id == HandoverLine.handover_id)
        .join(Allocation, Allocation.id == HandoverLine.allocation_id)
        .join(Referral, Referral.id == Allocation.referral_id)
        .where(HandoverLine.closed_at.is_(None), Allocation.state == AllocationState.CANCELLED, handable(actor))
        .order_by(Handover.handed_at, HandoverLine.id)
    )
    return db.session.execute(query.limit(100)).all()


def count_to_hand_over(actor: Actor) -> int:
    """How many hand-overs wait, of those that somebody knows of or that are hers to do today."""
    if actor.on_own_work(Permission.HANDOVER_WRITE) and not sees_all(actor):
        return db.session.scalar(select(func.count()).select_from(to_hand_over(actor, handable).order_by(None).subquery())) or 0
    if not actor.may(Permission.REFERRAL_READ):
        return 0
    within = kept_within(actor)
    return sum(
        count for (state, by), count in tally(ALLOCATIONS).items() if state == AllocationState.ACTIVE and (within is None or by in within)
    )
