"""Looking up slots with what is left of them, invitations, and the devices that nobody has an appointment for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.cases.queries.allocations import Scope, to_hand_over
from refurb.referrals.cases.queries.referrals import Rows
from refurb.referrals.cases.scope import visible
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSeat, HandoverSlot
from refurb.referrals.handovers.rules import is_open_then
from refurb.referrals.handovers.words import OPEN, InvitationState
from refurb.referrals.models import Allocation, Referral

AHEAD = timedelta(days=60)
"""How far ahead an hour is offered."""
MOST = 200
"""Rows of one list of the day's work."""


@dataclass(frozen=True)
class SlotRoom:
    """A slot with how many of its places are taken."""

    slot: HandoverSlot
    places: int
    taken: int

    @property
    def left(self) -> int:
        """How many places are free."""
        return self.places - self.taken


def _rooms(*conditions: ColumnElement[bool]) -> Rows:
    query: Rows = (
        select(HandoverSlot, func.count(HandoverSeat.id), func.count(HandoverInvitation.id))
        .join(HandoverSeat, HandoverSeat.slot_id == HandoverSlot.id)
        .outerjoin(HandoverInvitation, HandoverInvitation.seat_id == HandoverSeat.id)
        .where(HandoverSlot.withdrawn_at.is_(None), *conditions)
        .group_by(HandoverSlot.id)
        .order_by(HandoverSlot.day, HandoverSlot.from_minute, HandoverSlot.site_id, HandoverSlot.id)
    )
    return query


def slots_to_come() -> list[SlotRoom]:
    """The slots from today on, with how full each is."""
    return [SlotRoom(*row) for row in db.session.execute(_rooms(HandoverSlot.day >= today()).limit(MOST))]


def slots_between(first: date, until: date, sites: Collection[int]) -> list[SlotRoom]:
    """The slots of some places between two days, half-open, with how full each is."""
    query = _rooms(HandoverSlot.day >= first, HandoverSlot.day < until, HandoverSlot.site_id.in_(sites))
    return [SlotRoom(*row) for row in db.session.execute(query)] if sites else []


def offered_slots(*, by_link: bool = False) -> list[SlotRoom]:
    """The slots that can be chosen: with a place left, to come, on a day that is open; by a link from tomorrow on, and none at home."""
    first = today() + timedelta(days=1 if by_link else 0)
    query = _rooms(HandoverSlot.day >= first, HandoverSlot.day <= today() + AHEAD)
    query = query.having(func.count(HandoverSeat.id) > func.count(HandoverInvitation.id))
    if by_link:
        query = query.where(HandoverSlot.at_home.is_(False))
    found = [SlotRoom(*row) for row in db.session.execute(query.limit(MOST))]
    return [each for each in found if each.slot.starts_at > now() and is_open_then(each.slot)]


def slot_by_id(actor: Actor, number: int) -> HandoverSlot:
    """A slot; `NotFound` for whoever arranges none."""
    found = db.session.get(HandoverSlot, number) if actor.may(Permission.APPOINTMENT_WRITE) else None
    if found is None or found.withdrawn_at is not None:
        raise NotFound
    return found


def free_seat(slot: HandoverSlot) -> HandoverSeat | None:
    """The first place of a slot that nobody has."""
    taken = select(HandoverInvitation.seat_id).where(HandoverInvitation.seat_id == HandoverSeat.id).exists()
    query = select(HandoverSeat).where(HandoverSeat.slot_id == slot.id, ~taken).order_by(HandoverSeat.number)
    return db.session.scalar(query.limit(1))


def is_expected_at(slot: HandoverSlot) -> bool:
    """Whether somebody has a place of the slot."""
    query = select(HandoverInvitation.id).join(HandoverInvitation.seat).where(HandoverSeat.slot_id == slot.id)
    return db.session.scalar(query.limit(1)) is not None


def _with_all() -> Select[HandoverInvitation]:
    return (
        select(HandoverInvitation)
        .join(HandoverInvitation.allocation)
        .join(Allocation.referral)
        .options(
            contains_eager(HandoverInvitation.allocation).contains_eager(Allocation.referral).joinedload(Referral.partner),
            contains_eager(HandoverInvitation.allocation).joinedload(Allocation.device),
            joinedload(HandoverInvitation.seat).joinedload(HandoverSeat.slot),
        )
        .order_by(HandoverInvitation.id.desc())
        .limit(1)
    )


def invitation_of(allocation: Allocation) -> HandoverInvitation | None:
    """The newest invitation to come for a device."""
    return db.session.scalar(_with_all().where(HandoverInvitation.allocation_id == allocation.id))


def invitation_for(actor: Actor, reference: str) -> HandoverInvitation:
    """The newest invitation of a referral; `NotFound` for a stranger, or where there is none."""
    return _found(_with_all().where(Referral.reference == reference, visible(actor)))


def invitation_of_allocation(actor: Actor, number: int) -> HandoverInvitation:
    """The newest invitation for an allocation, by its number; `NotFound` for a stranger, or where there is none."""
    return _found(_with_all().where(Allocation.id == number, visible(actor)))


