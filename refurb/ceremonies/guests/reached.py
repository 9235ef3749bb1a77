"""How a family of a ceremony is reached. The one file by which a letter of a ceremony knows an address of hers; it reads no name."""

from sqlalchemy import select

from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.models import Turn
from refurb.kernel.deeds.database import db
from refurb.referrals.models import Allocation, Beneficiary, Referral


def family_address(allocation_id: int) -> str | None:
    """The e-mail address of whoever an allocation is for."""
    query = select(Beneficiary.email).join(Referral, Referral.beneficiary_id == Beneficiary.id)
    return db.session.scalar(query.join(Allocation, Allocation.referral_id == Referral.id).where(Allocation.id == allocation_id))


def family_invitation(ceremony_id: int, allocation_id: int) -> CeremonyInvitation | None:
    """The invitation of an allocation's family to a ceremony."""
    query = select(CeremonyInvitation).join(CeremonyInvitation.turn)
    return db.session.scalar(query.where(Turn.ceremony_id == ceremony_id, Turn.allocation_id == allocation_id))
