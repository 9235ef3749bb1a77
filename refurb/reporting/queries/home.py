"""What the home pages show: counts and short lists, each in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select, union_all

from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.words import CeremonyState
from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import AT_BENCH, PAST_THE_GATE, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.speech.clock import from_wall, today
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import ReferralState

# The board's lanes, in the order of the work: what is done at the bench, then what waits to leave.
LANES = (*AT_BENCH, DeviceState.READY, DeviceState.RESERVED)
CARDS = 3


def device_counts() -> dict[DeviceState, int]:
    """How many devices stand in each state; states with none are there too."""
    rows = db.session.execute(select(Device.state, func.count()).group_by(Device.state))
    return dict.fromkeys(DeviceState, 0) | dict(rows.all())


def lane_cards() -> dict[DeviceState, list[Row[Any]]]:
    """The devices that have stood longest in each lane, at most three each."""
    flagged = select(Flag.id).where(Flag.device_id == Device.id, Flag.lifted_at.is_(None)).exists()
    lanes = [
        select(
            Device.id, Device.code, Device.state, Device.kind, Device.manufacturer, Device.model, Device.moved_at, flagged.label("flagged")
        )
        .where(Device.state == lane)
        .order_by(Device.moved_at, Device.id)
        .limit(CARDS)
        .subquery()
        for lane in LANES
    ]
    cards: dict[DeviceState, list[Row[Any]]] = {lane: [] for lane in LANES}
    for row in db.session.execute(union_all(*(select(lane) for lane in lanes)).order_by("moved_at", "id")):
        cards[row.state].append(row)
    return cards


def raised_flags(most: int = 4) -> Sequence[Any]:
    """The flags that have been raised longest, with their device."""
    return db.session.execute(
        select(Flag.kind, Flag.note, Flag.raised_at, Device.code, Device.manufacturer, Device.model)
        .join(Device, Device.id == Flag.device_id)
        .where(Flag.lifted_at.is_(None))
        .order_by(Flag.raised_at)
        .limit(most)
    ).all()


def awaited_donations(most: int = 4) -> Sequence[Any]:
    """The donations that are not here yet, announced longest ago first."""
    announced = select(func.sum(DonationLine.announced)).where(DonationLine.donation_id == Donation.id).scalar_subquery()
    return db.session.execute(
        select(Donation.reference, Donation.announced_on, Donation.state, Organisation.name.label("donor"), announced.label("announced"))
        .join(Organisation, Organisation.id == Donation.donor_id)
        .where(Donation.state.in_((DonationState.ANNOUNCED, DonationState.ACCEPTED, DonationState.SCHEDULED)))
        .order_by(Donation.announced_on, Donation.id)
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


@dataclass(frozen=True)
class YearFigures:
    """A year's counts. Collected, reconditioned and handed over are three different things, and never one number."""

    year: int
    collected: int
    reconditioned: int
    handed_over: int
    families: int


def year_figures() -> YearFigures:
    """The counts of the year so far, of what was received in it; families are all those served since the beginning of the year."""
    year = today().year
    since = from_wall(datetime(year, 1, 1)).astimezone(UTC)  # noqa: DTZ001 - the year begins on the territory's wall clock
    collected, reconditioned, handed_over = db.session.execute(
        select(
            func.count(),
            func.count().filter(Device.state.in_(PAST_THE_GATE)),
            func.count().filter(Device.state == DeviceState.HANDED_OVER),
        ).where(Device.received_at >= since, Device.merged_into_id.is_(None))
    ).one()
    served = (
        select(func.count(Referral.id.distinct()))
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(Referral.state == ReferralState.SERVED, Handover.handed_at >= since)
    )
    return YearFigures(year, collected, reconditioned, handed_over, db.session.scalar(served) or 0)
