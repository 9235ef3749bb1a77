"""Looking up consents, what is shown of whom, and what is to be taken down."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.ceremonies.consents.models import Consent, ConsentGrant, ConsentVoice, MaterialUse, UseGrant
from refurb.ceremonies.consents.words import SEEN, ConsentChannel
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.models import Ceremony, Turn
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.models import Allocation, Beneficiary, Referral

_WHOLE = (selectinload(Consent.voices), selectinload(Consent.grants), joinedload(Consent.paper))


def is_live(day: date | None = None) -> ColumnElement[bool]:
    """Whether a grant lets something be shown on a day, today unless told."""
    return Consent.given_at.is_not(None) & ConsentGrant.withdrawn_at.is_(None) & (ConsentGrant.until >= (day or today()))


def consents_of(ceremony: Ceremony) -> Sequence[Consent]:
    """Everybody who was asked at a ceremony, in the order of asking."""
    query = select(Consent).join(Consent.invitation).where(CeremonyInvitation.ceremony_id == ceremony.id, Consent.forgotten_at.is_(None))
    return db.session.scalars(query.options(*_WHOLE).order_by(Consent.id)).all()


def consents_by(invitation: CeremonyInvitation) -> Sequence[Consent]:
    """Those of the people who come by one invitation."""
    query = select(Consent).where(Consent.invitation_id == invitation.id, Consent.forgotten_at.is_(None))
    return db.session.scalars(query.options(*_WHOLE).order_by(Consent.id)).all()


def consent_at(actor: Actor, number: int, consent_id: int) -> Consent:
    """One consent of a ceremony; `NotFound` for a stranger, and once it is forgotten."""
    query = select(Consent).join(Consent.invitation).where(CeremonyInvitation.ceremony_id == number, Consent.id == consent_id)
    found = db.session.scalar(query.options(*_WHOLE)) if actor.may(Permission.CEREMONY_READ) else None
    if found is None or found.forgotten_at is not None:
        raise NotFound
    return found


def voice_at(consent: Consent, position: int) -> ConsentVoice:
    """One of those who must say yes; `NotFound`."""
    found = next((each for each in consent.voices if each.position == position), None)
    if found is None:
        raise NotFound
    return found


def name_of(invitation: CeremonyInvitation) -> str:
    """Who is invited by it, as the person asking her may write it down: a guest, or whoever receives."""
    query = (
        select(CeremonyGuest.name, Beneficiary.first_name, Beneficiary.last_name)
        .select_from(CeremonyInvitation)
        .outerjoin(CeremonyGuest, CeremonyGuest.id == CeremonyInvitation.guest_id)
        .outerjoin(Allocation, Allocation.id == CeremonyInvitation.allocation_id)
        .outerjoin(Referral, Referral.id == Allocation.referral_id)
        .outerjoin(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(CeremonyInvitation.id == invitation.id)
    )
    guest, first, last = db.session.execute(query).one()
    return guest or " ".join(part for part in (first, last) if part)


def in_pictures(ceremony: Ceremony) -> dict[int, list[str]]:
    """By invitation, who may be photographed or filmed today, each once: one question, whatever their number."""
    query = (
        select(Consent.invitation_id, Consent.name, Consent.id)
        .join(Consent.invitation)
        .join(Consent.grants)
        .where(CeremonyInvitation.ceremony_id == ceremony.id, ConsentGrant.channel.in_(SEEN), is_live())
        .distinct()
    )
    found = defaultdict(list)
    for number, name, _id in db.session.execute(query):
        found[number].append(name)
    return found


def asked_to_be_seen(ceremony: Ceremony) -> set[int]:
    """The invitations by which somebody said no, or was asked for her picture, whatever came of it: one question."""
    query = (
        select(Consent.invitation_id)
        .join(Consent.invitation)
        .join(Consent.grants)
        .where(CeremonyInvitation.ceremony_id == ceremony.id, Consent.forgotten_at.is_(None))
        .where(or_(ConsentGrant.channel.in_(SEEN), Consent.refused_at.is_not(None)))
    )
    return set(db.session.scalars(query.distinct()))


def live_grant(consent: Consent, channel: ConsentChannel, showing: object, day: date) -> ConsentGrant | None:
    """By what somebody may be shown this way at this place on a day: neither before it was given nor after its end."""
    if consent.given_at is None or local(consent.given_at).date() > day:
        return None
    return next(
        (each for each in consent.live if each.channel is channel and each.showing is showing and each.until >= day), None
    )  # fmt: skip


def uses_of(ceremony: Ceremony) -> Sequence[MaterialUse]:
    """What of a ceremony was shown, the newest first."""
    query = select(MaterialUse).where(MaterialUse.ceremony_id == ceremony.id)
    query = query.options(selectinload(MaterialUse.grants).joinedload(ConsentGrant.consent))
    return db.session.scalars(query.order_by(MaterialUse.published_on.desc(), MaterialUse.id.desc())).all()


def uses_by(consent: Consent) -> Sequence[MaterialUse]:
    """Where somebody is shown or quoted, or was."""
    query = select(MaterialUse).join(UseGrant, UseGrant.use_id == MaterialUse.id).join(ConsentGrant, ConsentGrant.id == UseGrant.grant_id)
    query = query.where(ConsentGrant.consent_id == consent.id).options(selectinload(MaterialUse.grants)).distinct()
    return db.session.scalars(query.order_by(MaterialUse.id)).all()


def use_at(actor: Actor, number: int, use_id: int) -> MaterialUse:
    """One use of a ceremony; `NotFound` for a stranger."""
    query = select(MaterialUse).where(MaterialUse.ceremony_id == number, MaterialUse.id == use_id)
    found = db.session.scalar(query) if actor.may(Permission.CEREMONY_READ) else None
    if found is None:
        raise NotFound
    return found


def uses_to_take_down(ceremony: Ceremony) -> list[MaterialUse]:
    """What still hangs though somebody on it has withdrawn, or agreed until a day that is over; the first due first."""
    over = exists().where(
        UseGrant.use_id == MaterialUse.id, UseGrant.grant_id == ConsentGrant.id,
        or_(ConsentGrant.withdrawn_at.is_not(None), ConsentGrant.until < today()),
    )  # fmt: skip
    query = select(MaterialUse).where(MaterialUse.ceremony_id == ceremony.id, MaterialUse.taken_down_at.is_(None), over)
    found = db.session.scalars(query.options(selectinload(MaterialUse.grants))).all()
    return sorted(found, key=lambda each: (each.due_on or today(), each.id))


def comes_in(ceremony: Ceremony) -> Sequence[tuple[CeremonyInvitation, str]]:
    """The people who may be asked, each with the name of the invitation; guests and families, from A to Z."""
    query = (
        select(CeremonyInvitation, CeremonyGuest.name, Beneficiary.first_name, Beneficiary.last_name)
        .outerjoin(CeremonyGuest, CeremonyGuest.id == CeremonyInvitation.guest_id)
        .outerjoin(Turn, Turn.id == CeremonyInvitation.turn_id)
        .outerjoin(Allocation, Allocation.id == Turn.allocation_id)
        .outerjoin(Referral, Referral.id == Allocation.referral_id)
        .outerjoin(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(CeremonyInvitation.ceremony_id == ceremony.id)
    )
    found = [
        (each, guest or " ".join(part for part in (first, last) if part))
        for each, guest, first, last in db.session.execute(query)
        if not (each.state.is_off or each.state.is_declined)
    ]
    return sorted(found, key=lambda pair: (pair[1].casefold(), pair[0].id))
