"""Looking up who waits: for one thing in their order, for everything at a place."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from refurb.directory.rota.at_stops import ThingAtStop
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.lending.claims.words import PoolKey
from refurb.lending.models import Borrower
from refurb.lending.reservations.rules import passages_ahead
from refurb.lending.suspensions.queries import suspended_now
from refurb.lending.terms import LoanPolicy, loan_policy
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
    """From when on a product is taken for who waits for days after one, and can be offered it; at a stop it is packed before the passage.

    Not who is suspended, nor who waits for days that have begun, nor for a passage that is off or loaded.
    """
    query = select(Wait).where(Wait.product_id == product_id, Wait.site_id == site_id, Wait.state == WaitState.WAITING)
    query = query.where(Wait.to_on > since, Wait.from_on >= today(), Wait.borrower_id.not_in(suspended_now()))
    loans = loan_policy()
    found = [each for each in db.session.scalars(query.options(joinedload(Wait.product))) if _can_be_offered(loans, each)]
    return min((loans.taken_from(loans.terms(each.product.category), each.from_on, each.handing) for each in found), default=None)


def _can_be_offered(loans: LoanPolicy, wait: Wait) -> bool:
    """Whether its days are days still: at a stop its passages take place, and the first can be packed."""
    handing = wait.handing
    if handing.handover_id is None:
        return True
    return wait.from_on in passages_ahead(loans, handing) and loans.is_open(wait.to_on, handing.days)


def waits_at_stops(site_ids: Collection[int], first: date) -> list[ThingAtStop]:
    """Who waits for something at some stops from a day on: the desk tells them of a passage that is off. Told by reference."""
    query = select(Wait).where(Wait.handover_id.in_(site_ids), Wait.state == WaitState.WAITING).order_by(Wait.id)
    return [
        ThingAtStop(each.handover_id, day, said, "lending.wait", {"reference": each.reference})
        for each in db.session.scalars(query.where(or_(Wait.from_on >= first, Wait.to_on >= first)))
        for day, said in (
            (each.from_on, _("Liste d'attente %(reference)s, retrait", reference=each.reference)),
            (each.to_on, _("Liste d'attente %(reference)s, retour", reference=each.reference)),
        )
        if each.handover_id is not None and day >= first
    ]


def wait_offered(reservation_id: int) -> Wait | None:
    """The wait that a reservation was offered for, if it was."""
    return db.session.scalar(select(Wait).where(Wait.reservation_id == reservation_id).order_by(Wait.id.desc()).limit(1))
