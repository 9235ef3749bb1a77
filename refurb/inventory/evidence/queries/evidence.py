"""Looking up the reports on record, and the drives of a device as its page shows them, each with what is proven of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import String, bindparam, func, select, union
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, Erasure, ErasureReport, HardwareReport
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound


class DriveStanding(StrEnum):
    """How a drive stands on the page of its device."""

    CLEAN = "clean"
    REFUSED = "refused"
    TO_ERASE = "to_erase"
    TO_CONFIRM = "to_confirm"
    DESTROYED = "destroyed"


class Holder(Protocol):
    """Whatever names a device: its row, or what a page read of it."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True)
class DriveShown:
    """A drive of a device: since when, whether it left, the proof that counts, and the latest one that does not."""

    drive: Drive
    since: datetime
    until: datetime | None
    proof: Erasure | None
    refused: Erasure | None
    pending: Erasure | None = None

    @property
    def standing(self) -> DriveStanding:
        """What the badge says."""
        if self.drive.destroyed_at is not None:
            return DriveStanding.DESTROYED
        if self.proof is not None:
            return DriveStanding.CLEAN
        if self.pending is not None:
            return DriveStanding.TO_CONFIRM
        return DriveStanding.REFUSED if self.refused is not None else DriveStanding.TO_ERASE

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.standing in {DriveStanding.CLEAN, DriveStanding.DESTROYED}


def drives_shown(device: Holder) -> list[DriveShown]:
    """Every drive the device holds or ever held, in two queries; those inside first, each once with its latest stay."""
    latest = {stay.drive_id: stay for stay in stays_in(device)}
    erasures = _erasures_by_drive(latest)
    shown = [_shown(stay, erasures.get(stay.drive_id, ())) for stay in latest.values()]
    return sorted(shown, key=lambda each: (each.until is not None, each.drive.id))


def _erasures_by_drive(drive_ids: Iterable[int]) -> Mapping[int, Sequence[Erasure]]:
    ids = list(drive_ids)
    if not ids:
        return {}
    found: dict[int, list[Erasure]] = {}
    for each in db.session.scalars(
        select(Erasure)
        .join(Erasure.report)
        .options(contains_eager(Erasure.report), joinedload(Erasure.statement), joinedload(Erasure.clock))
        .where(Erasure.drive_id.in_(ids))
        .order_by(Erasure.id)
    ):
        found.setdefault(each.drive_id or 0, []).append(each)
    return found


def _shown(stay: DriveStay, erasures: Sequence[Erasure]) -> DriveShown:
    counting = [each for each in erasures if each.status == ErasureStatus.ACCEPTED and each.voided_at is None and each.ended_at]
    refused = [each for each in erasures if each.status == ErasureStatus.REFUSED and each.voided_at is None]
    proof = max(counting, key=lambda each: (each.ended_at, each.id), default=None)
    pending = [each for each in erasures if each.status == ErasureStatus.PENDING and each.voided_at is None]
    return DriveShown(stay.drive, stay.since, stay.until, proof, refused[-1] if refused else None, pending[-1] if pending else None)


def reports_shown(device: Holder) -> Sequence[HardwareReport]:
    """The hardware reports of a device, the newest first."""
    return db.session.scalars(select(HardwareReport).where(HardwareReport.device_id == device.id).order_by(HardwareReport.id.desc())).all()


def drive_of(device: Holder, drive_id: int) -> Drive:
    """A drive that this device holds or ever held; `NotFound` for any other."""
    drive = db.session.scalar(
        select(Drive).join(DriveStay, DriveStay.drive_id == Drive.id).where(DriveStay.device_id == device.id, Drive.id == drive_id).limit(1)
    )
    if drive is None:
        raise NotFound
    return drive


def erasure_report(actor: Actor, report_id: int) -> ErasureReport:
    """One erasure report with what it says of each drive; `NotFound` for a stranger."""
    if not actor.may(Permission.DEVICE_READ):
        raise NotFound
    report = db.session.scalar(
        select(ErasureReport)
        .options(selectinload(ErasureReport.erasures).options(joinedload(Erasure.drive), joinedload(Erasure.clock)))
        .where(ErasureReport.id == report_id)
    )
    if report is None:
        raise NotFound
    return report


