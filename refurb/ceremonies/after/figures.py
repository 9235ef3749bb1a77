"""Who came, in numbers: exact for the office; what leaves the house says nothing of fewer than five people of families."""

from dataclasses import dataclass

from sqlalchemy import func, select

from refurb.ceremonies.door.queries import screen_of
from refurb.ceremonies.guests.figures import LEAST
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.words import GUEST_KINDS, GuestAnswer, GuestKind
from refurb.ceremonies.models import Ceremony
from refurb.kernel.deeds.database import db


@dataclass(frozen=True)
class Came:
    """Of one kind of guests, or of families (`kind` is None): how many places were kept, how many people came."""

    kind: GuestKind | None
    kept: int
    came: int


@dataclass(frozen=True)
class Evening:
    """An evening in numbers."""

    rows: tuple[Came, ...]
    handed: int
    machines: int

    @property
    def came(self) -> int:
        """How many people came in all."""
        return sum(row.came for row in self.rows)

    @property
    def families(self) -> Came:
        """Of the families alone."""
        return next((row for row in self.rows if row.kind is None), Came(None, 0, 0))

    @property
    def tells_families(self) -> bool:
        """Whether the numbers of families may leave the house, of those who came and of places: none, or five and more, of both."""
        return not any(0 < number < LEAST for number in (self.families.came, self.families.kept))


def evening_of(ceremony: Ceremony) -> Evening:
    """Who came to a ceremony, by kind, in the order of the kinds, families last."""
    places = func.sum(CeremonyInvitation.companions + 1)
    query = (
        select(CeremonyGuest.kind, places, func.sum(CeremonyInvitation.arrived))
        .select_from(CeremonyInvitation)
        .outerjoin(CeremonyGuest, CeremonyGuest.id == CeremonyInvitation.guest_id)
        .where(CeremonyInvitation.ceremony_id == ceremony.id, CeremonyInvitation.state == GuestAnswer.COMING)
        .group_by(CeremonyGuest.kind)
    )
    found = {kind: Came(kind, kept, came) for kind, kept, came in db.session.execute(query)}
    screen = screen_of(ceremony)
    order = (*GUEST_KINDS, None)
    return Evening(tuple(found[kind] for kind in order if kind in found), screen.handed, screen.machines)


def came_by(ceremony: Ceremony) -> list[CeremonyInvitation]:
    """The invitations by which somebody came in."""
    query = select(CeremonyInvitation).where(CeremonyInvitation.ceremony_id == ceremony.id, CeremonyInvitation.arrived > 0)
    return list(db.session.scalars(query.order_by(CeremonyInvitation.id)))


def is_anybody_absent(ceremony: Ceremony) -> bool:
    """Whether a family was called and did not come."""
    return any(each.state.is_absent for each in ceremony.turns)
