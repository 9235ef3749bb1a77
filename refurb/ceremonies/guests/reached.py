"""How a family of a ceremony is reached. The one file by which a letter of a ceremony knows an address of hers; it reads no name."""

from sqlalchemy import select

from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.models import Turn
from refurb.ceremonies.words import Attendance
from refurb.kernel.deeds.database import db
from refurb.referrals.models import Allocation, Beneficiary, Referral
from refurb.referrals.words import AllocationState


def family_address(allocation_id: int) -> str | None:
    """The e-mail address of whoever an allocation is for."""
    query = select(Beneficiary.email).join(Referral, Referral.beneficiary_id == Beneficiary.id)
    return db.session.scalar(query.join(Allocation, Allocation.referral_id == Referral.id).where(Allocation.id == allocation_id))


def mail_address(invitation: CeremonyInvitation) -> str | None:
    """Where an invitation is written to, a guest's or a family's; None where somebody tells it by another way."""
    if invitation.guest is not None:
        return invitation.guest.email
    return family_address(invitation.allocation_id) if invitation.allocation_id is not None else None


def is_awaited(allocation_id: int) -> bool:
    """Whether a device is still to be handed over for an allocation."""
    return db.session.scalar(select(Allocation.state).where(Allocation.id == allocation_id)) is AllocationState.ACTIVE


def is_awaited_by(invitation: CeremonyInvitation) -> bool:
    """Whether the device of a family's invitation is still to be handed over, and she is not expected at another ceremony for it."""
    if invitation.allocation_id is None or not is_awaited(invitation.allocation_id):
        return False
    elsewhere = select(Turn.id).where(Turn.allocation_id == invitation.allocation_id, Turn.ceremony_id != invitation.ceremony_id)
    return db.session.scalar(elsewhere.where(Turn.state == Attendance.EXPECTED).limit(1)) is None


def family_invitation(ceremony_id: int, allocation_id: int) -> CeremonyInvitation | None:
    """The invitation of an allocation's family to a ceremony."""
    query = select(CeremonyInvitation).where(CeremonyInvitation.ceremony_id == ceremony_id)
    return db.session.scalar(query.where(CeremonyInvitation.allocation_id == allocation_id))
