"""What a donor is told: how many machines she gave, and of how many her own page says that they were handed over, not one more."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from refurb.directory.models import Contact, Organisation
from refurb.inventory.donations.queries.arrivals import arrivals_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.fates import fates_of_each
from refurb.kernel.deeds.database import db

LEAST = 5
"""Fewer families than that are never a number."""


@dataclass(frozen=True)
class DonorFigure:
    """How many machines of a donor were counted when they came, and how many of them are told as handed over: None where none is."""

    donor_id: int
    given: int
    handed: int | None


def donor_figures(donor_ids: Iterable[int]) -> dict[int, DonorFigure]:
    """What is told to some donors: the sum of what the page of each of their donations tells, so that no difference between both says more.

    It is counted and kept once a month has ended: a slip that is signed late, or undone, changes nothing of what was told before.
    """
    donors = list(donor_ids)
    donations = db.session.scalars(select(Donation).where(Donation.donor_id.in_(donors))).all()
    arrivals = arrivals_of(each.id for each in donations)
    accepted = {each.id: arrivals[each.id].received for each in donations if each.id in arrivals and arrivals[each.id].received}
    told = fates_of_each(accepted)
    given, handed = Counter[int](), Counter[int]()
    for each in donations:
        if each.id in accepted:
            given[each.donor_id] += accepted[each.id]
            handed[each.donor_id] += 0 if told[each.id].are_few else told[each.id].given
    return {donor: DonorFigure(donor, given[donor], handed[donor] or None) for donor in donors}


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
    contacts = _contacts(figures)
    return [_reached(each, figures[each.id], contacts.get(each.id)) for each in donors]


def _contacts(donor_ids: Iterable[int]) -> dict[int, Contact]:
    """By donor, the contact of the newest donation whose contact is still there: one question."""
    query = select(Donation.donor_id, Contact).join(Contact, Contact.id == Donation.contact_id)
    query = query.where(Donation.donor_id.in_(list(donor_ids)), Contact.ended_on.is_(None)).order_by(Donation.id)
    return {row.donor_id: row.Contact for row in db.session.execute(query)}


def _reached(donor: Organisation, figure: DonorFigure, contact: Contact | None) -> DonorToInvite:
    person, email = (contact.name, contact.email) if contact else (donor.name, None)
    return DonorToInvite(figure, donor.name, person, email or donor.email, donor.postal_address)
