"""Plan the upkeep of things, open what is due or broken, settle it; the days that it needs are taken."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.lending.claims.pools import hold_for, pool_of
from refurb.lending.claims.settling import GONE, settle
from refurb.lending.items.states import item_machine
from refurb.lending.models import Item
from refurb.lending.upkeep.due import due_on, give_days_back, has_no_days, open_ticket, plans_of, take_days
from refurb.lending.upkeep.models import UpkeepPlan, UpkeepTicket
from refurb.lending.upkeep.rules import PlanOver, ThingGone
from refurb.lending.upkeep.states import upkeep_machine
from refurb.lending.upkeep.words import PlanScope, UpkeepState
from refurb.lending.words import ItemState

REFERENCE = "EN"


def plan_upkeep(
    actor: Actor,
    item: Item,
    *,
    name: str,
    scope: PlanScope = PlanScope.ITEM,
    every_loans: int | None = None,
    every_months: int | None = None,
    on_date: date | None = None,
    days: int = 1,
    minutes: int | None = None,
) -> UpkeepPlan:
    """Plan what a thing, or every thing of its product, needs again and again. What is due on a known day takes its days at once."""
    check(actor, Permission.ITEM_WRITE)
    for_product = scope is PlanScope.PRODUCT
    plan = UpkeepPlan(
        product_id=item.product_id if for_product else None, item_id=None if for_product else item.id, name=name, begun_at=now(),
        every_loans=every_loans, every_months=every_months, on_date=on_date, days=days, minutes=minutes,
    )  # fmt: skip
    things = _things(plan)
    # Before the plan's row, which keeps the thing's as it is: whoever has the pool waits for that one.
    hold_for(*things)
    db.session.add(plan)
    record(plan, "created", actor)
    for each in things:
        open_due(actor, each)
    return plan


def _things(plan: UpkeepPlan) -> list[Item]:
    query = select(Item).where(Item.state.not_in(GONE)).order_by(Item.id)
    one = Item.id == plan.item_id if plan.item_id else Item.product_id == plan.product_id
    return list(db.session.scalars(query.where(one)))


def end_plan(actor: Actor, plan: UpkeepPlan) -> None:
    """Nothing more is planned; what was still to do by it is dropped, and its days are free."""
    check(actor, Permission.ITEM_WRITE)
    tickets = db.session.scalars(
        select(UpkeepTicket).where(UpkeepTicket.plan_id == plan.id, UpkeepTicket.state == UpkeepState.OPEN).order_by(UpkeepTicket.item_id)
    ).all()
    hold_for(*(each.item for each in tickets))
    lock(plan)
    if plan.ended_at is not None:
        raise PlanOver(name=plan.name)
    plan.ended_at = now()
    record(plan, "ended", actor)
    for each in tickets:
        upkeep_machine.fire(each, "drop", actor, reason=plan.name)


def open_due(actor: Actor, item: Item) -> int:
    """Open what the plans of a thing ask for and nothing is open for yet, and take the days that it needs; how many tickets."""
    hold_for(item)
    lock(item)
    made = [ticket for plan in plans_of(item) if (ticket := _open(actor, plan, item)) is not None]
    if made:
        settle(pool_of(item))
    return len(made)


def _open(actor: Actor, plan: UpkeepPlan, item: Item) -> UpkeepTicket | None:
    known, day = open_ticket(plan, item), due_on(plan, item)
    if known is not None or day is None or item.state in GONE:
        if known is not None and has_no_days(known):
            take_days(known)
        return None
    ticket = UpkeepTicket(reference=next_reference(REFERENCE), item_id=item.id, plan_id=plan.id, what=plan.name, due_on=day, seen_at=now())
    upkeep_machine.begin(ticket, actor, plan=plan.id)
    take_days(ticket)
    return ticket


def open_repair(actor: Actor, item: Item, *, what: str, photo: bytes | None = None, stays: bool = False) -> UpkeepTicket:
    """Say what is wrong with a thing, whether it is here or out; one that `stays` is sent to be repaired, where it can be."""
    check(actor, Permission.ITEM_WRITE)
    hold_for(item)
    lock(item)
    if item.state in GONE:
        raise ThingGone(name=item.name)
    ticket = UpkeepTicket(reference=next_reference(REFERENCE), item_id=item.id, what=what, seen_at=now(), seen_by=actor.id)
    ticket.photo = keep(photo) if photo else None
    upkeep_machine.begin(ticket, actor)
    if stays and item.state in item_machine["send_to_repair"].sources:
        item_machine.fire(item, "send_to_repair", actor, reason=what)
    return ticket


def _hold(ticket: UpkeepTicket) -> None:
    hold_for(ticket.item)
    lock(ticket.item)


upkeep_machine.held_first.append(_hold)


@upkeep_machine.does("finish")
def _finish(ticket: UpkeepTicket, actor: Actor, facts: dict[str, Any]) -> None:
    """What it cost is kept with it; what was in repair for this alone is repaired, and what its plan asks for next is opened."""
    ticket.cost_cents, ticket.workshop, ticket.parts = (facts[name] for name in ("cost_cents", "workshop", "parts"))
    give_days_back(ticket)
    if ticket.is_repair and ticket.item.state is ItemState.IN_REPAIR and not _other_repairs(ticket):
        item_machine.fire(ticket.item, "repair", actor)


def _other_repairs(ticket: UpkeepTicket) -> bool:
    query = select(UpkeepTicket.id).where(
        UpkeepTicket.item_id == ticket.item_id,
        UpkeepTicket.id != ticket.id,
        UpkeepTicket.plan_id.is_(None),
        UpkeepTicket.state == UpkeepState.OPEN,
    )
    return db.session.scalar(query.limit(1)) is not None


@upkeep_machine.does("drop")
@upkeep_machine.does("give_way")
def _drop(ticket: UpkeepTicket, _actor: Actor, _facts: dict[str, Any]) -> None:
    give_days_back(ticket)


@upkeep_machine.does("reopen")
def _reopen(ticket: UpkeepTicket, actor: Actor, _facts: dict[str, Any]) -> None:
    """What was not done after all is to be done; what its plan has opened next meanwhile gives way to it."""
    ticket.cost_cents = ticket.workshop = ticket.parts = None
    if ticket.plan is not None and (following := open_ticket(ticket.plan, ticket.item)) is not None:
        upkeep_machine.fire(following, "give_way", actor)
    take_days(ticket)


def _follow(ticket: UpkeepTicket, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """What is settled makes room for the next: its days are free, and the plan's next day is known."""
    ticket.settled_at = None if row.target is UpkeepState.OPEN else now()
    db.session.flush()
    if row.name in {"finish", "drop"} and ticket.plan is not None and ticket.plan.ended_at is None:
        _open(actor, ticket.plan, ticket.item)
    settle(pool_of(ticket.item))


