"""What nobody comes for goes back to the stock by itself, and its family to its rank; its partner is told before."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, or_, select, update

from refurb.directory.letters import page_address, write_letter
from refurb.kernel.deeds.access import SERVICE, Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.hourly import each_apart
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.words import _l, day
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.queries import arranged_elsewhere
from refurb.referrals.handovers.texts import HOLDING_END
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.models import Allocation
from refurb.referrals.words import AllocationState

TELL_HOLDING_END = "tell_holding_end"
_AT_ONCE = 100


def _is_arranged() -> ColumnElement[bool]:
    """Somebody comes, was asked to say when, or is awaited at a ceremony: her device waits for her."""
    state = HandoverInvitation.state
    answers = or_(state == InvitationState.CHOSEN, and_(state == InvitationState.INVITED, HandoverInvitation.answer_by >= today()))
    invited = select(HandoverInvitation.id).where(HandoverInvitation.allocation_id == Allocation.id, answers).correlate(Allocation)
    return or_(invited.exists(), *(each() for each in arranged_elsewhere))


def let_reservations_lapse() -> int:
    """End what is reserved past its last day; tell partners of what soon is. How many ended. Done by the worker, every hour.

    Nothing ends whose end was not told: what came near unseen waits as many days more. What was told before somebody was awaited is told
    anew, once nobody is any more. A device that stands in for another one, which the family brought back, waits without an end.
    """
    active = (Allocation.state == AllocationState.ACTIVE, Allocation.replaces_id.is_(None))
    holding = HOLDING.in_force()
    # What was decided before there was a term has a whole one.
    db.session.execute(update(Allocation).where(*active, Allocation.held_until.is_(None)).values(held_until=holding.until()))
    told = Allocation.hold_told_at.is_not(None)
    db.session.execute(update(Allocation).where(*active, told, _is_arranged()).values(hold_told_at=None))
    due = or_(~told, Allocation.held_until < today())
    near = select(Allocation).where(*active, Allocation.held_until <= holding.to_tell, due, ~_is_arranged())
    found = db.session.scalars(near.order_by(Allocation.held_until, Allocation.id).limit(_AT_ONCE)).all()
    return each_apart("reservation_not_ended", found, _end_or_tell)


def _end_or_tell(allocation: Allocation) -> bool:
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE or allocation.held_until is None:
        return False  # It was handed over meanwhile.
    if db.session.scalar(select(Allocation.id).where(Allocation.id == allocation.id, ~_is_arranged())) is None:
        return False  # Somebody took an hour meanwhile.
    if allocation.hold_told_at is None:
        allocation.hold_told_at, allocation.held_until = now(), max(allocation.held_until, HOLDING.in_force().to_tell)
        plan(TELL_HOLDING_END, allocation_id=allocation.id, until=allocation.held_until.isoformat())
        return False
    if allocation.held_until >= today():
        return False  # It is kept longer since.
    allocation_machine.fire(allocation, "lapse", SERVICE)
    return True


@allocation_machine.does("hold_longer")
def _hold_longer(allocation: Allocation, _actor: Actor, facts: dict[str, Any]) -> None:
    allocation.held_until, allocation.hold_told_at = facts["until"], None


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Allocation, facts["allocation_id"])
    if found is None:
        return None
    reader = reader_of(found.referral)
    url = f"/orientations/{found.referral.reference}"
    return About(found.referral.reference, url, reader.address if reader else None, Permission.REFERRAL_DECIDE)


def letter_of_holding(allocation: Allocation, key: str, to: str) -> Letter:
    """Until when a device is reserved, by the reference alone, in the language of the moment."""
    assert allocation.held_until is not None, "it ends"
    reference = allocation.referral.reference
    link = page_address(f"/orientations/{reference}")
    return write_letter(HOLDING_END, key=key, to=to, reference=reference, until=day(allocation.held_until), link=link)


@letter(TELL_HOLDING_END, _l("Fin prochaine d'une réservation, à la structure"), _about)
def tell_holding_end(*, allocation_id: int, until: str) -> Letter:
    """Tell the partner, unless the device was fetched, given up or kept longer meanwhile."""
    found = db.session.get(Allocation, allocation_id)
    if found is None or found.state is not AllocationState.ACTIVE or found.held_until is None or found.held_until.isoformat() != until:
        raise NotTold
    reader = reader_of(found.referral)
    if reader is None:
        raise NobodyToWriteTo
    with force_locale(reader.language):
        return letter_of_holding(found, f"{TELL_HOLDING_END}-{found.id}-{until}", reader.address)
