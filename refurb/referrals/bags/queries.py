"""Looking up what is to be put together, by the hour at which somebody comes for it; never by a name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.cases.bag_policy import BAGS
from refurb.referrals.cases.counts import ALLOCATIONS
from refurb.referrals.given import HandoverLine
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSeat, HandoverSlot
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import Accessory, AllocationState, Connection

MOST = 200
"""Bags of one list."""


@dataclass
class Bag:
    """What is put together for one hand-over: for when and where, its machines, what is in it and what it should hold."""

    allocation_id: int
    reference: str
    connection: Connection
    adaptations: Sequence[str]
    day: date | None
    minute: int | None
    site_id: int
    at_home: bool
    lines: list[HandoverLine] = field(default_factory=list)

    @property
    def machines(self) -> list[HandoverLine]:
        """The lines of its machines."""
        return [each for each in self.lines if each.device is not None]

    @property
    def bought(self) -> list[HandoverLine]:
        """The lines of what is bought for it."""
        return [each for each in self.lines if each.purchase is not None]

    @property
    def to_add(self) -> list[HandoverLine]:
        """What is bought for it and does not lie in it yet, come or still awaited."""
        return [each for each in self.bought if each.packed_at is None]

    @property
    def things(self) -> list[HandoverLine]:
        """The lines of the accessories that are given, in it or still to be put there, in the order in which they are always named."""
        order = list(Accessory)
        return sorted((each for each in self.lines if each.accessory), key=lambda each: order.index(each.accessory or order[0]))

    @property
    def held(self) -> list[Accessory]:
        """The accessories that lie in it."""
        return [each.accessory for each in self.lines if each.accessory is not None and each.packed_at is not None]

    @property
    def expected(self) -> list[Accessory]:
        """What should be in it: by the policy in force, and what goes with a connection."""
        usual = BAGS.in_force().expected((each.device.kind for each in self.machines if each.device), self.connection)
        given = {each.accessory for each in self.things}
        return [each for each in Accessory if each in usual or each in given]

    @property
    def to_scan(self) -> list[HandoverLine]:
        """The machines that nobody has put with the others yet."""
        return [each for each in self.machines if each.packed_at is None]

    @property
    def to_put(self) -> list[Accessory]:
        """What should be in it and is not."""
        held = set(self.held)
        return [each for each in self.expected if each not in held]

    @property
    def missing(self) -> int:
        """How many things it lacks."""
        return len(self.to_scan) + len(self.to_put) + len(self.to_add)

    @property
    def is_ready(self) -> bool:
        """Whether it holds all that it should."""
        return not self.missing

    @property
    def is_begun(self) -> bool:
        """Whether anything of it was put together."""
        return bool(self.held) or len(self.to_scan) < len(self.machines) or len(self.to_add) < len(self.bought)


_TO_PREPARE = Allocation.state == AllocationState.ACTIVE


def _bags(*conditions: Any) -> Select[Any]:
    chosen = (HandoverInvitation.allocation_id == Allocation.id) & (HandoverInvitation.state == InvitationState.CHOSEN)
    query: Select[Any] = (
        select(
            Allocation.id,
            Referral.reference,
            Referral.connection,
            Referral.adaptations,
            HandoverSlot.day,
            HandoverSlot.from_minute,
            func.coalesce(HandoverSlot.site_id, Device.site_id),
            func.coalesce(HandoverSlot.at_home, False),
        )
        .join(Referral, Referral.id == Allocation.referral_id)
        .join(Device, Device.id == Allocation.device_id)
        .outerjoin(HandoverInvitation, chosen)
        .outerjoin(HandoverSeat, HandoverSeat.id == HandoverInvitation.seat_id)
        .outerjoin(HandoverSlot, HandoverSlot.id == HandoverSeat.slot_id)
        .where(*conditions)
        .order_by(HandoverSlot.day.is_(None), HandoverSlot.day, HandoverSlot.from_minute, Allocation.decided_at, Allocation.id)
    )
    return query


def _with_lines(query: Select[Any]) -> list[Bag]:
    found = [Bag(*row) for row in db.session.execute(query.limit(MOST))]
    by_number = {each.allocation_id: each for each in found}
    loaded = joinedload(HandoverLine.device), joinedload(HandoverLine.purchase)
    lines = select(HandoverLine).options(*loaded).where(HandoverLine.closed_at.is_(None))
    for line in db.session.scalars(lines.where(HandoverLine.allocation_id.in_(by_number)).order_by(HandoverLine.id)):
        by_number[line.allocation_id].lines.append(line)
    return found


def bags_to_prepare(site_id: int | None = None) -> list[Bag]:
    """What is to be handed over, who comes first first, then what nobody has an hour for; all, or what stands at one of our places."""
    return _with_lines(_bags(_TO_PREPARE, *((Device.site_id == site_id,) if site_id else ())))


def bags_of(allocations: Sequence[int]) -> dict[int, Bag]:
    """Some of them, by the number of their allocation; those too that left, and whose slip is to be signed."""
    return {each.allocation_id: each for each in _with_lines(_bags(Allocation.id.in_(allocations)))}


def bag_for(actor: Actor, reference: str) -> Bag:
    """The bag of one hand-over by the reference of its file; `NotFound` where nothing is to be prepared."""
    found = _with_lines(_bags(_TO_PREPARE, Referral.reference == reference)) if actor.may(Permission.DEVICE_WORK) else []
    if not found:
        raise NotFound
    return found[0]


def reference_of_machine(code: str) -> str | None:
    """In whose bag a machine goes that was scanned: the reference of the file."""
    query = (
        select(Referral.reference)
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(HandoverLine, (HandoverLine.allocation_id == Allocation.id) & HandoverLine.closed_at.is_(None))
        .join(Device, Device.id == HandoverLine.device_id)
    )
    return db.session.scalar(query.where(Device.code == code, Allocation.state == AllocationState.ACTIVE))


def count_bags(actor: Actor) -> int:
    """How many hand-overs are to be put together, or stand ready."""
    if not actor.may(Permission.DEVICE_WORK):
        return 0
    return sum(count for (state, _by), count in tally(ALLOCATIONS).items() if state == AllocationState.ACTIVE)
