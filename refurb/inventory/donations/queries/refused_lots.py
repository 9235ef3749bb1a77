"""Looking up what was brought and not taken."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db


def refused_lots(donation: Donation) -> Sequence[RefusedLot]:
    """What was refused on the dock, in the order in which it was noted."""
    return db.session.scalars(select(RefusedLot).where(RefusedLot.donation_id == donation.id).order_by(RefusedLot.id)).all()


def refused_by_kind(donation: Donation) -> Counter[DeviceKind]:
    """How many of each kind were refused on the dock, before they had a code."""
    rows = db.session.execute(
        select(RefusedLot.kind, func.sum(RefusedLot.count)).where(RefusedLot.donation_id == donation.id).group_by(RefusedLot.kind)
    )
    return Counter({kind: int(count) for kind, count in rows})
