"""How a family of a ceremony is reached. The one file by which a letter of a ceremony knows an address of hers; it reads no name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import texts_reach
from refurb.kernel.deeds.database import db
from refurb.referrals.models import Allocation, Beneficiary, Referral
from refurb.referrals.words import AllocationState


def family_address(allocation_id: int) -> str | None:
    """The e-mail address of whoever an allocation is for."""
    query = select(Beneficiary.email).join(Referral, Referral.beneficiary_id == Beneficiary.id)
    return db.session.scalar(query.join(Allocation, Allocation.referral_id == Referral.id).where(Allocation.id == allocation_id))


@dataclass(frozen=True)
class Reached:
    """By what a family is texted: her number, whether she is written to as well, and since when she wants no message."""

    phone: str | None
    has_email: bool
    refused_at: datetime | None


def number_of_family(allocation_id: int) -> Reached | None:
    """The telephone of whoever an allocation is for."""
    query = select(Beneficiary.phone, Beneficiary.email, Beneficiary.sms_refused_at).join(
        Referral, Referral.beneficiary_id == Beneficiary.id
    )
    found = db.session.execute(query.join(Allocation, Allocation.referral_id == Referral.id).where(Allocation.id == allocation_id)).first()
    return Reached(found.phone, bool(found.email), found.sms_refused_at) if found else None


def referral_of(allocation_id: int) -> int:
    """The number of the file that an allocation is of."""
    return db.session.scalars(select(Allocation.referral_id).where(Allocation.id == allocation_id)).one()


def is_texted(invitation: CeremonyInvitation) -> bool:
    """Whether an invitation goes to a telephone by itself, as the territory has it today."""
    found = number_of_family(invitation.allocation_id) if invitation.allocation_id is not None else None
    return found is not None and texts_reach(SmsKind.CEREMONIES, found.phone, "x" if found.has_email else None, found.refused_at)


def is_told(invitation: CeremonyInvitation) -> bool:
    """Whether an invitation leaves by itself, by mail or to a telephone; else somebody tells it."""
    return bool(mail_address(invitation)) or is_texted(invitation)


def mail_address(invitation: CeremonyInvitation) -> str | None:
    """Where an invitation is written to, a guest's or a family's; None where somebody tells it by another way."""
    if invitation.guest is not None:
        return invitation.guest.email
    return family_address(invitation.allocation_id) if invitation.allocation_id is not None else None


def is_awaited(allocation_id: int) -> bool:
    """Whether a device is still to be handed over for an allocation."""
    return db.session.scalar(select(Allocation.state).where(Allocation.id == allocation_id)) is AllocationState.ACTIVE


def family_invitation(ceremony_id: int, allocation_id: int) -> CeremonyInvitation | None:
    """The invitation of an allocation's family to a ceremony."""
    query = select(CeremonyInvitation).where(CeremonyInvitation.ceremony_id == ceremony_id)
    return db.session.scalar(query.where(CeremonyInvitation.allocation_id == allocation_id))
