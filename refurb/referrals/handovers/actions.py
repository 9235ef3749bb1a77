"""Open slots and withdraw them; invite a family, take a seat for it, let it go; say who came and who did not."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.hours import Span
from refurb.directory.sites.rules import chosen_site
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import NotMobile, OptedOut, is_sent, plan_text, texts_reach
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.hourly import each_apart
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import midnight, now, today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.telephones import is_mobile
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSeat, HandoverSlot
from refurb.referrals.handovers.queries import free_seat, invitation_of, is_expected_at, kept_addresses, overdue_invitations
from refurb.referrals.handovers.rules import (
    HandoverSlotFull,
    HandoverSlotGone,
    HandoverSlotInUse,
    NothingOpened,
    NotToHandOver,
    can_be_chosen,
)
from refurb.referrals.handovers.states import TELL_PARTNER, invitation_machine
from refurb.referrals.handovers.words import DeclinedBecause, InvitationState, InvitedBy
from refurb.referrals.models import Allocation, Beneficiary
from refurb.referrals.words import AllocationState

MAIL_INVITATION = "mail_handover_invitation"
MAIL_APPOINTMENT = "mail_handover_appointment"
ANSWER_WITHIN = timedelta(days=14)
"""Until when an answer is awaited, unless somebody says otherwise."""
REMINDS_AT = timedelta(hours=10)
"""When the letter of the day before leaves, on the wall clock."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Opened:
    """How many slots were opened, and how many hours were left aside: the place is closed then, or the slot was there already."""

    made: int
    closed: int
    known: int


def open_slots(
    actor: Actor, *, day: date, hours: tuple[Span, ...], minutes: int, places: int, weeks: int = 1, at_home: bool = False,
    site_id: int | None = None,
) -> Opened:  # fmt: skip
    """Open as many slots as fit into the hours of a day, for so many families each, and the same for some weeks.

    `hours` are spans of minutes of the day. What is closed is left aside, and so is what is there already. Raises `NothingOpened`.
    """
    check(actor, Permission.APPOINTMENT_WRITE)
    site = chosen_site(actor, site_id)
    made = closed = known = 0
    for each in (day + _WEEK * number for number in range(weeks)):
        there = _hours_there(site, each, at_home=at_home)
        for first in _starts(hours, minutes):
            if not _is_open(site, each, first, first + minutes, at_home=at_home):
                closed += 1
            elif first in there:
                known += 1
            else:
                _open(actor, site, each, first, minutes, places, at_home=at_home)
                made += 1
    if not made:
        raise NothingOpened(closed=closed, known=known)
    return Opened(made, closed, known)


def _starts(hours: tuple[Span, ...], minutes: int) -> list[int]:
    return [first for opens, closes in hours for first in range(opens, closes - minutes + 1, minutes)]


def _hours_there(site_id: int, day: date, *, at_home: bool) -> set[int]:
    query = select(HandoverSlot.from_minute).where(HandoverSlot.site_id == site_id, HandoverSlot.day == day)
    return set(db.session.scalars(query.where(HandoverSlot.at_home.is_(at_home), HandoverSlot.withdrawn_at.is_(None))))


def _is_open(site_id: int, day: date, first: int, until: int, *, at_home: bool) -> bool:
    days = days_of(site_id)
    return days.is_spared_between(day, first, until) and (at_home or days.is_open_between(day, _clock(first), _clock(until)))


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _open(actor: Actor, site_id: int, day: date, first: int, minutes: int, places: int, *, at_home: bool) -> None:
    slot = HandoverSlot(site_id=site_id, at_home=at_home, day=day, from_minute=first, until_minute=first + minutes, made_at=now())
    slot.seats = [HandoverSeat(number=number) for number in range(1, places + 1)]
    db.session.add(slot)
    record(slot, "opened", actor, day=day, minute=first, places=places)


