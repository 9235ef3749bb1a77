"""The diary of the demonstration: what will have happened and when, lived through in the order of time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from refurb.directory.agenda.calendar import agenda
from refurb.directory.agenda.days import SiteDays
from refurb.directory.models import Organisation
from refurb.directory.sites.models import Site
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import write_only
from refurb.kernel.speech.clock import at, from_wall, local, now
from refurb.lending.models import Borrower, Item, Loan, Product
from refurb.lending.terms import loan_policy
from refurb.referrals.models import Allocation, Referral

Deed = Callable[[], object]
Tell = Callable[[str], None]

_A_DAY = timedelta(days=1)
_HALF_AN_HOUR = timedelta(minutes=30)
_A_MOMENT = timedelta(minutes=10)
_SATURDAY = 6
_EVERY = 100
"""After how many deeds something is told to whoever waits."""


@dataclass
class Cast:
    """Everybody and everything of the story, by the short names that its files use."""

    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    donations: dict[str, Donation] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    allocations: dict[str, Allocation] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    borrowers: dict[str, Borrower] = field(default_factory=dict)
    loans: dict[str, Loan] = field(default_factory=dict)


def _is_worked(day: date) -> bool:
    return day.isoweekday() < _SATURDAY and loan_policy().is_open(day, SiteDays(agenda()))


def _expire_what_was_read() -> None:
    """Have the next deed read anew; what this one did not touch is expired already, and there is ever more of it."""
    for state in db.session.identity_map.all_states():
        if not state.expired and (row := state.obj()) is not None:
            db.session.expire(row)


class Diary:
    """Deeds to come, each at its instant. Days are counted in working days before today, so that nothing happens on a Sunday."""

    def __init__(self) -> None:
        self.today = local(now()).date()
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._worked: dict[date, bool] = {}
        """What was found of days since the last deed, which may have closed some."""

    def _is_worked(self, day: date) -> bool:
        if day not in self._worked:
            self._worked[day] = _is_worked(day)
        return self._worked[day]

    def day(self, ago: int) -> date:
        """The date so many working days before today, or after it when `ago` is negative."""
        step, left, found = (-_A_DAY if ago > 0 else _A_DAY), abs(ago), self.today
        while left:
            found += step
            left -= self._is_worked(found)
        return found

    def instant(self, ago: int, clock: str) -> datetime:
        """The instant at which the territory's clocks show `clock` (09:30) on that day."""
        return from_wall(datetime.combine(self.day(ago), time.fromisoformat(clock)))

    def lately(self, clock: str) -> datetime:
        """The last instant of a worked day at which the clocks showed that, and that is past: today's, in the evening of a worked day."""
        there = self.instant(0, clock)
        return there if self._is_worked(self.today) and there < now() - _A_MOMENT else self.instant(1, clock)

    def just_now(self, opens: str, closes: str) -> datetime:
        """The quarter of an hour that began half an hour ago, if people are about at that hour; else the end of the day that is past.

        Any day of the week: nobody invites people for 14 h 07, nor for midnight, but for a Sunday they do.
        """
        began = now() - _HALF_AN_HOUR
        began = began.replace(minute=began.minute // 15 * 15, second=0, microsecond=0)
        first, last = (from_wall(datetime.combine(self.today, time.fromisoformat(clock))) for clock in (opens, closes))
        return last - _A_DAY if began < first else min(began, last)

    def open_day(self) -> date:
        """Today, or the first day after it on which the house is open."""
        return self.today if self._is_worked(self.today) else self.day(-1)

    def note(self, ago: int, clock: str, deed: Deed) -> None:
        """Let a deed happen so many working days ago, at that time of the day."""
        self.note_at(self.instant(ago, clock), deed)

    def note_at(self, instant: datetime, deed: Deed) -> None:
        """Let a deed happen at an instant; two of the same instant happen in the order of their notes."""
        self._deeds.append((instant, len(self._deeds), deed))

    def _write_letters(self) -> None:
        """Write what was just promised, as it would have left at that instant; nobody who is invented is ever written to.

        What was promised since yesterday noon stays for the worker, so that a demonstration with a mail server has something to send.
        """
        if now() < self.instant(1, "12:00"):
            for planned in db.session.scalars(select(Effect).where(Effect.done_at.is_(None))):
                write_only(planned)

    def live(self, tell: Tell) -> None:
        """Let everything happen, inside the caller's unit of work. Each deed finds the rows as another request would: read anew."""
        for number, (instant, _, deed) in enumerate(sorted(self._deeds, key=lambda each: each[:2]), start=1):
            with at(instant):
                deed()
                db.session.flush()
                _expire_what_was_read()
                self._worked.clear()
                self._write_letters()
            if number % _EVERY == 0:
                tell(f"Démonstration : {number} gestes sur {len(self._deeds)}, jusqu'au {local(instant):%d/%m/%Y}")
