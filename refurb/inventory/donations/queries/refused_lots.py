"""Looking up what was brought and not taken."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import db


def refused_lots(donation: Donation) -> Sequence[RefusedLot]:
    """What was refused on the dock, in the order in which it was noted."""
    return db.session.scalars(select(RefusedLot).where(RefusedLot.donation_id == donation.id).order_by(RefusedLot.id)).all()
