"""Invite guests and families, take their answers, let in who waits; and tell everybody when a ceremony moves or is called off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from refurb.ceremonies.guests.figures import donors_to_invite
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.queries import (
    guests_of,
    held_for_families,
    invitation_of_turn,
    invited_donors,
    invited_families,
    is_invited,
    places_kept,
    to_send,
    waiting_in_order,
)
from refurb.ceremonies.guests.reached import family_invitation, is_awaited_by
from refurb.ceremonies.guests.rules import TAKEN_BACK_WITHIN, GuestTwice, RoomFull, RoomTooSmall, may_answer
from refurb.ceremonies.guests.schemas import MOST_BY_LINK
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.texted import is_told
from refurb.ceremonies.guests.words import GuestAnswer, GuestKind, GuestTelling
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.rules import is_planned
from refurb.ceremonies.states import turn_machine
from refurb.ceremonies.words import Attendance
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import plan_text
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import local, midnight, now
from refurb.kernel.speech.codes import new_code
from refurb.kernel.speech.errors import Fault, Invalid

MAIL_GUEST = "mail_ceremony_guest"
MAIL_FAMILY = "mail_ceremony_family"
REMINDS_AT = timedelta(hours=10)
"""When reminders leave, on the wall clock."""
REMINDED_BEFORE = timedelta(days=7)
"""How long before the last day for an answer whoever gave none is asked once more."""
_OPEN = (GuestAnswer.INVITED, GuestAnswer.COMING, GuestAnswer.WAITING)


def add_guest(
    actor: Actor,
    ceremony: Ceremony,
    *,
    kind: GuestKind,
    name: str,
    organisation_id: int | None = None,
    email: str | None = None,
    address: str | None = None,
    is_named: bool = False,
) -> CeremonyInvitation:
    """Write somebody down who is to be invited; nothing leaves yet. Raises `GuestTwice`."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_planned(ceremony)
    if kind is GuestKind.DONOR and organisation_id is None:
        raise Invalid({"organisation_id": [Fault("ceremony.donor_of_what")]})
    if email and is_invited(ceremony, email):
        raise GuestTwice(email=email)
    return _begin(
        actor,
        CeremonyInvitation(
            ceremony=ceremony,
            code=new_code(),
            guest=CeremonyGuest(
                ceremony_id=ceremony.id, kind=kind, name=name, organisation_id=organisation_id, email=email or None,
                address=address or None, is_named=is_named, created_at=now(),
            ),
        ),
    )  # fmt: skip


def _begin(actor: Actor, invitation: CeremonyInvitation) -> CeremonyInvitation:
    """Whoever has not answered is in no picture, guests as well as families: the mark tells nobody which of both somebody is."""
    invitation.no_photo = True
    guest_machine.begin(invitation, actor)
    return invitation


def add_donors(actor: Actor, ceremony: Ceremony, donor_ids: Sequence[int]) -> int:
    """Write some donors down, each by the contact that is known; how many. Whoever shares an address with a guest is left aside."""
    check(actor, Permission.CEREMONY_WRITE)
    wanted = set(donor_ids)
    offered = {each.figure.donor_id: each for each in donors_to_invite(invited_donors(ceremony))}
    if not wanted <= offered.keys():
        raise Invalid({"donors": [Fault("field.choice")]})
    made = 0
    for number, donor in offered.items():
        if number in wanted and not (donor.email and is_invited(ceremony, donor.email)):
            add_guest(
                actor, ceremony, kind=GuestKind.DONOR, name=donor.person, organisation_id=number, email=donor.email, address=donor.address
            )
            made += 1
    return made


def follow_turns(actor: Actor, ceremony: Ceremony) -> None:
    """Each family that is chosen has an invitation, the one that she had where she was taken off before."""
    for turn in ceremony.turns:
        if invitation_of_turn(turn) is not None:
            continue
        known = family_invitation(ceremony.id, turn.allocation_id)
        if known is None:
            _begin(actor, CeremonyInvitation(ceremony=ceremony, turn=turn, allocation_id=turn.allocation_id, code=new_code()))
        else:
            known.turn = turn
            guest_machine.fire(known, "invite_again", actor)
    settle_room(ceremony)
    if ceremony.capacity is not None:
        free = ceremony.capacity - ceremony.taken - held_for_families(ceremony)
        if free < 0:
            raise RoomFull(free=0, wanted=-free)


