"""Looking up donations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.directory.models import Organisation
from refurb.inventory.donations.counts import Arrival
from refurb.inventory.donations.queries.arrivals import arrivals_of
from refurb.inventory.donations.queries.counts import devices_of_donations
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.kernel.web.search import Page, matches, named_or_numbered

OPEN = frozenset(
    {
        DonationState.ANNOUNCED,
        DonationState.NEEDS_INFORMATION,
        DonationState.ACCEPTED,
        DonationState.SCHEDULED,
        DonationState.RECEIVED,
        DonationState.SORTED,
    }
)


def donation_by_reference(actor: Actor, reference: str) -> Donation:
    """One donation with its donor, contact and lines; `NotFound` for a stranger."""
    if not actor.may(Permission.DONATION_READ):
        raise NotFound
    donation = db.session.scalar(
        select(Donation)
        .options(joinedload(Donation.donor), joinedload(Donation.contact), selectinload(Donation.lines))
        .where(Donation.reference == reference.strip().upper())
    )
    if donation is None:
        raise NotFound
    return donation


@dataclass(frozen=True)
class DonationFilter:
    """Which donations a list shows; without a state, those that are not over."""

    words: str = ""
    state: DonationState | None = None
    everything: bool = False
    site_id: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the donations and their donors."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            named = named_or_numbered(Organisation.search, Donation.reference, ["DN"], self.words)
            found.append(or_(named, matches(func.lower(Donation.reference), self.words)))
        if self.state:
            found.append(Donation.state == self.state)
        elif not self.everything and not self.words:
            found.append(Donation.state.in_(OPEN))
        if self.site_id:
            found.append(Donation.site_id == self.site_id)
        return found


@dataclass(frozen=True)
class DonationRow:
    """A donation as a list shows it."""

    reference: str
    state: DonationState
    donor: str
    announced_on: date
    received_on: date | None
    arrival: Arrival

    @property
    def announced(self) -> int:
        """How many machines were announced."""
        return self.arrival.announced

    @property
    def received(self) -> int | None:
        """How many were counted and kept; None until somebody counted."""
        return None if self.received_on is None else self.arrival.received

    @property
    def differs(self) -> bool:
        """Whether a kind is missing or too many; nine laptops and a printer are not ten laptops."""
        return bool(self.arrival.missing or self.arrival.extra)

    @property
    def days(self) -> int:
        """For how many days it has been waiting: since its arrival, else since its announcement."""
        return max(0, (today() - (self.received_on or self.announced_on)).days)


DONATION_ORDERS = ListOrders(
    "-don",
    Donation.id,
    (
        ListOrder("don", _l("Don"), (), Compared.DATE, indexed=True),
        ListOrder("donateur", _l("Donateur"), (Organisation.search,)),
        ListOrder("etat", _l("État"), (steps_of(Donation.state, DonationState),), Compared.STEPS),
        ListOrder("depuis", _l("Annoncé ou reçu"), (func.coalesce(Donation.received_on, Donation.announced_on),), Compared.DATE),
    ),
)


def donations_listed(wanted: DonationFilter) -> Listing:
    """The `DonationRow`s that a filter leaves."""
    conditions = wanted.conditions()
    query = (
        select(Donation.id, Donation.reference, Donation.state, Organisation.name, Donation.announced_on, Donation.received_on)
        .join(Donation.donor)
        .where(*conditions)
    )

    def count() -> int:
        counted = select(func.count()).select_from(Donation).where(*conditions)
        return db.session.scalar(counted.join(Donation.donor) if wanted.words else counted) or 0

    return Listing(query, DONATION_ORDERS, count, shaped=_donation_rows)


def _donation_rows(rows: Sequence[Any]) -> Sequence[DonationRow]:
    arrivals = arrivals_of([row.id for row in rows])
    return [
        DonationRow(row.reference, row.state, row.name, row.announced_on, row.received_on, arrivals.get(row.id, Arrival(())))
        for row in rows
    ]


def donations(wanted: DonationFilter, number: int, asked: str = "") -> Page:
    """One page of `DonationRow`, the newest first or as asked."""
    return donations_listed(wanted).page(number, asked)


def donor_choices() -> list[tuple[str, str]]:
    """The donors to choose from on the form of a donation, by name: organisations that gave, and private persons who did."""
    given = (Organisation.is_donor, Organisation.archived_at.is_(None), Organisation.is_home.is_(False))
    query = select(Organisation.id, Organisation.name, Organisation.place).where(*given)
    rows = db.session.execute(query.order_by(Organisation.search, Organisation.id))
    return [(str(row.id), f"{row.name}, {row.place}" if row.place else row.name) for row in rows]


def open_donations_of(organisation: Organisation) -> int:
    """How many donations of an organisation are not over."""
    return db.session.scalar(select(func.count()).where(Donation.donor_id == organisation.id, Donation.state.in_(OPEN))) or 0


def line_of(donation: Donation, kind: DeviceKind) -> DonationLine | None:
    """The line of a kind, if the donation has one."""
    return db.session.scalar(select(DonationLine).where(and_(DonationLine.donation_id == donation.id, DonationLine.kind == kind)))


def devices_by_state(donation: Donation) -> dict[DeviceState, int]:
    """How many of its devices stand where."""
    return devices_of_donations([donation.id]).get(donation.id, {})


def being_received(most: int = 5) -> Sequence[Donation]:
    """The donations that arrived last and can still take machines in, with their donors."""
    return db.session.scalars(
        select(Donation)
        .options(joinedload(Donation.donor))
        .where(Donation.state.in_((DonationState.RECEIVED, DonationState.SORTED)))
        .order_by(Donation.received_on.desc(), Donation.id.desc())
        .limit(most)
    ).all()


def donations_to_answer(actor: Actor) -> int:
    """How many donations were announced and wait for an answer, for whoever may give one."""
    if not actor.may(Permission.DONATION_WRITE):
        return 0
    return db.session.scalar(select(func.count()).select_from(Donation).where(Donation.state == DonationState.ANNOUNCED)) or 0
