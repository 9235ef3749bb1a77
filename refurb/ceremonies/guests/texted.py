"""How a family of a ceremony is texted. The one file by which a message of a ceremony knows a number of hers; it reads no name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.reached import mail_address
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import texts_reach
from refurb.kernel.deeds.database import db
from refurb.referrals.models import Allocation, Beneficiary, Referral


@dataclass(frozen=True)
class FamilyNumber:
    """By what a family is texted: her number, whether she is written to as well, and since when she wants no message."""

    phone: str | None
    has_email: bool
    refused_at: datetime | None


def number_of_family(allocation_id: int) -> FamilyNumber | None:
    """The telephone of whoever an allocation is for."""
    query = select(Beneficiary.phone, Beneficiary.email, Beneficiary.sms_refused_at).join(
        Referral, Referral.beneficiary_id == Beneficiary.id
    )
    found = db.session.execute(query.join(Allocation, Allocation.referral_id == Referral.id).where(Allocation.id == allocation_id)).first()
    return FamilyNumber(found.phone, bool(found.email), found.sms_refused_at) if found else None


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
