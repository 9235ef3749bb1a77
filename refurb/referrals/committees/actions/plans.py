"""Plan a session, change its plan, say who sits."""

from datetime import datetime

from refurb.accounts.queries import name_of
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import from_wall, now
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.committees.models import Committee, CommitteeMember
from refurb.referrals.committees.rules import MemberStays, NotPrepared, SeatHeld, SitsAlready, is_prepared
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import Seat


def plan_committee(actor: Actor, *, title: str, starts_at: datetime, place: str, least_present: int) -> Committee:
    """Set a date and a place; `starts_at` is read on a wall clock of the territory."""
    check(actor, Permission.REFERRAL_DECIDE)
    committee = Committee(title=title, starts_at=from_wall(starts_at), place=place, least_present=least_present, created_at=now())
    committee_machine.begin(committee, actor)
    return committee


def change_committee(actor: Actor, committee: Committee, *, title: str, starts_at: datetime, place: str, least_present: int) -> None:
    """Another date or place, or how many it takes to decide, before it opens."""
    check(actor, Permission.REFERRAL_DECIDE)
    lock(committee)
    is_prepared(committee)
    committee.title, committee.starts_at, committee.place = title, from_wall(starts_at), place
    committee.least_present = least_present
    record(committee, "replanned", actor, starts_at=committee.starts_at, least_present=least_present)


def add_member(
    actor: Actor,
    committee: Committee,
    *,
    seat: Seat,
    account_id: int | None = None,
    name: str | None = None,
    organisation_id: int | None = None,
) -> CommitteeMember:
    """Somebody sits: by her account, whose name it is then, or by name alone. Raises `SeatHeld`, `SitsAlready`.

    A seat is held by whoever comes: of whoever does not, another takes it.
    """
    check(actor, Permission.REFERRAL_DECIDE)
    _may_change(committee)
    _free(committee, seat)
    if account_id is not None and any(each.account_id == account_id for each in committee.members):
        raise SitsAlready
    named = name_of(account_id) if account_id is not None else name
    if not named:
        raise NotFound
    member = CommitteeMember(account_id=account_id, name=named, organisation_id=organisation_id, seat=seat)
    committee.members.append(member)
    db.session.flush()
    record(committee, "member_added", actor, member=member.id, account=account_id, organisation=organisation_id, seat=seat)
    return member


def note_presence(actor: Actor, committee: Committee, member: CommitteeMember, *, comes: bool) -> None:
    """Whether a member comes, or is there; while decisions are noted, she may leave and come back."""
    check(actor, Permission.REFERRAL_DECIDE)
    _may_change(committee)
    member.comes = comes
    record(committee, "presence_noted", actor, member=member.id, comes=comes)


def give_seat(actor: Actor, committee: Committee, member: CommitteeMember, *, seat: Seat) -> None:
    """A member presides, or keeps the minutes, in the place of whoever does not come. Raises `SeatHeld` where somebody does."""
    check(actor, Permission.REFERRAL_DECIDE)
    _may_change(committee)
    if member.seat is seat:
        return
    _free(committee, seat)
    member.seat = seat
    record(committee, "seat_given", actor, member=member.id, seat=seat)


def _may_change(committee: Committee) -> None:
    lock(committee)
    if not (committee.state.is_prepared or committee.state.is_in_session):
        raise NotPrepared


def _free(committee: Committee, seat: Seat) -> None:
    """Free a seat of which there is one of whoever does not come; raises `SeatHeld` where she does."""
    holder = next((each for each in committee.members if each.seat is seat and seat is not Seat.MEMBER), None)
    if holder is not None and holder.comes:
        raise SeatHeld
    if holder is not None:
        holder.seat = Seat.MEMBER
        db.session.flush()


def remove_member(actor: Actor, committee: Committee, member: CommitteeMember) -> None:
    """Somebody does not sit after all. Raises `MemberStays` once it has opened: who was there stays in the minutes."""
    check(actor, Permission.REFERRAL_DECIDE)
    lock(committee)
    if committee.state.is_in_session or (committee.state.is_prepared and committee.opened_at is not None):
        raise MemberStays
    is_prepared(committee)
    for line in committee.lines:
        line.recusals[:] = [each for each in line.recusals if each.member_id != member.id]
    db.session.flush()
    number = member.id
    committee.members.remove(member)
    db.session.flush()
    record(committee, "member_removed", actor, member=number)


def member_of(committee: Committee, number: int) -> CommitteeMember:
    """One member; `NotFound` where nobody of that number sits."""
    found = next((each for each in committee.members if each.id == number), None)
    if found is None:
        raise NotFound
    return found
