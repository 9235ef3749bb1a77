"""Looking up ceremonies, the turns of a day, and who can still be invited."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.referrals.cases.queries.allocations import allocations_of
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.words import AllocationState


def ceremony_for(actor: Actor, number: int) -> Ceremony:
    """One ceremony; `NotFound` for a stranger."""
    ceremony = db.session.get(Ceremony, number) if actor.may(Permission.CEREMONY_READ) else None
    if ceremony is None:
        raise NotFound
    return ceremony


_TO_SIGN = Handover.paper_id.is_(None) & (Allocation.state == AllocationState.FULFILLED)


def ceremonies() -> Select[*tuple[Any, ...]]:
    """The ceremonies, the latest date first, each with how many families it counts, were served, have yet to sign, were absent."""
    return (
        select(
            Ceremony.id,
            Ceremony.title,
            Ceremony.starts_at,
            Ceremony.place,
            Ceremony.state,
            func.count(Turn.id).label("families"),
            func.count(Turn.id).filter(Turn.state == Attendance.SERVED, Handover.paper_id.is_not(None)).label("served"),
            func.count(Turn.id).filter(Turn.state == Attendance.SERVED, _TO_SIGN).label("to_sign"),
            func.count(Turn.id).filter(Turn.state == Attendance.ABSENT).label("absent"),
        )
        .outerjoin(Turn, Turn.ceremony_id == Ceremony.id)
        .outerjoin(Allocation, Allocation.id == Turn.allocation_id)
        .outerjoin(Handover, Handover.allocation_id == Turn.allocation_id)
        .group_by(Ceremony.id)
        .order_by(Ceremony.starts_at.desc(), Ceremony.id.desc())
    )


CEREMONY_ORDERS = ListOrders(
    "-date",
    Ceremony.id,
    (
        ListOrder("ceremonie", _l("Cérémonie"), (func.lower(Ceremony.title),)),
        ListOrder("date", _l("Date"), (Ceremony.starts_at,), Compared.DATE),
        ListOrder("lieu", _l("Lieu"), (func.lower(Ceremony.place),)),
        ListOrder("etat", _l("Où elle en est"), (steps_of(Ceremony.state, CeremonyState),), Compared.STEPS),
    ),
)


def ceremony_listing(site_id: int | None = None) -> Listing:
    """The ceremonies as their list shows them, all or those of one of our places."""
    if site_id:
        return Listing(ceremonies().where(Ceremony.site_id == site_id), CEREMONY_ORDERS)
    return Listing(ceremonies(), CEREMONY_ORDERS, lambda: db.session.scalar(select(func.count()).select_from(Ceremony)) or 0)


_GIVEN = or_(HandoverLine.closed_at.is_(None), HandoverLine.handover_id.is_not(None))
"""What is to be handed over, or left; not what came back before its slip was signed."""
_MACHINES = (
    select(func.count())
    .where(HandoverLine.allocation_id == Allocation.id, HandoverLine.device_id.is_not(None), _GIVEN)
    .correlate(Allocation)
    .scalar_subquery()
)


def turns_of(ceremony: Ceremony) -> Sequence[Row[*tuple[Any, ...]]]:
    """The turns of the day in their order, for the hand-over list: attendance, referral, device code, count of machines; never a name."""
    return db.session.execute(
        select(
            Turn.id,
            Turn.position,
            Turn.state,
            Allocation.state.label("allocation"),
            Handover.paper_id,
            Referral.reference,
            Organisation.name.label("partner"),
            Device.code,
            Device.kind,
            Device.manufacturer,
            Device.model,
            _MACHINES.label("machines"),
        )
        .join(Allocation, Allocation.id == Turn.allocation_id)
        .join(Referral, Referral.id == Allocation.referral_id)
        .join(Organisation, Organisation.id == Referral.partner_id)
        .join(Device, Device.id == Allocation.device_id)
        .outerjoin(Handover, Handover.allocation_id == Allocation.id)
        .where(Turn.ceremony_id == ceremony.id)
        .order_by(Turn.position)
    ).all()


def names_to_call(ceremony: Ceremony) -> Sequence[Row[*tuple[Any, ...]]]:
    """The call list in the order of the day: position and name; never a reference, a code, a donor."""
    return db.session.execute(
        select(Turn.position, Turn.state, Beneficiary.first_name, Beneficiary.last_name)
        .join(Allocation, Allocation.id == Turn.allocation_id)
        .join(Referral, Referral.id == Allocation.referral_id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Turn.ceremony_id == ceremony.id, Allocation.state != AllocationState.CANCELLED)
        .order_by(Turn.position)
    ).all()


def turn_for(actor: Actor, number: int, position: int) -> Turn:
    """One turn with all that its slip says; `NotFound` for a stranger."""
    turn = (
        db.session.scalar(
            select(Turn)
            .join(Turn.allocation)
            .join(Allocation.referral)
            .options(
                joinedload(Turn.ceremony),
                contains_eager(Turn.allocation).joinedload(Allocation.device),
                contains_eager(Turn.allocation).contains_eager(Allocation.referral).joinedload(Referral.beneficiary),
                contains_eager(Turn.allocation).contains_eager(Allocation.referral).joinedload(Referral.partner),
            )
            .where(Turn.ceremony_id == number, Turn.position == position)
        )
        if actor.may(Permission.CEREMONY_READ)
        else None
    )
    if turn is None:
        raise NotFound
    return turn


def position_of_code(ceremony: Ceremony, typed: str) -> int | None:
    """Whose turn the machine of a scanned label is, the one decided on or one given with it; None when it is not of this ceremony."""
    return db.session.scalar(
        select(Turn.position)
        .join(Allocation, Allocation.id == Turn.allocation_id)
        .join(HandoverLine, (HandoverLine.allocation_id == Allocation.id) & _GIVEN)
        .join(Device, Device.id == HandoverLine.device_id)
        .where(Turn.ceremony_id == ceremony.id, Device.code == (find_code(typed) or ""), Allocation.state != AllocationState.CANCELLED)
        .order_by(HandoverLine.id.desc())
        .limit(1)
    )


def count_expected(ceremony: Ceremony) -> int:
    """How many families are still expected, whose device is still to be handed over."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Turn)
            .join(Allocation, Allocation.id == Turn.allocation_id)
            .where(Turn.ceremony_id == ceremony.id, Turn.state == Attendance.EXPECTED, Allocation.state == AllocationState.ACTIVE)
        )
        or 0
    )


def free_allocations(actor: Actor, ceremony: Ceremony | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """The allocations that can be invited: to hand over, and expected at no other ceremony."""
    held: Any = select(Turn.allocation_id).where(Turn.state.not_in((Attendance.ABSENT, Attendance.ALONE)))
    if ceremony is not None:
        held = held.where(Turn.ceremony_id != ceremony.id)
        been = select(Turn.allocation_id).where(Turn.ceremony_id == ceremony.id, Turn.state != Attendance.EXPECTED)
        held = held.union(been)
    return db.session.execute(allocations_of(actor, AllocationState.ACTIVE).where(Allocation.id.not_in(held))).all()
