"""Looking up what donors' lists name, by what stands on the machine: its serial number, or the donor's own tag."""

from sqlalchemy import or_, select

from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.models.donations import Donation
from refurb.inventory.readers.serials import plain_serial
from refurb.kernel.deeds.database import db

SHORTEST = 4


def declared_meant(typed: str, most: int) -> list[tuple[DeclaredItem, str]]:
    """The machines that are declared with this serial number or tag, and that no device bears yet, each with its donation's reference."""
    serial = plain_serial(typed)
    if len(serial) < SHORTEST:
        return []
    rows = db.session.execute(
        select(DeclaredItem, Donation.reference)
        .join(Donation, Donation.id == DeclaredItem.donation_id)
        .where(or_(DeclaredItem.serial_folded == serial, DeclaredItem.tag == typed.strip()), DeclaredItem.device_id.is_(None))
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]
