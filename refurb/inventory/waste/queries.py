"""Looking up batches of waste, and the register of what left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.directory.models import Organisation
from refurb.directory.organisations.queries import organisations_like
from refurb.directory.queries import organisations
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, Erasure
from refurb.inventory.waste.models import WasteBatch, WasteLine
from refurb.inventory.waste.words import WasteCode, WasteState
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import Page, paged


def batch_by_reference(actor: Actor, reference: str) -> WasteBatch:
    """One batch with all that is in it; `NotFound` for a stranger."""
    if not actor.may(Permission.DEVICE_READ):
        raise NotFound
    batch = db.session.scalar(
        select(WasteBatch)
        .options(selectinload(WasteBatch.lines).joinedload(WasteLine.device), selectinload(WasteBatch.lines).joinedload(WasteLine.drive))
        .where(WasteBatch.reference == reference.strip().upper())
    )
    if batch is None:
        raise NotFound
    return batch


def batches(number: int) -> Page:
    """One page of the batches: those on the dock first, then the latest that left."""
    return paged(
        select(WasteBatch)
        .options(selectinload(WasteBatch.lines))
        .order_by(WasteBatch.collected_on.is_(None).desc(), WasteBatch.collected_on.desc(), WasteBatch.id.desc()),
        number,
    )


def unproven_inside(batch: WasteBatch) -> dict[int, int]:
    """How many drives that are neither erased with a proof that counts nor destroyed are inside each device of a batch, by its id."""
    proven = (
        select(Erasure.id)
        .where(Erasure.drive_id == Drive.id, Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
        .exists()
    )
    rows = db.session.execute(
        select(DriveStay.device_id, func.count().label("held"))
        .join(DriveStay.drive)
        .where(
            DriveStay.device_id.in_([line.device_id for line in batch.lines if line.device_id is not None]),
            DriveStay.until.is_(None),
            Drive.destroyed_at.is_(None),
            ~proven,
        )
        .group_by(DriveStay.device_id)
    )
    return {each.device_id: each.held for each in rows}


@dataclass(frozen=True)
class RegisterFilter:
    """Which lines of the register are wanted: of a year, under a code, of an operator."""

    year: int | None = None
    waste_code: WasteCode | None = None
    operator: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the batches that left."""
        found: list[ColumnElement[bool]] = [WasteBatch.state != WasteState.OPEN]
        if self.year is not None:
            found.append(WasteBatch.collected_on.between(date(self.year, 1, 1), date(self.year, 12, 31)))
        if self.waste_code is not None:
            found.append(WasteBatch.waste_code == self.waste_code)
        if self.operator:
            found.append(or_(WasteBatch.operator == self.operator, WasteBatch.eco_organisme == self.operator))
        return found


def register(wanted: RegisterFilter) -> Sequence[WasteBatch]:
    """The chronological register of outgoing waste, the oldest first (arrêté du 31 mai 2021, article 2)."""
    return db.session.scalars(
        select(WasteBatch)
        .options(selectinload(WasteBatch.lines))
        .where(*wanted.conditions())
        .order_by(WasteBatch.collected_on, WasteBatch.id)
    ).all()


def register_years() -> list[int]:
    """The years in which something left, the latest first."""
    first, last = db.session.execute(select(func.min(WasteBatch.collected_on), func.max(WasteBatch.collected_on))).one()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def register_operators() -> Sequence[str]:
    """Everybody who took something away."""
    return db.session.scalars(
        select(WasteBatch.operator).where(WasteBatch.state != WasteState.OPEN).distinct().order_by(WasteBatch.operator)
    ).all()


def waiting_on_dock(most: int = 60) -> Sequence[Device]:
    """The discarded devices that are in no batch yet, the oldest first."""
    return db.session.scalars(
        select(Device)
        .options(joinedload(Device.donation))
        .where(Device.state == DeviceState.WASTE, ~select(WasteLine.id).where(WasteLine.device_id == Device.id).exists())
        .order_by(Device.id)
        .limit(most)
    ).all()


def waiting_count() -> int:
    """How many discarded devices are in no batch yet."""
    return db.session.scalar(
        select(func.count())
        .select_from(Device)
        .where(Device.state == DeviceState.WASTE, ~select(WasteLine.id).where(WasteLine.device_id == Device.id).exists())
    ) or 0  # fmt: skip


def batch_of(device: Device) -> WasteBatch | None:
    """The batch that a device is in, or left in."""
    return db.session.scalar(select(WasteBatch).join(WasteBatch.lines).where(WasteLine.device_id == device.id))


def recyclers() -> list[tuple[str, str]]:
    """The organisations that take waste away, as a box suggests them: the name, and what tells one from another."""
    return [(each.name, each.siret or each.place or each.name) for each in organisations() if each.is_recycler]


def recycler_named(name: str) -> Organisation | None:
    """The only organisation of that name that takes waste away."""
    found = [each for each in organisations_like(name) if each.is_recycler]
    return found[0] if len(found) == 1 else None
