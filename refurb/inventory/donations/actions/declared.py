"""Which declared machine a device turns out to be: known by the serial that its donor told."""

from sqlalchemy import select

from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.models.devices import Device
from refurb.inventory.readers.serials import plain_serial
from refurb.kernel.deeds.database import db


def meet_declared(device: Device) -> None:
    """Join a device whose serial has just become known to the item that its donor declared under it, where no other device is."""
    if not device.serial or device.donation_id is None:
        return
    with db.session.no_autoflush:
        item = db.session.scalar(
            select(DeclaredItem).where(
                DeclaredItem.donation_id == device.donation_id, DeclaredItem.serial_folded == plain_serial(device.serial)[:120]
            )
        )
    if item is not None and item.device_id is None:
        item.device_id = device.id
