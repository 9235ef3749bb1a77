"""What the home pages show: counts and short lists, each in one query."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select, union_all

from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.words import CeremonyState
from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import LANES, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect

CARDS = 3


@lru_cache
def _longest(*, at_one: bool) -> Any:
    flagged = select(Flag.id).where(Flag.device_id == Device.id, Flag.lifted_at.is_(None)).exists()
    lanes = [
        select(
            Device.id, Device.code, Device.state, Device.kind, Device.manufacturer, Device.model, Device.moved_at, flagged.label("flagged")
        )
        .where(Device.state == lane, *((Device.site_id == bindparam("site"),) if at_one else ()))
        .order_by(Device.moved_at, Device.id)
        .limit(CARDS)
        .subquery()
        for lane in LANES
    ]
    return union_all(*(select(lane) for lane in lanes)).order_by("moved_at", "id")


def lane_cards(site_id: int | None = None) -> dict[DeviceState, list[Row[Any]]]:
    """The devices that have stood longest in each lane, at most three each; those of one place, if told."""
    cards: dict[DeviceState, list[Row[Any]]] = {lane: [] for lane in LANES}
    for row in db.session.execute(_longest(at_one=site_id is not None), {"site": site_id} if site_id is not None else {}):
        cards[row.state].append(row)
    return cards


def raised_flags(site_id: int | None = None, most: int = 4) -> Sequence[Any]:
    """The flags that have been raised longest, with their device; of the devices of one place, if told."""
    return db.session.execute(
        select(Flag.kind, Flag.note, Flag.raised_at, Device.code, Device.manufacturer, Device.model)
        .join(Device, Device.id == Flag.device_id)
        .where(Flag.lifted_at.is_(None), *((Device.site_id == site_id,) if site_id is not None else ()))
        .order_by(Flag.raised_at, Flag.id)
        .limit(most)
    ).all()


def awaited_donations(most: int = 4) -> Sequence[Any]:
    """The donations that are not here yet: first those that wait for an answer, the newest of them on top, then the longest announced."""
    announced = select(func.sum(DonationLine.announced)).where(DonationLine.donation_id == Donation.id).scalar_subquery()
    return db.session.execute(
        select(Donation.reference, Donation.announced_on, Donation.state, Organisation.name.label("donor"), announced.label("announced"))
        .join(Organisation, Organisation.id == Donation.donor_id)
        .where(Donation.state.in_((DonationState.ANNOUNCED, DonationState.ACCEPTED, DonationState.SCHEDULED)))
        .order_by(
            case((Donation.state == DonationState.ANNOUNCED, 0), else_=1),
            case((Donation.state == DonationState.ANNOUNCED, -Donation.id), else_=Donation.id),
        )
        .limit(most)
    ).all()


def next_ceremonies(most: int = 2) -> Sequence[Ceremony]:
    """The ceremonies going on or to come."""
    query = select(Ceremony).where(Ceremony.state.in_((CeremonyState.HELD, CeremonyState.PLANNED))).order_by(Ceremony.starts_at).limit(most)
    return db.session.scalars(query).all()


def stuck_effects() -> int:
    """How many promises failed at least once and are not kept."""
    query = select(func.count()).select_from(Effect).where(Effect.done_at.is_(None), Effect.fault.is_not(None))
    return db.session.scalar(query) or 0