def take_off(actor: Actor, turn: Turn) -> None:
    """A family is not on the list any more: told so, where she was asked; her link stays, and says so too."""
    found = invitation_of_turn(turn)
    if found is not None:
        guest_machine.fire(found, "withdraw", actor)


def send_all(actor: Actor, ceremony: Ceremony) -> int:
    """Send every invitation that was not sent yet and goes by e-mail; how many. The others are told by hand, and noted one by one."""
    lock(ceremony)
    waiting = [each for each in to_send(ceremony) if is_told(each)]
    for each in waiting:
        guest_machine.fire(each, "send", actor)
    return len(waiting)


def tell(invitation: CeremonyInvitation, told: GuestTelling, **when: Any) -> None:
    """Promise the letter that says where an invitation stands; a family's knows the allocation, which outlives its turn."""
    facts: dict[str, Any] = {"told": told.value, "sequence": invitation.sequence}
    if invitation.allocation_id is not None:
        facts |= {"ceremony_id": invitation.ceremony_id, "allocation_id": invitation.allocation_id}
        plan(MAIL_FAMILY, **facts, **when)
        plan_text(MAIL_FAMILY, SmsKind.CEREMONIES, **facts, **when)
    else:
        plan(MAIL_GUEST, invitation_id=invitation.id, **facts, **when)


