"""When whoever was invited to a ceremony is forgotten: names and needs, a while after it; how many came stays."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, cast, exists, or_, select, update

from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.models import Ceremony
from refurb.directory.durations import durations
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import erase_notes
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l


def _is_over() -> ColumnElement[bool]:
    return exists().where(Ceremony.id == CeremonyInvitation.ceremony_id, Ceremony.starts_at < ago(durations().guests))


def _says_anything() -> ColumnElement[bool]:
    named = exists().where(CeremonyGuest.id == CeremonyInvitation.guest_id, CeremonyGuest.forgotten_at.is_(None))
    return or_(named, cast(CeremonyInvitation.needs, Text) != "[]", CeremonyInvitation.no_photo)


def forget_invited(numbers: Sequence[int]) -> None:
    """Forget whoever was invited by these: names, addresses, needs, marks; how many came stays."""
    these = CeremonyInvitation.id.in_(numbers)
    db.session.execute(update(CeremonyInvitation).where(these).values(needs=[], no_photo=False))
    guests = db.session.scalars(select(CeremonyInvitation.guest_id).where(these, CeremonyInvitation.guest_id.is_not(None))).all()
    nobody = {"name": ERASED, "email": None, "address": None, "forgotten_at": now()}
    db.session.execute(update(CeremonyGuest).where(CeremonyGuest.id.in_(guests)).values(nobody))
    erase_notes(CeremonyInvitation.KIND, numbers)


TERMS = (
    Term(
        key="ceremonies.guests",
        who=_l("Personne invitée à une cérémonie"),
        what=_l("nom, courriel, adresse, besoins, « pas de photo »"),
        remains=_l("combien de personnes sont venues, et la structure qui était invitée"),
        lasts=lambda: durations().guests,
        since=_l("la cérémonie"),
        model=CeremonyInvitation,
        past=_is_over,
        rest=_says_anything,
        forget=forget_invited,
        covers=("ceremony_invitations", "ceremony_guests"),
    ),
)
