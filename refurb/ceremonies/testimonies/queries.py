"""Looking up testimonies: those of a ceremony, those that may be quoted, those that were picked and may not be any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from refurb.ceremonies.consents.models import Consent, ConsentGrant
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.testimonies.models import Testimony
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound


def testimonies_of(ceremony: Ceremony) -> Sequence[Testimony]:
    """The testimonies of a ceremony, in the order of writing, each with its consent: two questions."""
    query = (
        select(Testimony)
        .join(Testimony.consent)
        .join(Consent.invitation)
        .options(contains_eager(Testimony.consent).selectinload(Consent.grants))
        .where(CeremonyInvitation.ceremony_id == ceremony.id, Testimony.forgotten_at.is_(None))
    )
    return db.session.scalars(query.order_by(Testimony.id)).all()


def testimonies_by(consent: Consent) -> Sequence[Testimony]:
    """What one person said."""
    query = select(Testimony).where(Testimony.consent_id == consent.id, Testimony.forgotten_at.is_(None))
    return db.session.scalars(query.options(selectinload(Testimony.consent)).order_by(Testimony.id)).all()


def testimony_at(actor: Actor, consent: Consent, testimony_id: int) -> Testimony:
    """One testimony of a person; `NotFound` for a stranger."""
    found = db.session.get(Testimony, testimony_id) if actor.may(Permission.CEREMONY_READ) else None
    if found is None or found.consent_id != consent.id or found.forgotten_at is not None:
        raise NotFound
    return found


def testimony_in(ceremony: Ceremony, testimony_id: int) -> Testimony:
    """One testimony of a ceremony; `NotFound`."""
    found = next((each for each in testimonies_of(ceremony) if each.id == testimony_id), None)
    if found is None:
        raise NotFound
    return found


def words_granted(consent: Consent, showing: Showing) -> ConsentGrant | None:
    """By what the words of somebody may be shown at a place today."""
    return next((each for each in consent.live if each.channel is ConsentChannel.WORDS and each.showing is showing), None)


def is_quotable(testimony: Testimony, showing: Showing = Showing.CEREMONY_REPORT) -> bool:
    """Whether it may be quoted at a place: approved as it stands, and the consent of its author holds there."""
    return testimony.approved_at is not None and words_granted(testimony.consent, showing) is not None


def named(testimony: Testimony) -> str:
    """The name that its author chose; "" where she chose none, or has withdrawn it."""
    says = any(each.channel is ConsentChannel.NAME for each in testimony.consent.live)
    return (testimony.consent.shown_as or "") if says else ""


@dataclass(frozen=True)
class Quotes:
    """What was picked for the report: what may stand in it, and how many were picked and may not any more."""

    quoted: tuple[Testimony, ...]
    gone: int


def quotes_of(ceremony: Ceremony) -> Quotes:
    """The testimonies that were picked for the report of a ceremony."""
    picked = [each for each in testimonies_of(ceremony) if each.is_picked]
    quoted = tuple(each for each in picked if is_quotable(each))
    return Quotes(quoted, len(picked) - len(quoted))
