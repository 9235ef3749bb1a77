"""What the days on which somebody needs a thing become at each of our places: the day it is fetched, and the day it is brought back."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from refurb.directory.agenda.queries import closures, days_of, span_of
from refurb.directory.sites.queries import SiteCard, open_sites
from refurb.directory.sites.words import said_spans
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.claims.settling import GONE
from refurb.lending.models import Item
from refurb.lending.terms import NeverOpen, loan_policy


@dataclass(frozen=True)
class Stay:
    """A thing fetched at a place on one day and brought back there on another; both are open days."""

    place: SiteCard
    from_on: date
    to_on: date

    @property
    def hours_out(self) -> str:
        """The hours on the day it is fetched, where they are known."""
        return _hours(self.place, self.from_on)

    @property
    def hours_back(self) -> str:
        """The hours on the day it is brought back."""
        return _hours(self.place, self.to_on)

    @property
    def closed(self) -> list[tuple[str, date, date]]:
        """The closures between the two days: (why, first, last), both closed."""
        return [
            (row.reason, first, last)
            for row in closures(self.place.id)
            if row.hours is None
            for first, last in span_of(row).times(self.from_on, self.to_on)
            if first < last
        ]


def _hours(place: SiteCard, day: date) -> str:
    return said_spans(place.week.days[day.isoweekday() - 1]) if place.week else ""


def lending_places(first: int | None = None) -> list[SiteCard]:
    """Our places at which there is something to lend; the one that was chosen comes first."""
    there = set(db.session.scalars(select(Item.site_id).where(Item.state.not_in(GONE)).distinct()))
    return sorted((each for each in open_sites() if each.id in there), key=lambda each: (each.id != first, each.id))


def stay_at(place: SiteCard, needed: date, until: date) -> Stay | None:
    """Fetched on the last open day up to the first on which it is needed, brought back on the first after the last; None if never open."""
    loans, days = loan_policy(), days_of(place.id)
    try:
        back = needed
        while back > today() and not loans.is_open(back, days):
            back -= timedelta(days=1)
        from_on = back if loans.is_open(back, days) else loans.next_open(needed, days)
        return Stay(place, from_on, loans.next_open(max(until, from_on) + timedelta(days=1), days))
    except NeverOpen:
        return None
