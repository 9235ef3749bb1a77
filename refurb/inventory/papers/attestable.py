"""Whether an attestation d'effacement would have anything to attest: asked in SQL, so that a page need not gather every drive."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Drive, Erasure
from refurb.inventory.papers.queries import came_again, came_first, is_kept
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.database import db


@dataclass(frozen=True)
class Attestable:
    """Whether anything is erased, destroyed or said to be without a drive; and if nothing is, how many drives wait for it."""

    anything: bool
    waiting: int = 0


def attestable(donation: Donation) -> Attestable:
    """What the donation's whole record would answer, without gathering it."""
    if _one_is_done(came_first(donation.id, Drive.id).where(is_kept())):
        return Attestable(anything=True)
    again = _pairs(came_again(donation.id, Drive.id))
    counted = _pairs(select(Device.id, func.coalesce(Device.merged_into_id, Device.id)).where(Device.donation_id == donation.id, is_kept()))
    came = {**again, **_pairs(came_first(donation.id, Drive.id))}
    holding = {drive_id: counted[device_id] for drive_id, device_id in came.items() if device_id in counted}
    done = _one_is_done(select(Drive.id).where(Drive.id.in_([each for each in again if each in holding]))) if again else False
    if done or _without_drive(donation.id) - set(holding.values()):
        return Attestable(anything=True)
    return Attestable(anything=False, waiting=len(holding))


def _pairs(query: Select[int, int]) -> dict[int, int]:
    return dict(db.session.execute(query).all())


def _one_is_done(drives: Select[Any]) -> bool:
    proven = select(Erasure.id).where(Erasure.drive_id == Drive.id, Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
    return db.session.execute(drives.where(or_(Drive.destroyed_at.is_not(None), proven.exists())).limit(1)).first() is not None


def _without_drive(donation_id: int) -> set[int]:
    """The devices in which somebody looked for a drive and found none, and whose memory somebody says was reset."""
    remaining = aliased(Device)
    return set(
        db.session.scalars(
            select(remaining.id)
            .join(Device, remaining.id == func.coalesce(Device.merged_into_id, Device.id))
            .where(
                Device.donation_id == donation_id,
                is_kept(),
                remaining.without_drive_since.is_not(None),
            )
        )
    )
