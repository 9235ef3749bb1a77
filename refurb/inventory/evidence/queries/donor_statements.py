"""Looking up what donors say of erasures."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.inventory.evidence.models import DonorStatement
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound


def donor_statements(donation: Donation) -> Sequence[DonorStatement]:
    """The certificates that came with a donation, the oldest first."""
    return db.session.scalars(select(DonorStatement).where(DonorStatement.donation_id == donation.id).order_by(DonorStatement.id)).all()


def donor_statement(donation: Donation, number: int) -> DonorStatement:
    """One of them; `NotFound` for another donation's."""
    found = db.session.get(DonorStatement, number)
    if found is None or found.donation_id != donation.id:
        raise NotFound
    return found
