"""Open tickets, write about them, and do what they come to: repair, swap, taking back."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from refurb.directory.sites.queries import usual_site
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import from_wall, now, today
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.aftersales.queries import count_open_of, devices_with, family_of, to_replace, told_just_now
from refurb.referrals.aftersales.rules import (
    MOST_OPEN,
    AlreadyTold,
    NotServed,
    NotWithAFamily,
    SlipUnsigned,
    TicketForgotten,
    has_its_device,
    is_remembered,
)
from refurb.referrals.aftersales.states import TELL_PARTNER_OF_TICKET, ticket_machine
from refurb.referrals.aftersales.swapping import allocate_in_place
from refurb.referrals.aftersales.words import Cause, Outcome, Symptom, TicketState, TicketVia
from refurb.referrals.cases.queries.allocations import allocation_of, allocation_of_referral
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.models import Allocation, Referral

REFERENCE = "SV"
PRESSED_TWICE = timedelta(minutes=5)
"""Within this the very same words about the same device are one ticket: somebody pressed twice."""


def _open(
    actor: Actor,
    via: TicketVia,
    trouble: Symptom,
    *,
    device: Device | None = None,
    referral: Referral | None = None,
    own_machine: str | None = None,
    words: str | None = None,
    phone: str | None = None,
    photo: bytes | None = None,
    language: str | None = None,
) -> Ticket:
    ticket = Ticket(
        reference=next_reference(REFERENCE), trouble=trouble, via=via, device=device, referral=referral, own_machine=own_machine or None,
        words=words or None, phone=phone or None, photo=keep(photo) if photo else None, language=language, opened_at=now(),
        opened_by=actor.id, answer_by=_answer_by(actor, device),
    )  # fmt: skip
    made: Ticket = ticket_machine.begin(ticket, actor, trouble=trouble, via=via, device=device.id if device else None)
    if referral is not None and via is not TicketVia.PARTNER:  # Who told it herself knows.
        plan(TELL_PARTNER_OF_TICKET, subject_kind=Ticket.KIND, subject_id=made.id, event=1)
    return made


def _answer_by(actor: Actor, device: Device | None) -> date:
    """The day that is promised today."""
    return AFTER.in_force().answer_by(today(), device.site_id if device is not None else usual_site(actor))


def report_trouble(device: Device, *, trouble: Symptom, language: str = "fr", **told: Any) -> Ticket:
    """Whoever has a device in hand tells what is wrong with it, without an account; what was told twice by a double press is one ticket.

    Raises `NotWithAFamily`, and `AlreadyTold` where so much of it is open already that one more tells nobody anything.
    """
    lock(device)
    if device.state is not DeviceState.HANDED_OVER:
        raise NotWithAFamily
    told.pop("website", None)
    for each in told_just_now(device, trouble, now() - PRESSED_TWICE):
        if (each.words, each.phone, bool(each.photo)) == (told.get("words") or None, told.get("phone") or None, bool(told.get("photo"))):
            return each
    if count_open_of(device) >= MOST_OPEN:
        raise AlreadyTold
    return _open(SERVICE, TicketVia.LABEL, trouble, device=device, referral=family_of(device), language=language, **told)


def open_ticket(actor: Actor, *, trouble: Symptom, code: str | None = None, own_machine: str | None = None, **told: Any) -> Ticket:
    """Somebody of ours writes down what is wrong: with a device that is with its family, or with a person's own machine."""
    check(actor, Permission.TICKET_WORK)
    if not code:
        return _open(actor, TicketVia.STAFF, trouble, own_machine=own_machine, **told)
    try:
        device = device_by_code(actor, code)
    except NotFound:
        raise Invalid({"code": [Fault("referral.no_such_device")]}) from None
    lock(device)
    if device.state is not DeviceState.HANDED_OVER:
        raise NotWithAFamily
    return _open(actor, TicketVia.STAFF, trouble, device=device, referral=family_of(device), **told)


def report_for(
    actor: Actor, referral: Referral, *, trouble: Symptom, device: str | None = None, own_machine: str | None = None, **told: Any
) -> Ticket:
    """A prescriber tells what is wrong for a family that she referred and that has its devices; of several, `device` is the code of one.

    Raises `NotServed`.
    """
    check(actor, Permission.REFERRAL_WRITE)
    held, there = allocation_of_referral(referral), devices_with(referral)
    if not there and (held is None or held.handover is None):
        raise NotServed
    found = None if own_machine else _which(there, device)
    if found is not None:
        lock(found)
        if found not in devices_with(referral):  # It came back meanwhile.
            raise NotWithAFamily
    return _open(actor, TicketVia.PARTNER, trouble, device=found, referral=referral, own_machine=own_machine, **told)


def _which(there: list[Device], code: str | None) -> Device:
    if not there:
        raise NotWithAFamily
    if code:
        chosen = [each for each in there if each.code == find_code(code)]
        if not chosen:
            raise Invalid({"device": [Fault("field.choice")]})
        return chosen[0]
    if len(there) > 1:
        raise Invalid({"device": [Fault("field.required")]})
    return there[0]