def homes_of(drive_ids: Iterable[int | None]) -> dict[int, str]:
    """The code of the device that holds each drive, or held it last."""
    ids = [each for each in drive_ids if each is not None]
    rows = db.session.execute(
        select(DriveStay.drive_id, Device.code)
        .join(DriveStay.device)
        .where(DriveStay.drive_id.in_(ids))
        .order_by(DriveStay.until.is_(None), DriveStay.id)
    )
    return {row.drive_id: row.code for row in rows}


def latest_erasure_reports(most: int = 10) -> Sequence[Any]:
    """The newest erasure reports: id, filename, received_at, tool, tool_version, and how many drives stand where."""
    counted = {
        name: func.count().filter(Erasure.status == status)
        for name, status in (
            ("accepted", ErasureStatus.ACCEPTED),
            ("refused", ErasureStatus.REFUSED),
            ("unmatched", ErasureStatus.UNMATCHED),
        )
    }
    # The newest first and alone: counted before, every report there ever was would be.
    told = select(Erasure.id).where(Erasure.report_id == ErasureReport.id)
    newest = select(ErasureReport.id).where(told.exists()).order_by(ErasureReport.id.desc()).limit(most).subquery()
    return db.session.execute(
        select(
            ErasureReport.id,
            ErasureReport.filename,
            ErasureReport.received_at,
            ErasureReport.tool,
            ErasureReport.tool_version,
            *(count.label(name) for name, count in counted.items()),
        )
        .join(newest, newest.c.id == ErasureReport.id)
        .join(Erasure, Erasure.report_id == ErasureReport.id)
        .group_by(ErasureReport.id)
        .order_by(ErasureReport.id.desc())
    ).all()


def report_name(actor: Actor, digest: str) -> str:
    """What a raw report is called when it is handed out; `NotFound` for a stranger, and for a file that is no report."""
    if not actor.may(Permission.DEVICE_READ):
        raise NotFound
    tool = db.session.scalar(
        union(
            select(HardwareReport.tool).where(HardwareReport.file == digest),
            select(ErasureReport.tool).where(ErasureReport.file == digest),
        ).limit(1)
    )
    if tool is None:
        raise NotFound
    return f"{tool}-{digest[:12]}.{'log' if tool == 'nwipe' else 'json'}"


# Built once: every report that a bench sends asks them.
_SERIALS = bindparam("serials", type_=String, expanding=True)
_NAMED = select(Drive).options(selectinload(Drive.stays)).where(Drive.serial.in_(_SERIALS))
_STAYS = (
    select(DriveStay)
    .join(Drive, Drive.id == DriveStay.drive_id)
    .options(contains_eager(DriveStay.drive))
    .where(DriveStay.device_id == bindparam("device"))
    .order_by(DriveStay.since, DriveStay.id)
)
_WAITING = (
    select(Erasure)
    .where(Erasure.status.in_({ErasureStatus.UNMATCHED, ErasureStatus.SET_ASIDE}), Erasure.serial.in_(_SERIALS))
    .order_by(Erasure.id)
)
# Former holders as well: the gate asks of every drive that a device ever held.
_HOLDERS = select(DriveStay.device_id).join(Drive, Drive.id == DriveStay.drive_id).where(Drive.serial.in_(_SERIALS)).distinct()


def drives_named(serials: Iterable[str]) -> dict[str, Drive]:
    """The drives with these serials, with their stays."""
    found = db.session.scalars(_NAMED, {"serials": list(serials)})
    return {drive.serial: drive for drive in found if drive.serial}


def stays_in(device: Holder) -> Sequence[DriveStay]:
    """Every stay of a drive in a device, the oldest first, with its drive."""
    return db.session.scalars(_STAYS, {"device": device.id}).all()


def drives_inside(device: Device) -> list[Drive]:
    """The drives that are in a device now."""
    return [stay.drive for stay in stays_in(device) if stay.until is None]


def waiting_for(serials: Iterable[str]) -> Sequence[Erasure]:
    """The erasures without a drive that speak of these serials, oldest first; those set aside too, since their drive has appeared."""
    return db.session.scalars(_WAITING, {"serials": list(serials)}).all()


def holders_of(serials: Iterable[str]) -> set[int]:
    """The ids of the devices that hold, or ever held, the drives with these serials."""
    named = list(serials)
    return set(db.session.scalars(_HOLDERS, {"serials": named})) if named else set()
