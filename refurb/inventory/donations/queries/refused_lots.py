"""Looking up what was brought and not taken."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.models.devices import Device
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


def entered_by_kind(donation: Donation) -> Counter[DeviceKind]:
    """How many devices of each kind a donation has, those refused after they had a code among them: they were counted too.

    One that had two records counts once here; one that came back with this donation counts, though its record is that of its first coming.
    """
    remaining = aliased(Device)
    twice = select(remaining.id).where(remaining.id == Device.merged_into_id, remaining.donation_id == Device.donation_id)
    rows = db.session.execute(
        select(Device.kind, func.count()).where(Device.donation_id == donation.id, ~twice.exists()).group_by(Device.kind)
    )
    return Counter({kind: int(count) for kind, count in rows})
