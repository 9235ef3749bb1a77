"""What a committee that sits notes on each file: a decision, until it closes; and who leaves the room."""

from collections.abc import Sequence

from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.referrals.cases.rules import is_anothers, is_of_the_kind
from refurb.referrals.committees.actions.agenda import hold_agendas
from refurb.referrals.committees.models import Committee, CommitteeLine, CommitteeMember, CommitteeRecusal
from refurb.referrals.committees.queries import agenda_of, free_devices, holder_of, line_among, places_left, room_of
from refurb.referrals.committees.rules import (
    ChairIsOut,
    DeviceGone,
    DeviceSetAside,
    MemberRecused,
    NoAgreement,
    NobodyStays,
    NoDeviceLeft,
    is_in_session,
    is_prepared,
    still_waits,
)
from refurb.referrals.committees.words import LineReason, LineVerdict, Seat


def note_decision(
    actor: Actor,
    committee: Committee,
    position: int,
    *,
    verdict: LineVerdict,
    reason: LineReason,
    note: str | None = None,
    question: str | None = None,
    device: str | None = None,
    over_quota: bool = False,
) -> CommitteeLine:
    """Note what the committee decides on a file, or decides otherwise; nothing happens before it closes.

    `device` is the code of the one that is set aside, the proposed one or else the one ready for longest where none is named. Raises
    `FileGone`, `MemberRecused`, `NobodyStays`, `QuotaFull` (unless gone over with a sentence and the agreement of who presides:
    `over_quota`), `NoDeviceLeft`, `DeviceSetAside`, `DeviceGone`.
    """
    check(actor, Permission.REFERRAL_DECIDE)
    hold_agendas(committee)
    is_in_session(committee)
    lines = agenda_of(committee)
    line = line_among(lines, position)
    still_waits(line)
    is_anothers(line.referral, actor)
    room = room_of(committee)
    if room.is_out(actor, line):
        raise MemberRecused(reference=line.referral.reference)
    stay = room.staying(line)
    if not stay:
        raise NobodyStays(reference=line.referral.reference)
    goes_over = verdict is LineVerdict.ALLOCATE and _goes_over(line, lines, over=over_quota, note=note)
    if goes_over and not any(each.seat is Seat.CHAIR for each in stay):
        raise ChairIsOut(reference=line.referral.reference)
    found = _device_for(actor, line, device) if verdict is LineVerdict.ALLOCATE else None
    line.device = found
    line.verdict, line.reason, line.note, line.over_quota = verdict, reason, note or None, goes_over
    line.question = question or None
    line.decided_at, line.decided_by = now(), actor.id
    db.session.flush()
    told = {"verdict": verdict, "reason": reason, "over_quota": goes_over, "device": line.device_id}
    record(committee, "noted", actor, referral=line.referral_id, position=position, **told)
    return line


def _goes_over(line: CommitteeLine, lines: Sequence[CommitteeLine], *, over: bool, note: str | None) -> bool:
    """Whether one more goes over what was promised; raises where that was not agreed to and explained."""
    places = places_left()
    if places.beside(line, lines) != 0:
        return False
    if not over:
        places.refuse_full(line, lines)
    if not note:
        raise NoAgreement
    return True


def _device_for(actor: Actor, line: CommitteeLine, typed: str | None) -> Device:
    """The device that is set aside for a file: held, ready, of its kind, and nobody else's."""
    if typed:
        try:
            device = device_by_code(actor, typed)
        except NotFound:
            raise Invalid({"device": [Fault("referral.no_such_device")]}) from None
    elif line.device is not None:
        device = line.device
    else:
        free = free_devices({line.referral.device_kind}, but=[line.id], most=1)[line.referral.device_kind]
        if not free:
            raise NoDeviceLeft
        device = free[0]
    lock(device)
    is_of_the_kind(line.referral, device)
    if device.state is not DeviceState.READY:
        raise DeviceGone(code=device.code)
    holder = holder_of(device)
    if holder is not None and holder.id != line.id:
        raise DeviceSetAside(code=device.code, reference=holder.referral.reference)
    return device


def leave_room(actor: Actor, committee: Committee, line: CommitteeLine, member: CommitteeMember, *, word: str) -> None:
    """A member leaves the room for a file, for a reason of her own; said again, the newer word counts."""
    check(actor, Permission.REFERRAL_DECIDE)
    _changes(committee)
    said = next((each for each in line.recusals if each.member_id == member.id), None)
    if said is None:
        line.recusals.append(CommitteeRecusal(member_id=member.id, word=word, at=now()))
    else:
        said.word, said.at = word, now()
    db.session.flush()
    record(committee, "left_room", actor, referral=line.referral_id, member=member.id)


def come_back_in(actor: Actor, committee: Committee, line: CommitteeLine, member: CommitteeMember) -> None:
    """A member stays after all."""
    check(actor, Permission.REFERRAL_DECIDE)
    _changes(committee)
    line.recusals[:] = [each for each in line.recusals if each.member_id != member.id]
    db.session.flush()
    record(committee, "came_back_in", actor, referral=line.referral_id, member=member.id)


def _changes(committee: Committee) -> None:
    lock(committee)
    if not committee.state.is_in_session:
        is_prepared(committee)
