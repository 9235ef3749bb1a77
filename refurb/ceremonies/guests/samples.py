"""On whose invitations the letters of a ceremony are looked at before their text is adopted."""

from sqlalchemy import select

from refurb.ceremonies.guests.effects import ceremony_letter, guest_letter
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.texts import CEREMONY_FAMILY, CEREMONY_GUEST
from refurb.ceremonies.guests.words import GuestTelling
from refurb.ceremonies.models import Ceremony
from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample

MOST = 20


def _guests() -> list[tuple[int, str]]:
    query = select(CeremonyInvitation.id, CeremonyGuest.name).join(CeremonyInvitation.guest).where(CeremonyGuest.forgotten_at.is_(None))
    return [(number, name) for number, name in db.session.execute(query.order_by(CeremonyInvitation.id.desc()).limit(MOST))]


def _to_guest(record: int) -> list[Letter]:
    found = db.session.get_one(CeremonyInvitation, record)
    return [guest_letter(found.guest, found, sender_address(), sample_link())] if found.guest else []


def _ceremonies() -> list[tuple[int, str]]:
    query = select(Ceremony.id, Ceremony.title).order_by(Ceremony.starts_at.desc()).limit(MOST)
    return [(number, title) for number, title in db.session.execute(query)]


def _to_families(record: int) -> list[Letter]:
    """A family's invitation, of nobody: its letters say nothing of her."""
    ceremony = db.session.get_one(Ceremony, record)
    to = {"to": sender_address(), "link": sample_link(), "key": "sample"}
    return [
        ceremony_letter(CEREMONY_FAMILY, ceremony, None, each, **to)
        for each in (GuestTelling.INVITED, GuestTelling.MOVED, GuestTelling.OFF)
    ]


CEREMONY_SAMPLES = {
    CEREMONY_GUEST.name: TextSample(needs=Permission.CEREMONY_READ, records=_guests, shown=letters_on(_to_guest, "fr")),
    CEREMONY_FAMILY.name: TextSample(needs=Permission.CEREMONY_READ, records=_ceremonies, shown=letters_on(_to_families, "fr")),
}
