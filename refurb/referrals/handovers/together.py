"""Several residents of one host structure are handed their devices in one visit: one hour, one address, one slip each."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound
from refurb.referrals.cases.scope import visible
from refurb.referrals.handovers.actions import choose, invite
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot
from refurb.referrals.handovers.queries import SlotRoom, arranged_elsewhere, invitation_of, offered_slots
from refurb.referrals.handovers.words import InvitationState, InvitedBy
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import AllocationState

MOST = 30
"""Residents of one visit."""


class TooFewSeats(Conflict):
    """Fewer families are received at that hour than were named."""

    code = "handover.too_few_seats"


def _to_visit(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What is allocated and still here, of files that somebody may know of, and nobody expects anywhere yet."""
    chosen = select(HandoverInvitation.id).where(
        HandoverInvitation.allocation_id == Allocation.id, HandoverInvitation.state == InvitationState.CHOSEN
    )
    elsewhere = [~each() for each in arranged_elsewhere]
    return (Allocation.state == AllocationState.ACTIVE, visible(actor), ~chosen.correlate(Allocation).exists(), *elsewhere)


def structures_to_visit(actor: Actor) -> list[tuple[str, str]]:
    """The organisations with several devices to hand over, by name, with how many."""
    query = (
        select(Organisation.id, Organisation.name, func.count())
        .select_from(Allocation)
        .join(Allocation.referral)
        .join(Organisation, Organisation.id == Referral.partner_id)
        .where(*_to_visit(actor))
        .group_by(Organisation.id, Organisation.name, Organisation.search)
        .having(func.count() > 1)
        .order_by(Organisation.search, Organisation.id)
    )
    return [(str(number), f"{name} ({count})") for number, name, count in db.session.execute(query)]


def residents_of(actor: Actor, organisation_id: int) -> Sequence[Allocation]:
    """The devices to hand over to whom one organisation referred, decided longest ago first."""
    return db.session.scalars(
        select(Allocation)
        .join(Allocation.referral)
        .options(contains_eager(Allocation.referral).joinedload(Referral.partner), joinedload(Allocation.device))
        .where(*_to_visit(actor), Referral.partner_id == organisation_id)
        .order_by(Allocation.decided_at, Allocation.id)
        .limit(MOST)
    ).all()


def roomy_slots() -> list[SlotRoom]:
    """The hours at which several families are received, to come."""
    return [each for each in offered_slots() if each.left > 1]


def visit_together(
    actor: Actor, *, organisation_id: int, allocations: Sequence[int], slot: int, address: str | None = None
) -> list[HandoverInvitation]:
    """Take a place of one hour for each of some residents of one structure, all of them or none.

    Who was not invited yet is, through her structure; where we go is that structure's address. Raises `TooFewSeats`, `Invalid`.
    """
    check(actor, Permission.APPOINTMENT_WRITE)
    known = {each.id: each for each in residents_of(actor, organisation_id)}
    wanted = sorted(set(allocations))
    if not wanted or not set(wanted) <= set(known):
        raise Invalid({"allocations": [Fault("field.choice" if wanted else "field.required")]})
    hour = db.session.get(HandoverSlot, slot)
    if hour is None:
        raise NotFound
    room = next((each for each in offered_slots() if each.slot.id == slot), None)
    if room is not None and room.left < len(wanted):
        raise TooFewSeats(left=room.left, asked=len(wanted))
    return [_expect(actor, known[number], hour, address) for number in wanted]


def _expect(actor: Actor, allocation: Allocation, hour: HandoverSlot, address: str | None) -> HandoverInvitation:
    found = invitation_of(allocation)
    if found is None or not found.state.is_open:
        found = invite(actor, allocation, invited_by=InvitedBy.PARTNER, answer_by=hour.day)
    choose(actor, found, slot=hour.id, address=address)
    return found
