"""What the days on which somebody needs a thing become at a place or a stop: the day it is fetched, and the day it is brought back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import select

from refurb.directory.agenda.queries import closures, days_of, span_of
from refurb.directory.rota.models import Passage
from refurb.directory.rota.queries import passages_at
from refurb.directory.rota.words import said_hours
from refurb.directory.sites.queries import SiteCard, open_sites
from refurb.directory.sites.words import said_spans
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.claims.settling import GONE
from refurb.lending.handing import Handing
from refurb.lending.models import Item
from refurb.lending.reservations.rules import passages_ahead
from refurb.lending.terms import NeverOpen, Terms, loan_policy


@dataclass(frozen=True)
class Stay:
    """A thing fetched at a place on one day and brought back there on another; both are open days, at a stop passages.

    `kept` is the place from which it travels to a stop; None at the place itself.
    """

    place: SiteCard
    from_on: date
    to_on: date
    kept: SiteCard | None = None

    @property
    def is_stop(self) -> bool:
        """Whether the vehicle brings it."""
        return self.kept is not None

    @property
    def keeper(self) -> SiteCard:
        """The place whose things they are."""
        return self.kept or self.place

    @cached_property
    def handing(self) -> Handing:
        """Where it changes hands."""
        return Handing(self.keeper.id, self.place.id if self.is_stop else None)

    @property
    def hours_out(self) -> str:
        """The hours on the day it is fetched, where they are known."""
        return self._hours(self.from_on)

    @property
    def hours_back(self) -> str:
        """The hours on the day it is brought back."""
        return self._hours(self.to_on)

    def _hours(self, day: date) -> str:
        if not self.is_stop:
            return said_spans(self.place.week.days[day.isoweekday() - 1]) if self.place.week else ""
        found = self._passages.get(day)
        return said_hours(found.opens, found.closes) if found else ""

    @cached_property
    def _passages(self) -> dict[date, Passage]:
        """What takes place at the stop from one day to the other: looked up once, since each card says both."""
        rows = passages_at([self.place.id], self.from_on, self.to_on + timedelta(days=1))
        return {each.day: each for each in rows if not each.state.is_off}

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


def lending_places(first: int | None = None) -> list[SiteCard]:
    """Our places at which there is something to lend; the one that was chosen comes first."""
    there = set(db.session.scalars(select(Item.site_id).where(Item.state.not_in(GONE)).distinct()))
    return sorted((each for each in open_sites() if each.id in there), key=lambda each: (each.id != first, each.id))


def stays_at_stop(stop: SiteCard, needed: date, until: date, places: Iterable[SiteCard] | None = None) -> list[Stay]:
    """Fetched at the last passage up to the day on which it is needed, else at the next one; brought back at the first after the last day.

    One for each place from which things travel, since each packs on its own days.
    """
    found, loans = [], loan_policy()
    for kept in lending_places() if places is None else places:
        ahead = passages_ahead(loans, Handing(kept.id, stop.id))
        from_on = next((each for each in reversed(ahead) if each <= needed), ahead[0] if ahead else None)
        to_on = next((each for each in ahead if from_on and each > max(until, from_on)), None)
        if from_on and to_on:
            found.append(Stay(stop, from_on, to_on, kept))
    return found


def next_stay(stop: SiteCard, kept: SiteCard, terms: Terms, since: date | None = None) -> Stay | None:
    """The next passage, and the return that the terms propose: the last passage within the usual days, else the first after."""
    loans, handing = loan_policy(), Handing(kept.id, stop.id)
    ahead = [each for each in passages_ahead(loans, handing) if since is None or each >= since]
    return Stay(stop, ahead[0], loans.due_date(terms, ahead[0], handing.days), kept) if len(ahead) > 1 else None


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
