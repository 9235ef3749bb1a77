"""What a donor is told: how many machines she gave, how many were handed over, and never so that one hand-over could be worked out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from refurb.directory.models import Contact, Organisation
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local, today
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover
from refurb.referrals.words import AllocationState

LEAST = 5
"""Fewer families than that are never a number."""


@dataclass(frozen=True)
class DonorFigure:
    """How many machines a donor gave, and how many of them are told as handed over: None where that would be fewer than five."""

    donor_id: int
    given: int
    handed: int | None


def told_by_month(months: Iterable[int]) -> int:
    """Of so many hand-overs in each month, in order, how many are told: a month of few joins the next, until there are five together.

    So no two looks, however far apart, differ by fewer than five.
    """
    told = waiting = 0
    for number in months:
        waiting += number
        if waiting >= LEAST:
            told, waiting = told + waiting, 0
    return told


def donor_figures(donor_ids: Iterable[int]) -> dict[int, DonorFigure]:
    """What is told to some donors today: months that are over, slips that are signed."""
    donors = list(donor_ids)
    given_query = (
        select(Donation.donor_id, func.count())
        .join(Device, Device.donation_id == Donation.id)
        .where(Donation.donor_id.in_(donors), Device.merged_into_id.is_(None))
        .group_by(Donation.donor_id)
    )
    given: dict[int, int] = {row[0]: row[1] for row in db.session.execute(given_query)}
    handed_query = (
        select(Donation.donor_id, Handover.handed_at)
        .join(Device, Device.donation_id == Donation.id)
        .join(HandoverLine, HandoverLine.device_id == Device.id)
        .join(Handover, Handover.id == HandoverLine.handover_id)
        .join(Allocation, Allocation.id == Handover.allocation_id)
        .where(Donation.donor_id.in_(donors), Handover.paper_id.is_not(None), Allocation.state == AllocationState.FULFILLED)
    )
    by_month: dict[int, Counter[date]] = {donor: Counter() for donor in donors}
    this_month = today().replace(day=1)
    for donor, at in db.session.execute(handed_query):
        month = local(at).date().replace(day=1)
        if month < this_month:
            by_month[donor][month] += 1
    told = {donor: told_by_month(number for _month, number in sorted(months.items())) for donor, months in by_month.items()}
    return {donor: DonorFigure(donor, given.get(donor, 0), told[donor] or None) for donor in donors}


@dataclass(frozen=True)
class DonorToInvite:
    """A donor who may be invited, by whom she is reached, and what her invitation would say."""

    figure: DonorFigure
    name: str
    person: str
    email: str | None
    address: str | None


def donors_to_invite(but: Iterable[int]) -> list[DonorToInvite]:
    """The donors whose machines came, less those that are invited already; each by the newest contact of a donation, else by her own."""
    came = select(Donation.donor_id).join(Device, Device.donation_id == Donation.id)
    query = select(Organisation).where(Organisation.id.in_(came), Organisation.id.not_in(list(but)), Organisation.archived_at.is_(None))
    donors = [each for each in db.session.scalars(query.order_by(Organisation.name)) if not each.is_home and each.forgotten_at is None]
    figures = donor_figures(each.id for each in donors)
    return [_reached(each, figures[each.id]) for each in donors]


def _reached(donor: Organisation, figure: DonorFigure) -> DonorToInvite:
    query = (
        select(Contact).join(Donation, Donation.contact_id == Contact.id).where(Donation.donor_id == donor.id, Contact.ended_on.is_(None))
    )
    contact = db.session.scalar(query.order_by(Donation.id.desc()).limit(1))
    person, email = (contact.name, contact.email) if contact else (donor.name, None)
    return DonorToInvite(figure, donor.name, person, email or donor.email, donor.postal_address)
