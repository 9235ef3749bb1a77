"""Who is expected at the door, as whoever stands there reads it: names and places, never who is a family and who is a donor."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from refurb.ceremonies.consents.queries import asked_to_be_seen, in_pictures
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.words import Attendance
from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import from_wall, local
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.folding import fold, words_of
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.words import AllocationState

_GONE = (GuestAnswer.OFF,)


@dataclass(frozen=True)
class AtDoor:
    """One line of the door's list."""

    invitation_id: int
    name: str
    places: int
    arrived: int
    arrived_at: datetime | None
    is_coming: bool
    may_come: bool
    no_photo: bool
    in_pictures: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def is_in(self) -> bool:
        """Whether everybody who may come in by it is in."""
        return self.arrived >= self.places

    @property
    def left(self) -> int:
        """How many may still come in by it."""
        return self.places - self.arrived


def door_list(ceremony: Ceremony) -> list[AtDoor]:
    """Everybody who is invited, from A to Z by name: a few questions, whatever their number.

    « Pas de photo » is read from the consents: a family bears the mark until each of her places has one that is given, and whoever comes
    with her is in no picture before she has signed herself. A guest who comes alone bears it as she answered, and once she was asked for
    her picture until she signs; one who comes with others as a family does.
    """
    last, first = Beneficiary.last_name, Beneficiary.first_name
    query = (
        select(CeremonyInvitation, CeremonyGuest.name, last, first)
        .outerjoin(CeremonyGuest, CeremonyGuest.id == CeremonyInvitation.guest_id)
        .outerjoin(Turn, Turn.id == CeremonyInvitation.turn_id)
        .outerjoin(Allocation, Allocation.id == Turn.allocation_id)
        .outerjoin(Referral, Referral.id == Allocation.referral_id)
        .outerjoin(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(CeremonyInvitation.ceremony_id == ceremony.id, CeremonyInvitation.state.not_in(_GONE))
    )
    agreed, asked = in_pictures(ceremony), asked_to_be_seen(ceremony)
    found = [
        _line(each, name or " ".join(part for part in (first, last) if part), agreed.get(each.id, []), is_asked=each.id in asked)
        for each, name, last, first in db.session.execute(query)
    ]
    return sorted(found, key=lambda line: (fold(line.name), line.invitation_id))


def _line(each: CeremonyInvitation, name: str, agreed: list[str], *, is_asked: bool) -> AtDoor:
    return AtDoor(
        each.id,
        name,
        each.places,
        each.arrived,
        each.arrived_at,
        each.state.is_coming,
        not each.state.is_declined,
        len(agreed) < each.places and (each.is_family or each.no_photo or each.companions > 0 or is_asked),
        tuple(agreed),
        tuple(each.needs),
    )


def found_at_door(lines: list[AtDoor], typed: str) -> list[AtDoor]:
    """Whose name holds each word that was typed, three letters together or more, without accents."""
    words = words_of(typed)
    if sum(map(len, words)) < 3:
        return []
    return [line for line in lines if all(word in fold(line.name) for word in words)]


def invitation_by_code(ceremony: Ceremony, typed: str) -> CeremonyInvitation | None:
    """The invitation whose code was scanned or typed."""
    code = find_code(typed)
    if code is None:
        return None
    query = select(CeremonyInvitation).where(CeremonyInvitation.ceremony_id == ceremony.id, CeremonyInvitation.code == code)
    return db.session.scalar(query.where(CeremonyInvitation.state.not_in(_GONE)))


def last_arrived(lines: list[AtDoor], most: int = 5) -> list[AtDoor]:
    """Who came in last, the last first."""
    came = [(line.arrived_at, line.invitation_id, line) for line in lines if line.arrived_at is not None]
    return [line for _at, _id, line in sorted(came, reverse=True)[:most]]


@dataclass(frozen=True)
class Screen:
    """The numbers of the big screen: nobody's name is among them."""

    handed: int
    machines: int
    handed_this_year: int
    donors: int


def screen_of(ceremony: Ceremony) -> Screen:
    """How many machines were handed over this evening and this year, with a signed slip, and from how many donors.

    What was handed over elsewhere is not of this evening, whatever its slip says.
    """
    here = (Turn.ceremony_id == ceremony.id, Turn.state.in_((Attendance.EXPECTED, Attendance.SERVED)))
    waiting = (Turn.state == Attendance.EXPECTED) & (Allocation.state == AllocationState.ACTIVE) & HandoverLine.closed_at.is_(None)
    given = (Turn.state == Attendance.SERVED) & (Allocation.state == AllocationState.FULFILLED) & HandoverLine.handover_id.is_not(None)
    evening = (
        select(func.count(), func.count(case((given & Handover.paper_id.is_not(None), 1))))
        .select_from(Turn)
        .join(Turn.allocation)
        .join(HandoverLine, HandoverLine.allocation_id == Allocation.id)
        .outerjoin(Handover, Handover.id == HandoverLine.handover_id)
        .where(*here, HandoverLine.device_id.is_not(None), waiting | given)
    )
    machines, handed = db.session.execute(evening).one()
    year = local(ceremony.starts_at).year
    first, after = (from_wall(datetime(each, 1, 1)) for each in (year, year + 1))  # noqa: DTZ001 - read on the wall
    signed = (
        select(func.count())
        .select_from(HandoverLine)
        .join(Handover, Handover.id == HandoverLine.handover_id)
        .where(HandoverLine.device_id.is_not(None), Handover.handed_at >= first, Handover.handed_at < after, Handover.paper_id.is_not(None))
    )
    donors = (
        select(func.count(func.distinct(Donation.donor_id)))
        .join(Device, Device.donation_id == Donation.id)
        .join(Organisation, Organisation.id == Donation.donor_id)
        .where(Organisation.is_home.is_(False), Donation.received_on >= date(year, 1, 1), Donation.received_on < date(year + 1, 1, 1))
    )
    return Screen(handed, machines, db.session.scalar(signed) or 0, db.session.scalar(donors) or 0)
