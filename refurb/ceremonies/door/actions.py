"""Let people in, take it back, write down who was on no list; hand over one bag after the other by scanning."""

from refurb.ceremonies.door.queries import invitation_by_code
from refurb.ceremonies.door.rules import NotArrived, NotOfThisCeremony, NotOnTheList
from refurb.ceremonies.guests.actions import fits, settle_room
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.queries import invitation_of_turn
from refurb.ceremonies.guests.rules import DoorClosed, RoomFull, already_in, door_is_open
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.queries import position_of_code, turn_for
from refurb.ceremonies.states import turn_machine
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import new_code
from refurb.referrals.cases.contents import usual_accessories
from refurb.referrals.words import SignatureKind


def let_in(actor: Actor, invitation: CeremonyInvitation, people: int | None = None) -> int:
    """Let so many people in by an invitation, all of its places where no number is said; how many came in.

    Whoever answered nothing is let in where there is room. Raises `AlreadyArrived` where all are in: the second door reads since when.
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation.ceremony)
    lock(invitation)
    door_is_open(invitation)
    if not invitation.state.is_coming:
        told = {"companions": invitation.companions, "needs": invitation.needs, "no_photo": invitation.no_photo}
        guest_machine.fire(invitation, "accept", actor, **told)
    left = invitation.places - invitation.arrived
    coming = left if people is None else people
    if not 0 < coming <= left:
        raise already_in(invitation)
    invitation.arrived += coming
    invitation.arrived_at = invitation.arrived_at or now()  # Since when, at another door: since the first came in.
    record(invitation, "arrived", actor, people=coming)
    return coming


def let_in_by_code(actor: Actor, ceremony: Ceremony, typed: str) -> CeremonyInvitation:
    """Let in everybody whom a scanned code stands for."""
    found = invitation_by_code(ceremony, typed)
    if found is None:
        raise NotOnTheList(typed=typed.strip()[:60])
    let_in(actor, found)
    return found


def add_place(actor: Actor, invitation: CeremonyInvitation) -> None:
    """Let one more in than the invitation says, where the room has a place left."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation.ceremony)
    lock(invitation)
    door_is_open(invitation)
    more = invitation.companions + 1
    if invitation.state.is_coming:
        if not fits(invitation, more):
            raise RoomFull(free=0, wanted=1)
        invitation.companions = more
        settle_room(invitation.ceremony)
    else:
        guest_machine.fire(invitation, "accept", actor, companions=more, needs=invitation.needs, no_photo=invitation.no_photo)
    let_in(actor, invitation, 1)


def take_back(actor: Actor, invitation: CeremonyInvitation, people: int | None = None) -> None:
    """So many of those who came in did not, after all, everybody where no number is said; a second press changes nothing."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    door_is_open(invitation)
    back = min(invitation.arrived, people or invitation.arrived)
    if back:
        invitation.arrived -= back
        if not invitation.arrived:
            invitation.arrived_at = None
        record(invitation, "taken_back", actor, people=back)


def let_stranger_in(actor: Actor, ceremony: Ceremony, *, name: str, companions: int = 0, no_photo: bool = True) -> CeremonyInvitation:
    """Write down at the door somebody who was on no list, and let them in, where the room has places left."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    if not ceremony.state.is_held:
        raise DoorClosed
    guest = CeremonyGuest(ceremony_id=ceremony.id, kind=GuestKind.VISITOR, name=name, created_at=now())
    made: CeremonyInvitation = guest_machine.begin(CeremonyInvitation(ceremony=ceremony, guest=guest, code=new_code()), actor)
    made.companions, made.no_photo = companions, no_photo
    db.session.flush()
    let_in(actor, made)
    return made


def hand_over_scanned(actor: Actor, ceremony: Ceremony, typed: str) -> Turn:
    """Hand over the bag whose label was scanned, its slip still to be signed on paper: one scan after the other.

    Raises `NotArrived` where its family has not come in, and whatever the hand-over itself refuses; then nothing changed.
    """
    check(actor, Permission.HANDOVER_WRITE)
    position = position_of_code(ceremony, typed)
    if position is None:
        raise NotOfThisCeremony(typed=typed.strip()[:60])
    turn = turn_for(actor, ceremony.id, position)
    found = invitation_of_turn(turn)
    if turn.state.is_expected and (found is None or not found.arrived):
        raise NotArrived(position=turn.position)
    usual = [str(each) for each in usual_accessories(turn.allocation)]
    turn_machine.fire(turn, "hand_over", actor, signature_kind=SignatureKind.PAPER.value, accessories=usual)
    return turn
