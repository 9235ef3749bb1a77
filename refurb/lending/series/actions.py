"""Reserve a workshop: every date in one transaction; what needs no approval is held at once, the rest is asked of the desk."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from refurb.accounts.models import Account
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import moves_made
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.terms import Term
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _l, day
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.claims.pools import hold
from refurb.lending.claims.words import PoolKey
from refurb.lending.items.queries import product_by_id
from refurb.lending.models import Borrower
from refurb.lending.reservations.actions import reserve
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.series.models import WorkshopDraft
from refurb.lending.series.queries import WorkshopWay, structures_of
from refurb.lending.series.rules import DatesTaken, NoStructure, NothingToSend
from refurb.lending.series.words import WayOut
from refurb.lending.terms import loan_policy
from refurb.lending.waits.actions import wait_for

TELL_PARTNER = "tell_workshop"
DRAFT_LASTS = timedelta(days=90)


def borrower_for(actor: Actor) -> Borrower:
    """Who borrows for somebody's structure: the card of her own address there, made the first time. Raises `NoStructure`."""
    check(actor, Permission.RESERVATION_WRITE)
    structures = sorted(structures_of(actor))
    account = db.session.get(Account, actor.id) if actor.id is not None else None
    if not structures or account is None:
        raise NoStructure
    theirs = select(Borrower).where(Borrower.organisation_id.in_(structures), Borrower.email == account.email).order_by(Borrower.id)
    found = db.session.scalars(theirs.limit(1)).one_or_none()
    facts: dict[str, Any] = {"organisation_id": structures[0], "email": account.email}
    return found or register_borrower(SERVICE, name=account.name, is_adult=True, anyway=True, **facts)


def reserve_workshop(
    actor: Actor, borrower: Borrower, ways: Sequence[WorkshopWay], *, site_id: int, purpose: str, word: str | None = None
) -> list[Reservation]:
    """Reserve each date of a workshop as a reservation of its own, and wait where that was chosen: all of it, or nothing.

    Raises `DatesTaken` with the dates that fail, where somebody else was quicker.
    """
    check(actor, Permission.RESERVATION_WRITE if structures_of(actor) else Permission.LOAN_WRITE)
    if borrower.organisation_id not in structures_of(actor) and not actor.may(Permission.LOAN_WRITE):
        raise NotFound
    asked = [each for each in ways if each.kind is not WayOut.DROP]
    if not any(each.wanted or each.waits for each in asked):
        raise NothingToSend
    hold({PoolKey(product, site_id) for each in asked for product in (*each.wanted, *each.waits)})
    made: list[Reservation] = []
    failed = []
    for each in asked:
        try:
            with db.session.begin_nested():
                made += _one_date(borrower, each, site_id, len(asked))
        except Refusal:
            failed.append(each.dates.from_on)
    if failed:
        raise DatesTaken(count=len(failed), days=", ".join(map(day, failed)))
    for reservation in made:
        reservation.series_id, reservation.asked_by, reservation.purpose, reservation.word = made[0].id, actor.id, purpose, word or None
        plan(TELL_PARTNER, reservation_id=reservation.id, state=reservation.state.value, moves=moves_made(reservation))
    forget_draft(actor)
    return made


def _one_date(borrower: Borrower, way: WorkshopWay, site: int, dates: int) -> list[Reservation]:
    """What needs somebody's approval stands apart, so that the rest is held whatever the answer is."""
    loans, made = loan_policy().for_whom(borrower.kind, site), []
    days: dict[str, Any] = {"from_on": way.dates.from_on, "to_on": way.dates.to_on}
    asking = {number for number in way.wanted if loans.terms(product_by_id(number).category).wants_approval(dates)}
    for some in (way.wanted.keys() - asking, asking):
        lines = [{"product_id": number, "quantity": way.wanted[number]} for number in sorted(some)]
        if lines:
            made.append(reserve(SERVICE, borrower, lines=lines, site_id=site, dates=dates, **days))
    for number, quantity in sorted(way.waits.items()):
        wait_for(SERVICE, borrower, product_id=number, quantity=quantity, site_id=site, **days)
    return made


def save_draft(actor: Actor, typed: Mapping[str, str]) -> None:
    """Keep what somebody has typed so far, in the place of what was kept before."""
    check(actor, Permission.RESERVATION_WRITE)
    assert actor.id is not None, "whoever writes a workshop has an account"
    found = db.session.get(WorkshopDraft, actor.id) or WorkshopDraft(account_id=actor.id)
    found.typed, found.saved_at = dict(typed), now()
    db.session.add(found)


def forget_draft(actor: Actor) -> None:
    """What was sent is no draft any more."""
    db.session.execute(delete(WorkshopDraft).where(WorkshopDraft.account_id == (actor.id or 0)))


forget_drafts = Term(
    key="lending.workshop_drafts",
    who=_l("Personne qui prépare un atelier"),
    what=_l("brouillon de la demande"),
    lasts=DRAFT_LASTS,
    model=WorkshopDraft,
    past=lambda: WorkshopDraft.saved_at < now() - DRAFT_LASTS,
    hourly=True,
)


def cancel_workshop(actor: Actor, reservation: Reservation) -> None:
    """Let go what is reserved for somebody's own structure."""
    check(actor, Permission.RESERVATION_WRITE)
    if reservation.borrower.organisation_id not in structures_of(actor):
        raise NotFound
    reservation_machine.fire(reservation, "cancel", SERVICE, reason="annulé par la structure")


def _tell(reservation: Reservation, row: Move[Any], _actor: Actor, _facts: dict[str, Any]) -> None:
    if reservation.asked_by is not None and row.name in _TOLD:
        plan(TELL_PARTNER, reservation_id=reservation.id, state=row.target.value, moves=moves_made(reservation) + 1)


_TOLD = frozenset({"approve", "offer", "refuse", "cancel", "expire", "miss"})
reservation_machine.followers.append(_tell)
