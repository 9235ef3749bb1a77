"""The machines of a donation, asked of the database."""

from sqlalchemy import select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import db


def devices_of(donation: Donation) -> list[Device]:
    return list(db.session.scalars(select(Device).where(Device.donation_id == donation.id).order_by(Device.id)))
