"""Looking up drives as things of their own: the list, one drive with all that is known of it, one found by what is typed or scanned."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.inventory.models.counts import DRIVES
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Destruction, Drive, DriveStay, Erasure
from refurb.inventory.readers.serials import drive_spellings, kept_drive_serial, plain_serial
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.asked import LARGEST_NUMBER
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders
from refurb.kernel.web.search import Page

# Shorter ones begin too many serial numbers.
SHORTEST_BEGINNING = 5
BEYOND = "\N{REPLACEMENT CHARACTER}"
_MARK = re.compile(r"S-?(\d{1,9})\Z", re.IGNORECASE)


class DrivePlace(StrEnum):
    """Where a drive is."""

    STOCK = "stock"
    MACHINE = "machine"
    DESTROYED = "destroyed"


class ProofStanding(StrEnum):
    """What is proven of a drive that still exists."""

    CLEAN = "clean"
    TO_ERASE = "to_erase"
    TO_CONFIRM = "to_confirm"


def mark_of(drive_id: int) -> str:
    """The mark by which people call a drive, and which they write on one without a readable serial number: S-142."""
    return f"S-{drive_id}"


@dataclass(frozen=True)
class DriveFilter:
    """Which drives a list shows."""

    words: str = ""
    place: DrivePlace | None = DrivePlace.STOCK
    standing: ProofStanding | None = None
    medium: Medium | None = None


_PROVEN = (
    select(Erasure.id).where(Erasure.drive_id == Drive.id, Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None)).exists()
)
_PENDING = or_(
    select(Erasure.id).where(Erasure.drive_id == Drive.id, Erasure.status == ErasureStatus.PENDING, Erasure.voided_at.is_(None)).exists(),
    select(Destruction.id)
    .where(Destruction.drive_id == Drive.id, Destruction.confirmed_at.is_(None), Destruction.declined_at.is_(None))
    .exists(),
)
_PLACES: dict[DrivePlace, ColumnElement[bool]] = {
    DrivePlace.STOCK: and_(Drive.destroyed_at.is_(None), ~Drive.inside),
    DrivePlace.MACHINE: and_(Drive.destroyed_at.is_(None), Drive.inside),
    DrivePlace.DESTROYED: Drive.destroyed_at.is_not(None),
}
_STANDINGS: dict[ProofStanding, ColumnElement[bool]] = {
    ProofStanding.CLEAN: and_(Drive.destroyed_at.is_(None), _PROVEN),
    ProofStanding.TO_ERASE: and_(Drive.destroyed_at.is_(None), ~_PROVEN, ~_PENDING),
    ProofStanding.TO_CONFIRM: and_(Drive.destroyed_at.is_(None), ~_PROVEN, _PENDING),
}


def _conditions(wanted: DriveFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        marked = _MARK.match(wanted.words.strip())
        serial = kept_drive_serial(wanted.words) or ""
        text = wanted.words.strip().lower()
        found.append(
            or_(
                Drive.id == int(marked[1]) if marked else Drive.serial.contains(serial, autoescape=True),
                func.lower(Drive.model).contains(text, autoescape=True),
                func.lower(Drive.manufacturer).contains(text, autoescape=True),
            )
        )
    if wanted.place:
        found.append(_PLACES[wanted.place])
    if wanted.standing:
        found.append(_STANDINGS[wanted.standing])
    if wanted.medium:
        found.append(Drive.medium == wanted.medium)
    return found


DRIVE_ORDERS = ListOrders(
    "-repere",
    Drive.id,
    (
        ListOrder("repere", _l("Repère"), (), Compared.NUMBER, indexed=True),
        ListOrder("support", _l("Support"), (func.lower(Drive.manufacturer), func.lower(Drive.model))),
        ListOrder("capacite", _l("Capacité"), (Drive.size_bytes,), Compared.NUMBER),
        ListOrder("serie", _l("N° de série"), (Drive.serial,)),
        ListOrder(
            "effacement",
            _l("Effacement"),
            (case((Drive.destroyed_at.is_not(None), 3), (_PROVEN, 2), (_PENDING, 1), else_=0),),
            Compared.STEPS,
        ),
    ),
)


def drive_listing(wanted: DriveFilter) -> Listing:
    """The drives that a filter leaves: drive, code of the device that holds it, proven, pending."""
    conditions = _conditions(wanted)
    query = (
        select(Drive, Device.code, _PROVEN.label("proven"), _PENDING.label("pending"))
        .outerjoin(DriveStay, and_(DriveStay.drive_id == Drive.id, DriveStay.until.is_(None)))
        .outerjoin(Device, Device.id == DriveStay.device_id)
        .where(*conditions)
    )
    return Listing(query, DRIVE_ORDERS, lambda: _counted(wanted, conditions))


def drives_listed(wanted: DriveFilter, number: int, asked: str = "") -> Page:
    """One page of `drive_listing`, the newest first or as asked."""
    return drive_listing(wanted).page(number, asked)


def _counted(wanted: DriveFilter, conditions: list[ColumnElement[bool]]) -> int:
    """How many drives a filter leaves: as kept where it asks for a place alone, else counted."""
    if wanted.words or wanted.standing or wanted.medium:
        return db.session.scalar(select(func.count()).select_from(Drive).where(*conditions)) or 0
    counts = stock_counts()
    return counts[wanted.place] if wanted.place else sum(counts.values())


def stock_counts() -> dict[DrivePlace, int]:
    """How many drives are where."""
    counts = tally(DRIVES)
    return {place: counts.get((place.value,), 0) for place in DrivePlace}


def one_drive(actor: Actor, number: int) -> Drive:
    """One drive with its stays, erasures and destructions; `NotFound` for a stranger."""
    if not actor.may(Permission.DEVICE_READ):
        raise NotFound
    drive = db.session.scalar(
        select(Drive)
        .options(
            selectinload(Drive.stays).joinedload(DriveStay.device),
            selectinload(Drive.erasures).options(joinedload(Erasure.report), joinedload(Erasure.statement), joinedload(Erasure.clock)),
            selectinload(Drive.destructions),
        )
        .where(Drive.id == number)
    )
    if drive is None:
        raise NotFound
    return drive


def drive_typed(actor: Actor, typed: str) -> Drive | None:
    """The drive that somebody typed or scanned: its mark, or its serial number."""
    if not actor.may(Permission.DEVICE_READ):
        return None
    meant = drives_meant(typed, 2)
    whole = drive_spellings(typed)
    return meant[0] if len(meant) == 1 and (meant[0].serial in whole or _MARK.match(plain_serial(typed))) else None


def drives_meant(typed: str, most: int) -> Sequence[Drive]:
    """The drives that a serial number or a mark means, or else those whose serial number begins so; as quick among a million."""
    serial = plain_serial(typed)
    whole = db.session.scalars(select(Drive).where(Drive.serial.in_(drive_spellings(typed))).limit(most)).all()
    marked = _MARK.match(serial)
    if not whole and marked and int(marked[1]) <= LARGEST_NUMBER:
        own = db.session.get(Drive, int(marked[1]))
        whole = [own] if own else []
    if whole or len(serial) < SHORTEST_BEGINNING:
        return whole
    # A range of the index, which a LIKE would not use.
    begins = (Drive.serial >= serial, Drive.serial < serial + BEYOND, Drive.serial.startswith(serial, autoescape=True))
    return db.session.scalars(select(Drive).where(*begins).order_by(Drive.serial).limit(most)).all()


def as_json(drive: Drive) -> dict[str, Any]:
    """One drive as the API shows it."""
    stay = next((each for each in drive.stays if each.until is None), None)
    proof = any(each.status == ErasureStatus.ACCEPTED and each.voided_at is None for each in drive.erasures)
    return {
        "id": drive.id,
        "mark": mark_of(drive.id),
        "serial": drive.serial,
        "manufacturer": drive.manufacturer,
        "model": drive.model,
        "medium": drive.medium,
        "size_bytes": drive.size_bytes,
        "health": drive.health,
        "power_on_hours": drive.power_on_hours,
        "device": stay.device.code if stay else None,
        "devices": [each.device.code for each in drive.stays],
        "clean": proof,
        "destroyed_at": drive.destroyed_at.isoformat() if drive.destroyed_at else None,
        "slip": drive.destruction_slip,
        "to_confirm": [each.statement.id for each in drive.erasures if each.statement and each.status == ErasureStatus.PENDING],
        "destruction_to_confirm": next(
            (each.id for each in drive.destructions if each.confirmed_at is None and each.declined_at is None), None
        ),
    }