upkeep_machine.followers.append(_follow)


def _after_a_loan(item: Item, row: Move[Any], actor: Actor, _facts: dict[str, Any]) -> None:
    """A thing that came back may be due for what its plans ask after so many loans."""
    if row.name in {"take_back", "take_back_damaged", "take_back_incomplete"}:
        for plan in plans_of(item) if _COUNTS_LOANS.all(item=item.id, product=item.product_id) else ():
            if plan.every_loans is not None:
                _open(actor, plan, item)


_PLANS: Any = UpkeepPlan.__table__
_COUNTS_LOANS = Read(
    select(_PLANS.c.id)
    .where((_PLANS.c.item_id == bindparam("item")) | (_PLANS.c.product_id == bindparam("product")))
    .where(_PLANS.c.ended_at.is_(None), _PLANS.c.every_loans.is_not(None))
)


item_machine.followers.append(_after_a_loan)


def open_what_is_due() -> int:
    """Open what has come due since, for every thing with a plan: done by the worker each hour, pool by pool; how many tickets."""
    of_thing = (UpkeepPlan.item_id == Item.id) | (UpkeepPlan.product_id == Item.product_id)
    planned = select(UpkeepPlan.id).where(UpkeepPlan.ended_at.is_(None), of_thing)
    query = select(Item).where(Item.state.not_in(GONE), planned.exists()).order_by(Item.product_id, Item.site_id, Item.id)
    return sum(open_due(SERVICE, item) for item in db.session.scalars(query).all())
