"""What somebody must know before deciding about a request: why it is asked, who asks, what would be left, who waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from refurb.lending.claims.availability import free_of, how_many
from refurb.lending.claims.words import PoolKey
from refurb.lending.models import Borrower, Loan, LoanLine
from refurb.lending.queries import is_late
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.queries import blocked_days
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import loan_policy
from refurb.lending.waits.models import Wait
from refurb.lending.waits.queries import waits_on


def requests_to_decide(actor: Actor, site_id: int | None = None) -> Sequence[Reservation]:
    """The requests that wait for the desk and have not lapsed, the oldest first; `NotFound` for strangers."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    query = select(Reservation).where(Reservation.state == ReservationState.PENDING, Reservation.expires_at > now())
    if site_id is not None:
        query = query.where(Reservation.site_id == site_id)
    wide = query.options(
        joinedload(Reservation.borrower).joinedload(Borrower.organisation),
        selectinload(Reservation.lines).joinedload(ReservationLine.product),
    )
    return db.session.scalars(wide.order_by(Reservation.made_at, Reservation.id)).unique().all()


@dataclass(frozen=True)
class Left:
    """A line of a request: how many are asked, how many are free for others before and after it is accepted, who waits for them."""

    name: str
    quantity: int
    count: int
    free: int
    left: int
    waits: Sequence[Wait]

    @property
    def takes_the_last(self) -> bool:
        """Whether somebody waits for what accepting it would leave nobody."""
        return bool(self.waits) and self.left < sum(each.quantity for each in self.waits)


def left_by(request: Reservation) -> list[Left]:
    """What a request would leave, line by line. It holds its things already: what is free before is what is free now and what it asks."""
    found = []
    for line in request.lines:
        starts, until = blocked_days(line.product, request.handing, request.from_on, request.to_on)
        free = free_of([line.product_id], request.site_id, starts, until).get(line.product_id)
        now_free = how_many(PoolKey(line.product_id, request.site_id), starts, until, free) if free else 0
        waits = waits_on(line.product_id, request.site_id, request.from_on, request.to_on)
        found.append(Left(line.product.name, line.quantity, free.count if free else 0, now_free + line.quantity, now_free, waits))
    return found


def reasons_of(request: Reservation) -> list[str]:
    """The names of the categories for which the policy wants somebody to agree, to it or to so many dates of one request."""
    loans, dates = loan_policy().for_whom(request.borrower.kind, request.site_id), dates_of_request(request)
    terms = [loans.terms(line.product.category) for line in request.lines]
    return sorted({each.name for each in terms if each.wants_approval(dates)})


def dates_of_request(request: Reservation) -> int:
    """On how many dates a request was made together, this one among them."""
    if request.series_id is None:
        return 1
    same = Reservation.series_id == request.series_id
    return db.session.scalar(select(func.count(func.distinct(Reservation.from_on))).where(same)) or 1


@dataclass(frozen=True)
class BorrowingRecord:
    """How whoever asks has borrowed so far: how many loans, how many things are late now."""

    loans: int
    late: int


def standing_of(borrower: Borrower) -> BorrowingRecord:
    """The record of whoever asks; of a structure that of all who borrow for it."""
    who: Any = Borrower.organisation_id == borrower.organisation_id if borrower.organisation_id else Borrower.id == borrower.id
    loans = select(func.count()).select_from(Loan).join(Borrower, Borrower.id == Loan.borrower_id).where(who)
    late = select(func.count()).select_from(LoanLine).join(Loan).join(Borrower, Borrower.id == Loan.borrower_id).where(who, is_late())
    return BorrowingRecord(db.session.scalar(loans) or 0, db.session.scalar(late) or 0)


@dataclass(frozen=True)
class Queue:
    """Those who wait for one product, in their order."""

    name: str
    waits: Sequence[Wait]
    offered: Wait | None
    until: datetime | None


def queues_of(waits: Sequence[Wait]) -> list[Queue]:
    """Who waits, by product; what is offered first."""
    by: dict[tuple[int, int], list[Wait]] = {}
    for each in waits:
        by.setdefault((each.product_id, each.site_id), []).append(each)
    found = []
    for queue in by.values():
        offered = next((wait for wait in queue if wait.state.is_offered), None)
        until = offered.reservation.expires_at if offered and offered.reservation else None
        found.append(Queue(queue[0].product.name, queue, offered, until))
    return sorted(found, key=lambda told: (told.offered is None, told.name))
