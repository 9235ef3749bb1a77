"""Looking up tickets: what is open, what became of them, whose they are, how a family is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import aliased, joinedload

from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.personal import close_words, names_closed
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.speech.clock import local, midnight
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.aftersales.words import Cause, Symptom, TicketState, TicketVia
from refurb.referrals.cases.queries.allocations import allocation_of
from refurb.referrals.cases.scope import visible
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import AllocationState

# Written out, so that the databases know the index of those that are open.
_IS_OPEN = Ticket.state != literal(TicketState.CLOSED, Ticket.state.type, literal_execute=True)


class WhichTickets(StrEnum):
    """Which tickets a list shows."""

    OPEN = "a-traiter"
    CLOSED = "closes"


TICKET_ORDERS = ListOrders(
    "signalee",
    Ticket.id,
    (
        ListOrder("signalee", _l("Signalée le"), (Ticket.opened_at,), Compared.DATE, indexed=True),
        ListOrder("repondre", _l("Répondre avant"), (Ticket.answer_by,), Compared.DATE),
        ListOrder("etat", _l("État"), (steps_of(Ticket.state, TicketState),), Compared.STEPS),
    ),
)


def ticket_listing(which: WhichTickets, typed: str = "") -> Listing:
    """Tickets as rows of reference, trouble, state, when, and the code and name of the machine; never a name of somebody."""
    query = (
        select(
            Ticket.reference, Ticket.trouble, Ticket.state, Ticket.via, Ticket.opened_at, Ticket.answer_by, Ticket.appointment_at,
            Ticket.closed_at, Ticket.cause, Ticket.outcome, Ticket.own_machine, Device.code, Device.kind, Device.manufacturer, Device.model,
        )
        .outerjoin(Device, Device.id == Ticket.device_id)
        .where(_IS_OPEN if which is WhichTickets.OPEN else Ticket.state == TicketState.CLOSED)
    )  # fmt: skip
    if typed:
        query = query.where((Device.code == (find_code(typed) or "")) | (Ticket.reference == typed.upper()))
    return Listing(query, TICKET_ORDERS)


def ticket_by_reference(actor: Actor, reference: str) -> Ticket:
    """A ticket with its device; `NotFound` for whoever has nothing to do with them.

    What families write and send may name them: it is closed to whoever has no second factor, the workshop too, of which none is asked.
    """
    if not actor.proved and not actor.may(Permission.TICKET_WRITE):
        close_words()
    query = select(Ticket).where(Ticket.reference == reference.upper()).options(joinedload(Ticket.device), joinedload(Ticket.referral))
    found = db.session.scalar(query) if actor.may(Permission.TICKET_WORK) else None
    if found is None:
        raise NotFound
    return found


def ticket_numbered(number: int) -> Ticket:
    """The ticket of a signed link; `NotFound` where there is none."""
    found = db.session.get(Ticket, number)
    if found is None:
        raise NotFound
    return found


def count_open(actor: Actor) -> int:
    """How many tickets wait for something."""
    if not actor.may(Permission.TICKET_WORK):
        return 0
    return db.session.scalar(select(func.count()).select_from(Ticket).where(_IS_OPEN)) or 0


def count_open_of(device: Device) -> int:
    """How many tickets of a device are open."""
    return db.session.scalar(select(func.count()).select_from(Ticket).where(Ticket.device_id == device.id, _IS_OPEN)) or 0


def family_of(device: Device) -> Referral | None:
    """Whose it is, as far as we know; a device that was handed over elsewhere is nobody's here."""
    held = allocation_of(device)
    return held.referral if held is not None and held.state is AllocationState.FULFILLED else None


def devices_with(referral: Referral) -> list[Device]:
    """The devices that a family has from us now, what was handed over first first: none that came back, and what stands in for it."""
    handed = (
        select(Device)
        .join(HandoverLine, HandoverLine.device_id == Device.id)
        .join(Allocation, Allocation.id == HandoverLine.allocation_id)
        .where(Allocation.referral_id == referral.id, Allocation.state == AllocationState.FULFILLED)
        .where(HandoverLine.handover_id.is_not(None), Device.state == DeviceState.HANDED_OVER)
        .order_by(HandoverLine.id)
    )
    # One may have come back, and be another family's by now.
    return [each for each in db.session.scalars(handed).unique() if (family := family_of(each)) is not None and family.id == referral.id]


def device_with(referral: Referral) -> Device | None:
    """The first of the devices that a family has from us now; None where none is left."""
    return next(iter(devices_with(referral)), None)


def file_of(ticket: Ticket, actor: Actor) -> str | None:
    """The reference of the family's file, for whoever may open it: an adviser opens those only that she wrote."""
    if ticket.referral_id is None or not actor.may(Permission.REFERRAL_READ):
        return None
    return db.session.scalar(select(Referral.reference).where(Referral.id == ticket.referral_id, visible(actor)))


