"""Looking up drives and what is proven of them."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, Erasure
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.database import db


def drives_ever_in(device: Device) -> Sequence[Drive]:
    """Every drive the device holds or ever held here."""
    return db.session.scalars(
        select(Drive).join(DriveStay, DriveStay.drive_id == Drive.id).where(DriveStay.device_id == device.id).distinct().order_by(Drive.id)
    ).all()


def proofs_of(drive: Drive) -> Sequence[Erasure]:
    """The erasures that count for a drive: accepted, and not void since."""
    return db.session.scalars(
        select(Erasure)
        .where(Erasure.drive_id == drive.id, Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
        .order_by(Erasure.ended_at.desc())
    ).all()


def unproven_drives(device: Device) -> Sequence[Drive]:
    """The drives it ever held that are neither destroyed nor erased with a proof that counts."""
    proven = select(Erasure.drive_id).where(
        Erasure.drive_id == Drive.id, Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None)
    )
    return db.session.scalars(
        select(Drive)
        .join(DriveStay, DriveStay.drive_id == Drive.id)
        .where(DriveStay.device_id == device.id, Drive.destroyed_at.is_(None), ~proven.exists())
        .distinct()
        .order_by(Drive.id)
    ).all()
