"""Looking up who waits: for one thing in their order, for everything at a place."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.claims.words import PoolKey
from refurb.lending.models import Borrower
from refurb.lending.suspensions.queries import suspended_now
from refurb.lending.waits.models import Wait
from refurb.lending.waits.words import WaitState

STANDING = frozenset({WaitState.WAITING, WaitState.OFFERED})

# Asked at the end of every deed that held the pool, and mostly nobody.
_WAITS: Any = Wait.__table__
_WAITING = Read(
    select(_WAITS.c.id)
    .where(_WAITS.c.product_id == bindparam("product_id"), _WAITS.c.site_id == bindparam("site_id"))
    .where(_WAITS.c.state == WaitState.WAITING, _WAITS.c.from_on >= bindparam("day"))
    .order_by(_WAITS.c.id)
)


def waiting_ids(pool: PoolKey) -> list[int]:
    """Who waits for something of a pool, the first to ask first."""
    return [row.id for row in _WAITING.all(**pool._asdict(), day=today())]


def wait_by_reference(actor: Actor, reference: str) -> Wait:
    """Somebody who waits or waited; `NotFound` for whoever may not read loans."""
    wide = select(Wait).options(joinedload(Wait.borrower), joinedload(Wait.product), joinedload(Wait.reservation))
    found = db.session.scalar(wide.where(Wait.reference == reference.upper())) if actor.may(Permission.LOAN_READ) else None
    if found is None:
        raise NotFound
    return found


def rank_of(wait: Wait) -> int:
    """How many wait for a day of the same before, and one: the first is 1."""
    before = (
        select(func.count())
        .select_from(Wait)
        .where(Wait.product_id == wait.product_id, Wait.site_id == wait.site_id, Wait.state == WaitState.WAITING, Wait.id < wait.id)
        .where(Wait.from_on < wait.to_on, Wait.to_on > wait.from_on)
    )
    return 1 + (db.session.scalar(before) or 0)


def standing_waits(actor: Actor, site_id: int | None = None) -> Sequence[Wait]:
    """Who waits or has an offer: what is offered first, then by product in the order of asking."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    query = select(Wait).where(Wait.state.in_(STANDING))
    if site_id is not None:
        query = query.where(Wait.site_id == site_id)
    wide = query.options(
        joinedload(Wait.borrower).joinedload(Borrower.organisation), joinedload(Wait.product), joinedload(Wait.reservation)
    )
    return db.session.scalars(wide.order_by(Wait.state != WaitState.OFFERED, Wait.product_id, Wait.id)).all()


def waits_on(product_id: int, site_id: int, from_on: Any, to_on: Any) -> Sequence[Wait]:
    """Who waits for a product on one of some days, the first to ask first."""
    query = select(Wait).where(Wait.product_id == product_id, Wait.site_id == site_id, Wait.state == WaitState.WAITING)
    return db.session.scalars(query.where(Wait.from_on < to_on, Wait.to_on > from_on).order_by(Wait.id)).all()


def first_wait_in_the_way(product_id: int, site_id: int, since: date) -> date | None:
    """From when on somebody waits for a product for days after one, and can be offered it: not suspended, for days that have not begun."""
    query = select(func.min(Wait.from_on)).where(Wait.product_id == product_id, Wait.site_id == site_id, Wait.state == WaitState.WAITING)
    return db.session.scalar(query.where(Wait.to_on > since, Wait.from_on >= today(), Wait.borrower_id.not_in(suspended_now())))


def wait_offered(reservation_id: int) -> Wait | None:
    """The wait that a reservation was offered for, if it was."""
    return db.session.scalar(select(Wait).where(Wait.reservation_id == reservation_id).order_by(Wait.id.desc()).limit(1))
