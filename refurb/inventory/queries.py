"""Looking up donations, devices, drives and what is known of them."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.inventory.models import CheckResult, Device, Drive, DriveStay, Erasure, Flag
from refurb.inventory.words import ErasureStatus
from refurb.kernel.database import db


def drives_ever_in(device: Device) -> Sequence[Drive]:
    """Every drive the device holds or ever held here."""
    return db.session.scalars(
        select(Drive)
        .join(DriveStay, DriveStay.drive_id == Drive.id)
        .where(DriveStay.device_id == device.id)
        .distinct()
        .order_by(Drive.id)
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


def answers_of(device: Device) -> dict[str, CheckResult]:
    """The answer that counts for each question: the latest one that is not void."""
    results = db.session.scalars(
        select(CheckResult)
        .where(CheckResult.device_id == device.id, CheckResult.voided_at.is_(None))
        .order_by(CheckResult.id)
    )
    return {result.question: result for result in results}


def raised_flags(device: Device) -> Sequence[Flag]:
    """The flags nobody has lifted yet."""
    return db.session.scalars(
        select(Flag).where(Flag.device_id == device.id, Flag.lifted_at.is_(None)).order_by(Flag.id)
    ).all()
