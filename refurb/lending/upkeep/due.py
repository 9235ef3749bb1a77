"""When a plan is due for a thing, and the days that are taken for it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local, now, today
from refurb.lending.claims.facts import first_care, plan_care
from refurb.lending.models import Item, LoanLine
from refurb.lending.queries import line_out
from refurb.lending.terms import loan_policy
from refurb.lending.upkeep.models import UpkeepPlan, UpkeepTicket
from refurb.lending.upkeep.words import UpkeepState

AHEAD = timedelta(days=366)
"""How far ahead the days of something due are taken."""


def plans_of(item: Item) -> Sequence[UpkeepPlan]:
    """The plans that hold for a thing: its own and its product's."""
    query = select(UpkeepPlan).where((UpkeepPlan.item_id == item.id) | (UpkeepPlan.product_id == item.product_id))
    return db.session.scalars(query.where(UpkeepPlan.ended_at.is_(None)).order_by(UpkeepPlan.id)).all()


def open_ticket(plan: UpkeepPlan, item: Item) -> UpkeepTicket | None:
    """What is to do by a plan for a thing."""
    query = select(UpkeepTicket).where(UpkeepTicket.plan_id == plan.id, UpkeepTicket.item_id == item.id)
    return db.session.scalar(query.where(UpkeepTicket.state == UpkeepState.OPEN))


def last_done(plan: UpkeepPlan, item: Item) -> UpkeepTicket | None:
    """The last time that a plan was settled for a thing, done or dropped."""
    settled = select(UpkeepTicket).where(
        UpkeepTicket.plan_id == plan.id, UpkeepTicket.item_id == item.id, UpkeepTicket.state != UpkeepState.OPEN
    )
    return db.session.scalars(settled.order_by(UpkeepTicket.settled_at.desc(), UpkeepTicket.id.desc()).limit(1)).first()


def loans_since(plan: UpkeepPlan, item: Item) -> int:
    """How often a thing went out since a plan was last settled for it."""
    last = last_done(plan, item)
    since = last.settled_at if last else plan.begun_at
    return db.session.scalar(select(func.count()).where(LoanLine.item_id == item.id, LoanLine.out_at >= since)) or 0


def due_on(plan: UpkeepPlan, item: Item) -> date | None:
    """On which day a plan is due for a thing; None while nobody can say, or when its one day was settled."""
    last = last_done(plan, item)
    if plan.on_date is not None:
        return None if last else plan.on_date
    if plan.every_months is not None:
        since = last.settled_at if last is not None and last.settled_at else plan.begun_at
        return months_after(local(since).date(), plan.every_months)
    if loans_since(plan, item) < (plan.every_loans or 1):
        return None
    line = line_out(item)
    return max(line.due_on, today()) if line else today()


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def take_days(ticket: UpkeepTicket) -> None:
    """Take the days that a ticket's plan needs, the first open ones from its day on by which nobody who reserved is short.

    Where there are none yet (the thing is out, nobody knows until when), none are taken. The pool and the thing are held.
    """
    plan, item = ticket.plan, ticket.item
    if plan is None or not plan.days or ticket.due_on is None or ticket.due_on > today() + AHEAD:
        return
    starts = first_care(item, plan.days, loan_policy().next_open(max(ticket.due_on, today()), days_of(item.site_id)))
    if starts is not None:
        ticket.claim_id = plan_care(item, starts, starts + timedelta(days=plan.days))


def has_no_days(ticket: UpkeepTicket) -> bool:
    """Whether none were taken for a ticket yet, or they were given up before they had passed: the thing was not there."""
    claim = ticket.claim
    return claim is None or (claim.ended_at is not None and local(claim.ended_at).date() < claim.until_on)


def give_days_back(ticket: UpkeepTicket) -> None:
    """The days that were taken for a ticket are free again."""
    if ticket.claim is not None and ticket.claim.ended_at is None:
        ticket.claim.ended_at = now()
        db.session.flush()
    ticket.claim_id = None
