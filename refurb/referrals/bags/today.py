"""Who is handed what today, at each place, at stops and at homes: for whoever hands over, and the visits alone for who makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.bags.queries import Bag, bags_of
from refurb.referrals.cases.queries.referrals import Rows
from refurb.referrals.cases.scope import goes_to_homes, sees_all
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSeat, HandoverSlot
from refurb.referrals.handovers.shown import place_said
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.words import AllocationState

SHOWN = (InvitationState.CHOSEN, InvitationState.CAME, InvitationState.ABSENT)
BEFORE = timedelta(hours=1)
"""From when before a visit its address is shown to who makes it."""


@dataclass
class Coming:
    """One hand-over of today: at what hour, for whom, what of it is put together, and whether it is done and signed."""

    reference: str
    first_name: str
    last_name: str
    phone: str | None
    minute: int
    until_minute: int
    starts_at: datetime
    site_id: int
    at_home: bool
    address: str | None
    lift: bool
    standing: InvitationState
    allocation: AllocationState
    allocation_id: int
    paper_id: int | None
    bag: Bag | None = None

    @property
    def is_to_hand_over(self) -> bool:
        """Whether it is still to be handed over."""
        return self.allocation.is_active

    @property
    def is_to_sign(self) -> bool:
        """Whether it left, and its slip is to be signed."""
        return self.allocation.is_fulfilled and self.paper_id is None

    @property
    def is_absent(self) -> bool:
        """Whether nobody came."""
        return self.standing is InvitationState.ABSENT

    @property
    def is_near(self) -> bool:
        """Whether the visit begins soon, or has begun: its address is shown."""
        return now() >= self.starts_at - BEFORE


def _today(*conditions: Any) -> Rows:
    query: Rows = (
        select(HandoverInvitation, HandoverSlot, Allocation, Referral.reference, Beneficiary.first_name, Beneficiary.last_name,
               Beneficiary.phone, Handover.paper_id)
        .join(HandoverInvitation.seat)
        .join(HandoverSeat.slot)
        .join(HandoverInvitation.allocation)
        .join(Allocation.referral)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .outerjoin(Allocation.handover)
        .options(contains_eager(HandoverInvitation.seat).contains_eager(HandoverSeat.slot))
        .options(contains_eager(HandoverInvitation.allocation).contains_eager(Allocation.referral))
        .options(contains_eager(HandoverInvitation.allocation).contains_eager(Allocation.handover))
        .where(HandoverSlot.day == today(), HandoverInvitation.state.in_(SHOWN), Allocation.state != AllocationState.CANCELLED, *conditions)
        .order_by(HandoverSlot.site_id, HandoverSlot.at_home, HandoverSlot.from_minute, HandoverInvitation.id)
    )  # fmt: skip
    return query


def _coming(query: Rows) -> list[Coming]:
    rows = db.session.execute(query).all()
    newest = {allocation.id: invitation.id for invitation, _slot, allocation, *_ in sorted(rows, key=lambda row: row[0].id)}
    found = [
        Coming(
            reference=reference, first_name=first, last_name=last, phone=phone, minute=slot.from_minute, until_minute=slot.until_minute,
            starts_at=slot.starts_at, site_id=slot.site_id, at_home=slot.at_home, address=invitation.visited_at, lift=invitation.lift,
            standing=invitation.state, allocation=allocation.state, allocation_id=allocation.id, paper_id=paper_id,
        )
        for invitation, slot, allocation, reference, first, last, phone, paper_id in rows
        if invitation.id == newest[allocation.id]  # Who missed one hour and has another the same day is one row.
    ]  # fmt: skip
    bags = bags_of([each.allocation_id for each in found if each.is_to_hand_over or each.is_to_sign])
    for each in found:
        each.bag = bags.get(each.allocation_id)
    return found


def coming_today(actor: Actor, site_id: int | None = None) -> list[Coming]:
    """What is handed over today, by place and hour; nothing for whoever hands over at ceremonies alone.

    No home visit at the desk: nobody comes there for it.
    """
    if not (sees_all(actor) or actor.on_own_work(Permission.HANDOVER_WRITE)):
        return []
    at_desk = () if goes_to_homes(actor) else (HandoverSlot.at_home.is_(False),)
    return _coming(_today(*at_desk, *((HandoverSlot.site_id == site_id,) if site_id else ())))


def visits_today(actor: Actor) -> list[Coming]:
    """The home visits of today, by the hour, for who makes them."""
    if not actor.may(Permission.HOME_VISIT):
        return []
    found = _coming(_today(HandoverSlot.at_home))
    return sorted(found, key=lambda each: (each.minute, each.allocation_id))


def visit_for(actor: Actor, reference: str) -> Coming:
    """One of today's home visits; `NotFound` for anything else, whoever asks."""
    found = next((each for each in visits_today(actor) if each.reference == reference), None)
    if found is None:
        raise NotFound
    return found


def by_place(found: Sequence[Coming]) -> list[tuple[str, list[Coming]]]:
    """The same, a place at a time, each with its name; visits apart."""
    grouped = groupby(found, key=lambda each: (each.site_id, each.at_home))
    return [(place_said(site_id, at_home=at_home), list(each)) for (site_id, at_home), each in grouped]