def withdraw_slot(actor: Actor, slot: HandoverSlot) -> None:
    """Take a slot away that nobody has chosen. Raises `HandoverSlotInUse`; a second press changes nothing."""
    check(actor, Permission.APPOINTMENT_WRITE)
    lock(slot)
    if slot.withdrawn_at is not None:
        return
    if is_expected_at(slot):
        raise HandoverSlotInUse(day=slot.day)
    slot.withdrawn_at = now()
    record(slot, "withdrawn", actor)


def invite(actor: Actor, allocation: Allocation, *, invited_by: InvitedBy, answer_by: date) -> HandoverInvitation:
    """Ask a family to choose when it comes for its device; an earlier invitation is over. Raises `NotToHandOver`.

    By a way only by which it is reached: a letter that is promised to nobody would be told as sent.
    """
    check(actor, Permission.HANDOVER_WRITE)
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE:
        raise NotToHandOver
    person = allocation.referral.beneficiary
    if (invited_by is InvitedBy.EMAIL and not person.email) or (invited_by is InvitedBy.SMS and not person.phone):
        raise Invalid({"invited_by": [Fault("followup.no_way_there")]})
    if invited_by is InvitedBy.SMS and is_sent(SmsKind.HANDOVERS):
        _can_be_texted(person)
    former = invitation_of(allocation)
    if former is not None and former.state.is_open:
        invitation_machine.fire(former, "close", actor)
    made = HandoverInvitation(allocation=allocation, invited_by=invited_by, invited_at=now(), answer_by=answer_by)
    invitation_machine.begin(made, actor, allocation=allocation.id, invited_by=invited_by)
    if invited_by is InvitedBy.EMAIL:
        plan(MAIL_INVITATION, invitation_id=made.id)
    if invited_by in {InvitedBy.EMAIL, InvitedBy.SMS}:
        plan_text(MAIL_INVITATION, SmsKind.HANDOVERS, invitation_id=made.id)
    plan(TELL_PARTNER, subject_kind=HandoverInvitation.KIND, subject_id=made.id, event=1)
    return made


def _can_be_texted(person: Beneficiary) -> None:
    """Where the territory texts by itself, nobody is promised a message that would not leave."""
    if not is_mobile(person.phone):
        raise Invalid({"invited_by": [Fault(NotMobile.code)]})
    if not texts_reach(SmsKind.HANDOVERS, person.phone, None, person.sms_refused_at):
        raise Invalid({"invited_by": [Fault(OptedOut.code)]})


def choose(actor: Actor, invitation: HandoverInvitation, **told: Any) -> None:
    """Take a place of a slot for a family, in the place of the one that it had."""
    invitation_machine.fire(invitation, "reschedule" if invitation.state.is_chosen else "choose", actor, **told)


def choose_by_link(invitation: HandoverInvitation, *, slot: int, **told: Any) -> None:
    """The same by the family itself, until the day before; a home visit is arranged with a person."""
    found = db.session.get(HandoverSlot, slot)
    if found is None or found.at_home or found.day <= today():
        raise HandoverSlotGone(day=found.day if found else today())
    held = invitation.slot
    if held is not None and held.day <= today():
        raise HandoverSlotGone(day=held.day)
    choose(SERVICE, invitation, slot=slot, **told)


def decline(actor: Actor, invitation: HandoverInvitation, because: DeclinedBecause) -> None:
    """Say that nobody comes, with notice: the hour is somebody else's, and the office finds another way."""
    invitation_machine.fire(invitation, "decline", actor, because=because)