def to_replace(ticket: Ticket) -> Allocation | None:
    """Under which allocation the family had what came back by this ticket, as long as no other device stands in for it."""
    other = aliased(Allocation)
    came_back = exists().where(Event.subject_kind == Ticket.KIND, Event.subject_id == ticket.id, Event.move.in_(("swap", "take_back")))
    return db.session.scalar(
        select(Allocation)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(Allocation.device_id == ticket.device_id, Allocation.referral_id == ticket.referral_id)
        .where(Allocation.state == AllocationState.FULFILLED, Handover.paper_id.is_not(None), came_back)
        .where(~exists().where(other.replaces_id == Allocation.id, other.state != AllocationState.CANCELLED))
        .order_by(Allocation.id.desc())
        .limit(1)
    )


def told_just_now(device: Device, trouble: Symptom, since: datetime) -> Sequence[Ticket]:
    """The open tickets by which the same was told of a device since an instant, by its label."""
    query = select(Ticket).where(Ticket.device_id == device.id, Ticket.trouble == trouble, Ticket.via == TicketVia.LABEL, _IS_OPEN)
    return db.session.scalars(query.where(Ticket.opened_at >= since).order_by(Ticket.id.desc())).all()


def tickets_of(referral: Referral) -> Sequence[Ticket]:
    """The tickets of a family's file, newest first."""
    return db.session.scalars(select(Ticket).where(Ticket.referral_id == referral.id).order_by(Ticket.id.desc())).all()


def earlier_of(ticket: Ticket, most: int = 5) -> Sequence[Ticket]:
    """The other tickets of the same device, newest first."""
    if ticket.device_id is None:
        return []
    query = select(Ticket).where(Ticket.device_id == ticket.device_id, Ticket.id != ticket.id)
    return db.session.scalars(query.order_by(Ticket.id.desc()).limit(most)).all()


def causes_in(year: int) -> list[tuple[Cause, int]]:
    """What was found in the tickets that were closed, or swapped, in a year: each cause with how often, the most frequent first."""
    first, after = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    query = (
        select(Ticket.cause, func.count())
        .where(Ticket.cause.is_not(None), Ticket.closed_at >= first, Ticket.closed_at < after)
        .group_by(Ticket.cause)
    )
    found = [(row[0], row[1]) for row in db.session.execute(query) if row[0] is not None]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def warranty_until(referral: Referral) -> date | None:
    """Until when repair and swap are free: from the first hand-over to this family on, whatever device it has now."""
    first = db.session.scalar(
        select(func.min(Handover.handed_at))
        .join(Handover.allocation)
        .where(Allocation.referral_id == referral.id, Handover.paper_id.is_not(None))
    )
    return AFTER.in_force().warranty_until(local(first).date()) if first is not None else None


class ReachedBy(StrEnum):
    """How a family is answered."""

    PHONE = "phone"
    EMAIL = "email"
    PARTNER = "partner"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Reached:
    """The way, what to dial or write to, and whether it was told with the ticket rather than before."""

    by: ReachedBy
    to: str = ""
    told: bool = False


def reached(ticket: Ticket) -> Reached:
    """By the number that was told with the ticket, else as the family is reached by its file; names closed, nothing is read.

    Neither within a unit of work, where the columns tell the truth: what a deed answers is drawn there.
    """
    is_closed = names_closed()
    if ticket.phone and not is_closed:
        return Reached(ReachedBy.PHONE, ticket.phone, told=True)
    person = ticket.referral.beneficiary if ticket.referral else None
    if person is None or person.forgotten_at is not None:
        return Reached(ReachedBy.NOBODY)
    if person.phone and not is_closed:
        return Reached(ReachedBy.PHONE, person.phone)
    if person.email and not is_closed:
        return Reached(ReachedBy.EMAIL, person.email)
    assert ticket.referral is not None
    return Reached(ReachedBy.PARTNER, ticket.referral.partner.name)


def read_way(ticket: Ticket, actor: Actor) -> Reached | None:
    """How the family is answered, for whoever answers it; None for the others. Where that is read in its file, the look is logged."""
    if not actor.may(Permission.TICKET_WRITE):
        return None
    way = reached(ticket)
    if not way.told and ticket.referral is not None:
        note(SecurityKind.FILE_OPENED, actor, ticket.referral.reference)
    return way


def dump(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """A ticket as the JSON door shows it: the machine by its code, the family by the reference of its file, for whoever may read that."""
    way = read_way(ticket, actor)
    return {
        "reference": ticket.reference,
        "state": ticket.state,
        "trouble": ticket.trouble,
        "via": ticket.via,
        "device": ticket.device.code if ticket.device else None,
        "own_machine": ticket.own_machine,
        "referral": file_of(ticket, actor),
        "words": None if names_closed() else ticket.words,
        "answer": way and {"by": way.by, "to": spell_phone(way.to) if way.by is ReachedBy.PHONE else way.to},
        "opened_at": ticket.opened_at.isoformat(),
        "answer_by": ticket.answer_by.isoformat(),
        "appointment_at": ticket.appointment_at and ticket.appointment_at.isoformat(),
        "swap": ticket.swap.device.code if ticket.swap else None,
        "cause": ticket.cause,
        "outcome": ticket.outcome,
        "closed_at": ticket.closed_at and ticket.closed_at.isoformat(),
    }