@guest_machine.does("send")
def _send(invitation: CeremonyInvitation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """It leaves in ten minutes, and a reminder later, unless somebody answers first; without an address somebody told it by hand."""
    invitation.sequence += 1
    invitation.invited_at, invitation.posted = now(), None
    if is_told(invitation):
        tell(invitation, GuestTelling.INVITED, due_at=invitation.invited_at + TAKEN_BACK_WITHIN)
        _remind(invitation)


def _remind(invitation: CeremonyInvitation) -> None:
    last = invitation.ceremony.answer_by
    if last:
        reminder = midnight(last - REMINDED_BEFORE) + REMINDS_AT
        if reminder > now() + TAKEN_BACK_WITHIN:
            tell(invitation, GuestTelling.REMINDED, due_at=reminder)


@guest_machine.does("unsend")
def _unsend(invitation: CeremonyInvitation, _actor: Actor, _facts: dict[str, Any]) -> None:
    invitation.sequence += 1
    invitation.invited_at = None


def answer_by_link(invitation: CeremonyInvitation, *, comes: bool, **told: Any) -> None:
    """Take the answer that somebody gave by her link; who cannot be let in any more waits, first come, first served.

    Whoever has a place, or one that is kept for her, keeps it: more than the room has raises `RoomFull`, and what was said stands.
    """
    lock(invitation.ceremony)
    lock(invitation)
    may_answer(invitation)
    if not comes:
        if not invitation.state.is_declined:  # The same answer twice is one.
            guest_machine.fire(invitation, "decline", SERVICE)
        return
    if not invitation.is_family and told["companions"] > max(MOST_BY_LINK, invitation.companions):
        raise Invalid({"companions": [Fault("field.out_of_range", least=0, most=MOST_BY_LINK)]})
    if fits(invitation, told["companions"]) and not _is_behind(invitation):
        guest_machine.fire(invitation, "accept", SERVICE, **told)
    elif _has_a_place(invitation):
        raise _full(invitation, told["companions"])
    else:
        guest_machine.fire(invitation, "wait", SERVICE, **told)


def _has_a_place(invitation: CeremonyInvitation) -> bool:
    expected = invitation.turn is not None and invitation.turn.state.is_expected
    return invitation.state.is_coming or (expected and not invitation.state.is_waiting)


def _full(invitation: CeremonyInvitation, companions: int) -> RoomFull:
    return RoomFull(free=max(0, _free(invitation) or 0), wanted=1 + companions)


def fits(invitation: CeremonyInvitation, companions: int) -> bool:
    """Whether the room has a place for somebody with so many companions; its own places count as free."""
    free = _free(invitation)
    return free is None or 1 + companions <= free


def _free(invitation: CeremonyInvitation) -> int | None:
    ceremony = invitation.ceremony
    if ceremony.capacity is None:
        return None
    own = invitation.places if invitation.state.is_coming else 0
    return ceremony.capacity - ceremony.taken + own - held_for_families(ceremony, but=invitation)


def _is_behind(invitation: CeremonyInvitation) -> bool:
    """Whether others wait already: nobody passes them. A family waits behind nobody."""
    others = [each for each in waiting_in_order(invitation.ceremony) if each.id != invitation.id]
    return bool(others) and not invitation.state.is_coming and not invitation.is_family


@guest_machine.does("accept")
def _accept(invitation: CeremonyInvitation, actor: Actor, facts: dict[str, Any]) -> None:
    """The last place is one answer's: the ceremony is held, and counts what it promised."""
    lock(invitation.ceremony)
    if not fits(invitation, facts["companions"]):
        raise _full(invitation, facts["companions"])
    _keep(invitation, facts)
    turn = invitation.turn
    if turn is not None and turn.state is Attendance.ALONE and turn.allocation.state.is_active:
        turn_machine.fire(turn, "bring_back", actor)
    if invitation.ceremony.state.is_planned:  # At the door nobody is written to.
        tell(invitation, GuestTelling.ANSWERED)
        _remind_on_the_eve(invitation)


def _remind_on_the_eve(invitation: CeremonyInvitation) -> None:
    eve = midnight(local(invitation.ceremony.starts_at).date() - timedelta(days=1)) + REMINDS_AT
    if eve > now():
        tell(invitation, GuestTelling.EVE, due_at=eve)


@guest_machine.does("wait")
def _wait(invitation: CeremonyInvitation, _actor: Actor, facts: dict[str, Any]) -> None:
    """Whoever waits already keeps her place in the line."""
    lock(invitation.ceremony)
    _keep(invitation, facts)
    tell(invitation, GuestTelling.ANSWERED)


def _keep(invitation: CeremonyInvitation, facts: dict[str, Any]) -> None:
    """What somebody needs stands in her invitation, and is erased there: the history keeps none of it.

    Of a family no picture is taken before its consent is written: silence on a page is none.
    """
    invitation.sequence += 1
    invitation.companions = facts["companions"]
    invitation.needs = [str(each) for each in facts.pop("needs") or ()]
    told = facts.pop("no_photo")
    invitation.no_photo = invitation.is_family or told


@guest_machine.does("decline")
def _decline(invitation: CeremonyInvitation, actor: Actor, _facts: dict[str, Any]) -> None:
    """A family that does not come is handed its device on a day of its own: her turn is another's no more, her device stays hers."""
    lock(invitation.ceremony)
    invitation.sequence += 1
    invitation.companions, invitation.needs = 0, []
    if invitation.turn is not None and invitation.turn.state.is_expected and invitation.ceremony.state.is_planned:
        turn_machine.fire(invitation.turn, "keep_apart", actor)


@guest_machine.does("withdraw")
@guest_machine.does("call_off")
def _take_off(invitation: CeremonyInvitation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """Whoever was asked is told; a family has no turn any more, and her invitation stays for her link to say so."""
    lock(invitation.ceremony)
    was_asked = invitation.state in _OPEN and not _is_still_here(invitation)
    invitation.sequence += 1
    invitation.companions, invitation.needs = 0, []
    turn, invitation.turn = invitation.turn, None
    if turn is not None:
        turn.ceremony.turns.remove(turn)
    if was_asked:
        tell(invitation, GuestTelling.OFF)


def _follow(invitation: CeremonyInvitation, row: Any, _actor: Actor, _facts: dict[str, Any]) -> None:
    """Since when somebody waits is known of whoever does; the room counts again what it promised, and lets in who waits.

    The place of a family that is taken off is another family's first: who is chosen is settled together (`follow_turns`).
    """
    off_the_list = row.name == "withdraw" and invitation.is_family
    was_waiting = invitation.waits_since is not None
    invitation.waits_since = (invitation.waits_since or now()) if row.target is GuestAnswer.WAITING else None
    let_in = was_waiting and row.target is GuestAnswer.COMING  # Makes room for nobody.
    if row.name == "call_off" or off_the_list or let_in:
        _count_room(invitation.ceremony)
    else:
        settle_room(invitation.ceremony)


guest_machine.followers.append(_follow)


def _count_room(ceremony: Ceremony) -> None:
    db.session.flush()
    ceremony.taken = places_kept(ceremony)
    db.session.flush()


def settle_room(ceremony: Ceremony) -> None:
    """Count what the room promised, and let in who waits, in their order, as long as the next one finds room."""
    _count_room(ceremony)
    if not ceremony.state.is_planned:
        return
    for each in waiting_in_order(ceremony):
        if each.allocation_id is not None and not is_awaited_by(each):
            continue
        if not fits(each, each.companions):
            break
        guest_machine.fire(each, "accept", SERVICE, companions=each.companions, needs=each.needs, no_photo=each.no_photo)


def resize_room(ceremony: Ceremony, capacity: int | None) -> None:
    """Say how many places the room has; raises `RoomTooSmall` where more are promised. Whoever waits is let into what is added."""
    promised = ceremony.taken + held_for_families(ceremony)
    if capacity is not None and capacity < promised:
        raise RoomTooSmall(taken=promised, capacity=capacity)
    ceremony.capacity = capacity
    settle_room(ceremony)


def tell_moved(ceremony: Ceremony) -> None:
    """Tell everybody who was invited that the date or the place changed; what they answered stands until they change it.

    A letter that has not left yet is written when it leaves, and says the new day by itself.
    """
    for each in (*guests_of(ceremony), *invited_families(ceremony)):
        if each.state not in _OPEN or _is_still_here(each):
            continue
        each.sequence += 1
        tell(each, GuestTelling.MOVED)
        if each.state.is_coming:
            _remind_on_the_eve(each)
        elif each.state is GuestAnswer.INVITED:
            _remind(each)


def remind_anew(ceremony: Ceremony) -> None:
    """The day until which an answer is asked for changed: whoever gave none is reminded before the new one, and not before the old."""
    for each in (*guests_of(ceremony), *invited_families(ceremony)):
        if each.state is not GuestAnswer.INVITED or not is_told(each):
            continue
        each.sequence += 1
        if _is_still_here(each):
            tell(each, GuestTelling.INVITED, due_at=_leaves_at(each))
        _remind(each)


def send_again(invitation: CeremonyInvitation) -> None:
    """Write anew to whoever was asked at another address: the link that went there opens nothing any more."""
    if not invitation.ceremony.state.is_planned or invitation.state not in _OPEN:
        return
    invitation.sequence += 1
    if invitation.state is GuestAnswer.INVITED:
        tell(invitation, GuestTelling.INVITED, due_at=_leaves_at(invitation))
        _remind(invitation)
    else:
        tell(invitation, GuestTelling.ANSWERED)
        if invitation.state.is_coming:
            _remind_on_the_eve(invitation)


def _is_still_here(invitation: CeremonyInvitation) -> bool:
    """Whether an invitation was sent so lately that its letter has not left."""
    return invitation.state is GuestAnswer.INVITED and _leaves_at(invitation) is not None


def _leaves_at(invitation: CeremonyInvitation) -> datetime | None:
    """When the letter of an invitation leaves that may still be taken back; None for one that left."""
    left_at = invitation.invited_at + TAKEN_BACK_WITHIN if invitation.invited_at else None
    return left_at if left_at is not None and now() < left_at else None


def call_everybody_off(actor: Actor, ceremony: Ceremony) -> None:
    """Tell everybody who was invited that it does not take place."""
    for each in (*guests_of(ceremony), *invited_families(ceremony)):
        if each.state.is_declined:
            each.turn = None
        elif not each.state.is_off:
            guest_machine.fire(each, "call_off", actor)
    ceremony.taken = 0