@invitation_machine.does("choose")
@invitation_machine.does("reschedule")
def _take_seat(invitation: HandoverInvitation, _actor: Actor, facts: dict[str, Any]) -> None:
    """The database decides who was faster: a seat is one invitation's."""
    slot = db.session.get(HandoverSlot, facts["slot"])
    if slot is None:
        raise Invalid({"slot": [Fault("field.choice")]})
    lock(slot)
    can_be_chosen(slot)
    known = invitation.allocation.referral.address
    if slot.at_home and not (facts.get("address") or known):
        raise Invalid({"address": [Fault("field.required")]})
    if invitation.seat is None or invitation.seat.slot_id != slot.id:
        seat = free_seat(slot)
        if seat is None:
            raise HandoverSlotFull(day=slot.day, minute=slot.from_minute)
        invitation.times_moved += invitation.seat is not None
        invitation.seat = seat
    invitation.sequence += 1
    invitation.declined_because = None
    invitation.lift, invitation.lift_words = facts["lift"], facts["lift_words"] or None
    invitation.address = facts["address"] if slot.at_home and facts["address"] and facts["address"] != known else None
    facts.update(lift_words=None, address=None, day=slot.day, minute=slot.from_minute, site=slot.site_id)
    _plan_letters(invitation, slot)


def _plan_letters(invitation: HandoverInvitation, slot: HandoverSlot) -> None:
    """What was chosen, at once, and once more the day before; a later choice carries its own."""
    numbers = invitation.id, invitation.sequence
    _plan_letter(*numbers)
    eve = midnight(slot.day - timedelta(days=1)) + REMINDS_AT
    if eve > now():
        _plan_letter(*numbers, due_at=eve)


def _plan_letter(invitation_id: int, sequence: int, due_at: datetime | None = None) -> None:
    facts = {"invitation_id": invitation_id, "sequence": sequence, "reminds": due_at is not None}
    plan(MAIL_APPOINTMENT, due_at=due_at, **facts)
    plan_text(MAIL_APPOINTMENT, SmsKind.HANDOVERS, due_at=due_at, **facts)


@invitation_machine.does("decline")
def _decline(invitation: HandoverInvitation, _actor: Actor, facts: dict[str, Any]) -> None:
    was_chosen = invitation.seat is not None
    invitation.declined_because = facts["because"]
    if was_chosen:
        _let_go(invitation)


@invitation_machine.does("expire")
@invitation_machine.does("close")
def _close(invitation: HandoverInvitation, _actor: Actor, _facts: dict[str, Any]) -> None:
    if invitation.seat is not None:
        _let_go(invitation)


def _let_go(invitation: HandoverInvitation) -> None:
    """The hour is free for somebody else, and whoever had it is told."""
    invitation.seat = None
    invitation.sequence += 1
    _plan_letter(invitation.id, invitation.sequence)


def _follow(invitation: HandoverInvitation, row: Move[InvitationState], _actor: Actor, _facts: dict[str, Any]) -> None:
    """Why nobody came is told of what was declined alone; where to, and in need of what, of what is still to come."""
    if row.target is not InvitationState.DECLINED:
        invitation.declined_because = None
    if not row.target.is_open:
        invitation.lift_words = None
        if not invitation.is_on_its_way:
            invitation.address = None


invitation_machine.followers.append(_follow)


def _follow_allocation(allocation: Allocation, row: Move[AllocationState], actor: Actor, _facts: dict[str, Any]) -> None:
    """Whoever is handed her device came for it; where its allocation ends otherwise, nobody is expected any more."""
    found = invitation_of(allocation)
    if found is not None and found.state.is_open:
        invitation_machine.fire(found, "come" if row.target is AllocationState.FULFILLED else "close", actor)


allocation_machine.followers.append(_follow_allocation)


def let_addresses_go() -> int:
    """An address that was kept for a visit on its way goes once its slip is signed, or its day is over. Done by the worker, every hour."""
    over = [each for each in kept_addresses() if not each.is_on_its_way]
    for each in over:
        each.address = None
    return len(over)


def let_invitations_expire() -> int:
    """What nobody answered by its day is over, and the office looks after it again: how many. Done by the worker, every hour."""
    return each_apart("invitation_not_expired", overdue_invitations(), _expire)


def _expire(invitation: HandoverInvitation) -> bool:
    lock(invitation)
    if invitation.state not in invitation_machine["expire"].sources:
        return False  # It was answered meanwhile.
    invitation_machine.fire(invitation, "expire", SERVICE)
    return True
