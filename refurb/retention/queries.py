"""What the pages of privacy look up: what goes tonight and how it is called, files, requests, who read which file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from refurb.directory.models import Contact
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.holds import Hold
from refurb.kernel.deeds.persons import NoSuchFile, PersonFile, PersonKind
from refurb.kernel.deeds.retention import HOUR, Tonight, run_of, tonight
from refurb.kernel.deeds.security import LOOKS, SecurityEvent, SecurityKind
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import local, midnight, now, today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Borrower, Loan
from refurb.lending.reservations.models import Reservation
from refurb.referrals.models import Beneficiary, Referral
from refurb.retention.models import PersonRequest

MOST_LISTED = 200
BURST = timedelta(minutes=20)
MANY = 20
"""So many files within `BURST` are looked at, and more than three times as many as on a usual day."""


@dataclass(frozen=True)
class NightAhead:
    """The next night: when it is, whether it is under way, and what it does about each sort that goes at night."""

    at: datetime
    is_begun: bool
    sorts: Sequence[Tonight]

    @property
    def due(self) -> int:
        """How many files, without the lines of journals."""
        return sum(each.due for each in self.sorts if not each.term.of_lines)

    @property
    def lines(self) -> int:
        """How many lines of journals."""
        return sum(each.due for each in self.sorts if each.term.of_lines)

    @property
    def held(self) -> int:
        """How many are past their term, and frozen."""
        return sum(each.held for each in self.sorts)


def night_ahead() -> NightAhead:
    """What the next night would do, asked as the night asks."""
    here = local(now())
    run = run_of(here.date())
    is_over = run is not None and run.ended_at is not None
    day = here.date() if here.hour < HOUR or not is_over else here.date() + timedelta(days=1)
    sorts = tonight([each for each in wired().terms if not each.hourly])
    return NightAhead(midnight(day) + timedelta(hours=HOUR), run is not None and not is_over, sorts)


def term_of(key: str) -> Term:
    """A term by its key; `NotFound`."""
    found = next((each for each in wired().terms if each.key == key), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class DueRow:
    """A row that is due, by what it is known by: never by a name."""

    reference: str
    path: str = ""


def due_rows(term: Term) -> list[DueRow]:
    """The first rows that a night would forget, by their references."""
    numbers = list(db.session.scalars(term.due().limit(MOST_LISTED)))
    return [_called(term, each) for each in numbers]


_PATHS: dict[type[Any], tuple[str, str]] = {
    Borrower: ("code", "/emprunteurs"),
    Loan: ("reference", "/prets"),
    Reservation: ("reference", "/reservations"),
    Donation: ("reference", "/dons"),
}
"""Of a row that has a page: by what it is called, and where its pages are."""


def _called(term: Term, number: Any) -> DueRow:
    if term.model is Beneficiary:
        named = db.session.scalars(select(Referral.reference).where(Referral.beneficiary_id == number).order_by(Referral.id)).all()
        return DueRow(", ".join(named), f"/orientations/{named[-1]}" if named else "")
    row = db.session.get_one(term.model, number)
    if term.model in _PATHS:
        name, path = _PATHS[term.model]
        return DueRow(getattr(row, name), f"{path}/{getattr(row, name)}")
    known = row.organisation.reference if isinstance(row, Contact) else getattr(row, "reference", None)
    return DueRow(str(known or f"n° {number}"))


# --- files ----------------------------------------------------------------------------------------------------------------


def person_kind(kind: str) -> PersonKind:
    """How a room tells of files of a kind; `NotFound`."""
    found = next((each for each in wired().persons if each.kind == kind), None)
    if found is None:
        raise NotFound
    return found


def find_file(typed: str) -> PersonFile:
    """The file that is known by what was typed. Raises `NoSuchFile`."""
    found = next((file for each in wired().persons if (file := each.find(typed)) is not None), None)
    if found is None:
        raise NoSuchFile(typed=typed)
    return found


def open_file(kind: str, number: int) -> PersonFile:
    """A file by the kind and the number of its subject; `NotFound`."""
    found = person_kind(kind).open(number)
    if found is None:
        raise NotFound
    return found


def open_holds() -> Sequence[Hold]:
    """The files that are frozen, those to look at again first."""
    return db.session.scalars(select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.review_on, Hold.id)).all()


def find_hold(number: int) -> Hold:
    """One hold; `NotFound`."""
    found = db.session.get(Hold, number)
    if found is None:
        raise NotFound
    return found


def to_look_at(_actor: Actor) -> int:
    """How much of privacy waits for somebody: requests without an answer, holds whose day has come."""
    holds = select(func.count()).where(Hold.lifted_at.is_(None), Hold.review_on <= today())
    return count_requests() + (db.session.scalar(holds) or 0)


def count_requests() -> int:
    """How many requests wait for an answer."""
    return db.session.scalar(select(func.count()).where(PersonRequest.ended_at.is_(None))) or 0


def requests() -> Select[Any]:
    """Every request: those that wait first, the most urgent first."""
    return select(PersonRequest).order_by(PersonRequest.ended_at.is_not(None), PersonRequest.answer_by, PersonRequest.id.desc())


def find_request(reference: str) -> PersonRequest:
    """One request by its reference; `NotFound`."""
    found = db.session.scalar(select(PersonRequest).where(PersonRequest.reference == reference))
    if found is None:
        raise NotFound
    return found


# --- who read what --------------------------------------------------------------------------------------------------------


def looks(*, account_id: int | None = None, about: str = "", since: date | None = None) -> Select[Any]:
    """The looks at people's files, the newest first."""
    query = select(SecurityEvent).where(SecurityEvent.kind.in_(LOOKS)).order_by(SecurityEvent.id.desc())
    if account_id is not None:
        query = query.where(SecurityEvent.account_id == account_id)
    if about:
        query = query.where(SecurityEvent.about == about)
    if since is not None:
        query = query.where(SecurityEvent.at >= midnight(since))
    return query


