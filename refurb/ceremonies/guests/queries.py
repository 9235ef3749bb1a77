"""Looking up invitations, the room, and who waits for a place."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.words import GuestAnswer, GuestKind
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.words import Attendance
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.models import Allocation
from refurb.referrals.words import AllocationState

PLACES = CeremonyInvitation.companions + 1
_HELD = (GuestAnswer.TO_SEND, GuestAnswer.INVITED, GuestAnswer.WAITING)


@dataclass(frozen=True)
class HallRoom:
    """How the places of a room stand. `held` is kept for families that have no place yet: they are never told that it is full."""

    capacity: int | None
    taken: int
    held: int
    asked: int
    waiting: int
    arrived: int

    @property
    def free(self) -> int | None:
        """How many places are left; None where nobody said how many there are."""
        return None if self.capacity is None else max(0, self.capacity - self.taken - self.held)


def _of(ceremony_id: int) -> Select[CeremonyInvitation]:
    return select(CeremonyInvitation).where(CeremonyInvitation.ceremony_id == ceremony_id)


def _whole(query: Select[CeremonyInvitation]) -> Select[CeremonyInvitation]:
    return query.options(joinedload(CeremonyInvitation.guest).joinedload(CeremonyGuest.organisation))


def guests_of(ceremony: Ceremony) -> Sequence[CeremonyInvitation]:
    """The invitations of guests, in the order in which they were written down: never a family's."""
    query = _whole(_of(ceremony.id)).where(CeremonyInvitation.guest_id.is_not(None))
    return db.session.scalars(query.order_by(CeremonyInvitation.id)).all()


def invited_families(ceremony: Ceremony) -> Sequence[CeremonyInvitation]:
    """The invitations of families, in the order of the day."""
    query = _of(ceremony.id).join(CeremonyInvitation.turn).order_by(Turn.position)
    return db.session.scalars(query).all()


def invitation_at(actor: Actor, number: int, invited: int) -> CeremonyInvitation:
    """One invitation of a ceremony; `NotFound` for a stranger."""
    query = _of(number).where(CeremonyInvitation.id == invited)
    found = db.session.scalar(_whole(query)) if actor.may(Permission.CEREMONY_READ) else None
    if found is None:
        raise NotFound
    return found


def invitation_of_link(number: int) -> CeremonyInvitation:
    """The invitation that a link opens; `NotFound` where it is gone."""
    found = db.session.get(CeremonyInvitation, number)
    if found is None:
        raise NotFound
    return found


def invited_donors(ceremony: Ceremony) -> set[int]:
    """The organisations that are invited as donors: as partners they may be invited besides."""
    query = select(CeremonyGuest.organisation_id).where(CeremonyGuest.ceremony_id == ceremony.id, CeremonyGuest.kind == GuestKind.DONOR)
    return {number for number in db.session.scalars(query) if number is not None}


def invitation_of_turn(turn: Turn) -> CeremonyInvitation | None:
    """The invitation by which a family comes."""
    return db.session.scalar(select(CeremonyInvitation).where(CeremonyInvitation.turn_id == turn.id))


def to_send(ceremony: Ceremony) -> Sequence[CeremonyInvitation]:
    """What was not sent yet, families first."""
    query = _whole(_of(ceremony.id)).where(CeremonyInvitation.state == GuestAnswer.TO_SEND)
    return db.session.scalars(query.order_by(CeremonyInvitation.turn_id.is_(None), CeremonyInvitation.id)).all()


def waiting_in_order(ceremony: Ceremony) -> Sequence[CeremonyInvitation]:
    """Who waits for a place, the first first."""
    query = _of(ceremony.id).where(CeremonyInvitation.state == GuestAnswer.WAITING)
    return db.session.scalars(query.order_by(CeremonyInvitation.waits_since, CeremonyInvitation.id)).all()


def place_in_line(invitation: CeremonyInvitation) -> int:
    """Which place somebody has on the waiting list, counted from one."""
    return [each.id for each in waiting_in_order(invitation.ceremony)].index(invitation.id) + 1


def is_invited(ceremony: Ceremony, email: str) -> bool:
    """Whether a guest with this address is invited already."""
    query = select(CeremonyGuest.id).where(CeremonyGuest.ceremony_id == ceremony.id, func.lower(CeremonyGuest.email) == email.lower())
    return db.session.scalar(query.limit(1)) is not None


def places_kept(ceremony: Ceremony) -> int:
    """How many places are promised by answers."""
    query = select(func.coalesce(func.sum(PLACES), 0)).where(CeremonyInvitation.ceremony_id == ceremony.id)
    return db.session.scalar(query.where(CeremonyInvitation.state == GuestAnswer.COMING)) or 0


def held_for_families(ceremony: Ceremony, but: CeremonyInvitation | None = None) -> int:
    """One place for each family that is expected and has no place yet: it asked for more, or has not answered."""
    query = select(func.count()).select_from(CeremonyInvitation).join(CeremonyInvitation.turn)
    query = query.where(CeremonyInvitation.ceremony_id == ceremony.id, CeremonyInvitation.state.in_(_HELD))
    query = query.join(Turn.allocation).where(Turn.state == Attendance.EXPECTED, Allocation.state == AllocationState.ACTIVE)
    return db.session.scalar(query if but is None else query.where(CeremonyInvitation.id != but.id)) or 0


def room_of(ceremony: Ceremony) -> HallRoom:
    """How the room fills."""
    count = dict[GuestAnswer, int]()
    arrived = 0
    grouped = (
        select(CeremonyInvitation.state, func.count(), func.sum(CeremonyInvitation.arrived))
        .where(CeremonyInvitation.ceremony_id == ceremony.id)
        .group_by(CeremonyInvitation.state)
    )
    for state, number, came in db.session.execute(grouped):
        count[state] = number
        arrived += came or 0
    asked = count.get(GuestAnswer.INVITED, 0)
    return HallRoom(ceremony.capacity, ceremony.taken, held_for_families(ceremony), asked, count.get(GuestAnswer.WAITING, 0), arrived)


def thanked_by_name(ceremony: Ceremony) -> list[str]:
    """The donors who agreed to be named, in the order of the alphabet."""
    query = (
        select(CeremonyGuest)
        .options(joinedload(CeremonyGuest.organisation))
        .where(CeremonyGuest.ceremony_id == ceremony.id, CeremonyGuest.is_named, CeremonyGuest.forgotten_at.is_(None))
    )
    found = db.session.scalars(query)
    return sorted({each.organisation.name if each.organisation else each.name for each in found}, key=str.casefold)