def open_from_news(actor: Actor, referral: Referral, device: Device | None) -> Ticket | None:
    """A family that was asked for news says that something is wrong; None where that is open already, or the device is with it no more."""
    if device is None or count_open_of(device):
        return None
    return _open(actor, TicketVia.NEWS, Symptom.OTHER, device=device, referral=referral)


def note_word(actor: Actor, ticket: Ticket, *, note: str) -> None:
    """A word about a ticket: what was said on the telephone. It stands beside the history, and goes with the ticket's words."""
    check(actor, Permission.TICKET_WORK)
    lock(ticket)
    is_remembered(ticket)
    write_beside(record(ticket, "noted", actor), {"note": note})


@ticket_machine.does("appoint")
def _appoint(ticket: Ticket, _actor: Actor, facts: dict[str, Any]) -> None:
    at: datetime = from_wall(facts.pop("at"))
    ticket.appointment_at, ticket.appointment_place = at, facts.pop("place")
    facts["at"] = at


def _close(ticket: Ticket, cause: Cause | None, outcome: Outcome) -> None:
    ticket.closed_at, ticket.cause, ticket.outcome = now(), cause, outcome


@ticket_machine.does("mend")
def _mend(ticket: Ticket, _actor: Actor, facts: dict[str, Any]) -> None:
    _close(ticket, facts["cause"], Outcome.MENDED)


@ticket_machine.does("close")
def _close_by_hand(ticket: Ticket, _actor: Actor, facts: dict[str, Any]) -> None:
    if ticket.state is TicketState.TAKEN_BACK:
        facts["outcome"] = Outcome.TAKEN_BACK
    _close(ticket, facts["cause"], facts["outcome"])


@ticket_machine.does("reopen")
@ticket_machine.does("swap_off")
def _reopen(ticket: Ticket, actor: Actor, _facts: dict[str, Any]) -> None:
    ticket.answer_by = _answer_by(actor, ticket.device)  # First: looking up the open days writes what stands so far.
    ticket.closed_at = ticket.outcome = ticket.swap_id = None


@ticket_machine.does("swap")
def _swap(ticket: Ticket, actor: Actor, facts: dict[str, Any]) -> None:
    """The device comes back, to be erased again; another one is reserved for the same family, with the same warranty.

    Where it came back by this ticket already (the first swap was called off, or it was taken back) the other one is reserved alone.
    """
    facts.pop("copied")
    code = facts.pop("device")
    former = _come_back(ticket, actor) if has_its_device(ticket) else to_replace(ticket)
    if former is None:
        raise NotWithAFamily
    try:
        device = device_by_code(actor, code)
    except NotFound:
        raise Invalid({"device": [Fault("referral.no_such_device")]}) from None
    ticket.cause = facts["cause"]
    ticket.swap = allocate_in_place(actor, former, device)
    db.session.flush()
    facts.update(allocation=ticket.swap_id, device=device.id)


@ticket_machine.does("take_back")
def _take_back(ticket: Ticket, actor: Actor, facts: dict[str, Any]) -> None:
    facts.pop("copied")
    ticket.cause = facts["cause"]
    assert ticket.device is not None, "the rule has asked"
    device_machine.fire(ticket.device, "come_back", actor, reason=ticket.reference)


def _come_back(ticket: Ticket, actor: Actor) -> Allocation:
    """Take the device in, and say under which allocation the family had it. Raises `SlipUnsigned`, `NotServed`."""
    assert ticket.device is not None, "the rule has asked"
    former = allocation_of(ticket.device)
    if former is None or former.handover is None:
        raise NotServed
    if not former.handover.is_signed:
        raise SlipUnsigned
    device_machine.fire(ticket.device, "come_back", actor, reason=ticket.reference)
    return former


@ticket_machine.does("swapped")
def _swapped(ticket: Ticket, _actor: Actor, _facts: dict[str, Any]) -> None:
    _close(ticket, ticket.cause, Outcome.SWAPPED)


_FOLLOWS = {"hand_over": "swapped", "cancel": "swap_off", "come_back": "swap_off"}


def _follow_allocation(allocation: Allocation, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """A swap that is handed over ends its ticket; one that is called off opens it again."""
    if not allocation.is_swap or row.name not in _FOLLOWS:
        return
    for ticket in db.session.scalars(select(Ticket).where(Ticket.swap_id == allocation.id)).all():
        if ticket.state in ticket_machine[_FOLLOWS[row.name]].sources:
            ticket_machine.fire(ticket, _FOLLOWS[row.name], actor)


allocation_machine.followers.append(_follow_allocation)


def _write_nothing_forgotten(ticket: Ticket, _row: Move[Any], _actor: Actor, facts: dict[str, Any]) -> None:
    """A ticket whose words were erased is still mended, swapped or closed, but without a word: nothing would erase it again."""
    if ticket.forgotten_at is not None and facts.get("note"):
        raise TicketForgotten


ticket_machine.followers.append(_write_nothing_forgotten)