def readers() -> list[int]:
    """The accounts that looked at a file."""
    query = select(SecurityEvent.account_id).where(SecurityEvent.kind.in_(LOOKS), SecurityEvent.account_id.is_not(None)).distinct()
    return [each for each in db.session.scalars(query) if each is not None]


@dataclass(frozen=True)
class Burst:
    """Many files opened by one account in a short time: from when to when, how many, and how many on a usual day."""

    account_id: int
    first: datetime
    last: datetime
    count: int
    usual: int


def bursts(days: int = 30) -> list[Burst]:
    """Unusual reading of the last days, the newest first: at most one of an account."""
    query = select(SecurityEvent.account_id, SecurityEvent.at).where(
        SecurityEvent.kind == SecurityKind.FILE_OPENED,
        SecurityEvent.at >= now() - timedelta(days=days),
        SecurityEvent.account_id.is_not(None),
    )
    opened: dict[Any, list[datetime]] = defaultdict(list)
    for account_id, at in db.session.execute(query.order_by(SecurityEvent.at)):
        opened[account_id].append(at)
    found = [burst for account_id, hours in opened.items() if (burst := _burst_in(account_id, hours)) is not None]
    return sorted(found, key=lambda each: each.last, reverse=True)


def _burst_in(account_id: int, hours: list[datetime]) -> Burst | None:
    best, begin = (0, 0), 0
    for end, at in enumerate(hours):
        while at - hours[begin] > BURST:
            begin += 1
        best = max(best, (end - begin + 1, begin))
    count, first = best
    days = {local(at).date() for at in hours}
    others = len(hours) - count
    usual = others // max(1, len(days) - 1) if others else 0
    if count <= MANY or count <= 3 * usual:
        return None
    return Burst(account_id, hours[first], hours[first + count - 1], count, usual)