def invitation_of_link(number: int) -> HandoverInvitation:
    """The invitation that a link opens, or `NotFound`."""
    return _found(_with_all().where(HandoverInvitation.id == number))


def _found(query: Select[HandoverInvitation]) -> HandoverInvitation:
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def invitations_about(referral: Referral) -> Sequence[HandoverInvitation]:
    """Every invitation of a referral, the first first."""
    query = select(HandoverInvitation).join(HandoverInvitation.allocation).where(Allocation.referral_id == referral.id)
    seats = joinedload(HandoverInvitation.seat).joinedload(HandoverSeat.slot)
    return db.session.scalars(query.options(seats).order_by(HandoverInvitation.id)).all()


# --- the office's work ------------------------------------------------------------------------------------------------

_NEWEST = (
    select(func.max(HandoverInvitation.id)).where(HandoverInvitation.allocation_id == Allocation.id).correlate(Allocation).scalar_subquery()
)


arranged_elsewhere: list[Callable[[], ColumnElement[bool]]] = []
"""By which of the rooms above somebody comes for an allocation's device without an appointment: at a ceremony; filled by the wiring."""


def _awaited(actor: Actor, within: Scope = visible) -> Any:
    """What is to be handed over, each with its newest invitation and the slot that was chosen, as columns without a name."""
    return (
        to_hand_over(actor, within)
        .outerjoin(HandoverInvitation, HandoverInvitation.id == _NEWEST)
        .outerjoin(HandoverSeat, HandoverSeat.id == HandoverInvitation.seat_id)
        .outerjoin(HandoverSlot, HandoverSlot.id == HandoverSeat.slot_id)
        .add_columns(
            HandoverInvitation.state.label("invitation_state"),
            HandoverInvitation.answer_by,
            HandoverInvitation.declined_because,
            HandoverInvitation.lift,
            HandoverInvitation.times_moved,
            HandoverSlot.id.label("slot_id"),
            HandoverSlot.site_id.label("slot_site"),
            HandoverSlot.at_home,
            HandoverSlot.day,
            HandoverSlot.from_minute,
        )
    )


def _wants_attention() -> ColumnElement[bool]:
    """Nobody was invited, or what was agreed on came to nothing: no answer, an absence, no hour that fits, a day gone by."""
    state = HandoverInvitation.state
    settled = or_(state == InvitationState.INVITED, and_(state == InvitationState.CHOSEN, HandoverSlot.day >= today()))
    return and_(or_(state.is_(None), ~settled), *(~each() for each in arranged_elsewhere))


def to_arrange(actor: Actor) -> Sequence[Any]:
    """The devices for which somebody of the office has to do something, allocated longest ago first."""
    return db.session.execute(_awaited(actor).where(_wants_attention()).limit(MOST)).all()


def to_answer(actor: Actor) -> Sequence[Any]:
    """The devices whose families were invited and have not answered, the first to end first."""
    query = _awaited(actor).where(HandoverInvitation.state == InvitationState.INVITED)
    return db.session.execute(query.order_by(None).order_by(HandoverInvitation.answer_by, Allocation.id).limit(MOST)).all()


def _receives(actor: Actor) -> ColumnElement[bool]:
    """Whom somebody may have before her: at the desk whoever comes, on any day; for the others what they know of."""
    return true() if actor.on_own_work(Permission.HANDOVER_WRITE) else visible(actor)


def expected(actor: Actor) -> Sequence[Any]:
    """Who comes from today on, by the hour; a reference, never a name."""
    query = _awaited(actor, _receives).where(HandoverInvitation.state == InvitationState.CHOSEN, HandoverSlot.day >= today())
    return db.session.execute(query.order_by(None).order_by(HandoverSlot.day, HandoverSlot.from_minute, Allocation.id).limit(MOST)).all()


def count_to_arrange(actor: Actor) -> int:
    """For how many devices the office has to arrange something."""
    if not actor.may(Permission.HANDOVER_WRITE):
        return 0
    wanted = _awaited(actor).where(_wants_attention()).order_by(None).with_only_columns(Allocation.id)
    return db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def kept_addresses() -> Sequence[HandoverInvitation]:
    """The invitations that are over, and still know where somebody is visited."""
    kept = HandoverInvitation.address.is_not(None), HandoverInvitation.state.not_in(OPEN)
    with_all = joinedload(HandoverInvitation.allocation).joinedload(Allocation.handover)
    return db.session.scalars(select(HandoverInvitation).options(with_all).where(*kept).limit(MOST)).all()


def overdue_invitations() -> Sequence[HandoverInvitation]:
    """The invitations whose last day to answer is over."""
    late = HandoverInvitation.state.in_((InvitationState.INVITED, InvitationState.DECLINED)), HandoverInvitation.answer_by < today()
    return db.session.scalars(select(HandoverInvitation).where(*late).order_by(HandoverInvitation.id).limit(MOST)).all()
