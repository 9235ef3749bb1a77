"""Looking up appointments: a donation's own, which half-days still have room, and what a donor was asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from refurb.directory.agenda.queries import days_of
from refurb.inventory.donations.models.appointments import Appointment, DonorQuestion
from refurb.inventory.donations.slots import Slot, slot_policy
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.slots import HalfDay
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today


def last_appointment(donation: Donation) -> Appointment | None:
    """The newest appointment of a donation, released or not."""
    return db.session.scalar(
        select(Appointment).where(Appointment.donation_id == donation.id).order_by(Appointment.sequence.desc()).limit(1)
    )


def standing_appointment(donation: Donation) -> Appointment | None:
    """The appointment that holds, if there is one."""
    found = last_appointment(donation)
    return found if found is not None and found.released_at is None else None


def seats_taken(slot: Slot, site_id: int) -> set[int]:
    """Which seats of a half-day at a place of ours are taken."""
    return set(
        db.session.scalars(
            select(Appointment.seat).where(
                Appointment.site_id == site_id,
                Appointment.day == slot.day,
                Appointment.half_day == slot.half,
                Appointment.released_at.is_(None),
            )
        )
    )


@dataclass(frozen=True)
class SlotWithRoom:
    """A half-day that can still be agreed on, and how many donations it has room for."""

    slot: Slot
    left: int


def slots_with_room(site_id: int, first: date | None = None) -> list[SlotWithRoom]:
    """The half-days at a place of ours that are open, not full and not over, from a day on (today, if none is told), in their order."""
    policy, begin, days = slot_policy(), first or today(), days_of(site_id)
    rows = db.session.execute(
        select(Appointment.day, Appointment.half_day, func.count())
        .where(Appointment.site_id == site_id, Appointment.released_at.is_(None), Appointment.day >= begin)
        .group_by(Appointment.day, Appointment.half_day)
    )
    taken: Counter[tuple[date, HalfDay]] = Counter({(day, half): count for day, half, count in rows})
    rooms = (SlotWithRoom(slot, policy.at_once - taken[slot.day, slot.half]) for slot in policy.open_from(begin, days))
    return [room for room in rooms if room.left > 0 and policy.span(room.slot)[1] > now()]


def appointments_to_come(most: int = 50) -> Sequence[Appointment]:
    """The appointments that hold, from today on, with their donations."""
    return db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.donation).joinedload(Donation.donor))
        .where(Appointment.released_at.is_(None), Appointment.day >= today())
        .order_by(Appointment.starts_at, Appointment.seat)
        .limit(most)
    ).all()


def questions_of(donation: Donation) -> Sequence[DonorQuestion]:
    """What the donor was asked, the latest first."""
    return db.session.scalars(select(DonorQuestion).where(DonorQuestion.donation_id == donation.id).order_by(DonorQuestion.id.desc())).all()


def open_question(donation: Donation) -> DonorQuestion | None:
    """The question that waits for its answer."""
    return db.session.scalar(select(DonorQuestion).where(DonorQuestion.donation_id == donation.id, DonorQuestion.answered_at.is_(None)))
