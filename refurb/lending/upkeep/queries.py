"""Looking up what is to do, what was done and what it cost, and how old the pool is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders
from refurb.kernel.web.search import matches
from refurb.lending.claims.settling import GONE
from refurb.lending.models import Item, Product
from refurb.lending.upkeep.due import due_on, last_done, loans_since, open_ticket, plans_of
from refurb.lending.upkeep.models import UpkeepPlan, UpkeepTicket
from refurb.lending.upkeep.words import UpkeepState

SOON = timedelta(days=30)


class WhichUpkeep(StrEnum):
    """Which tickets a list shows."""

    TO_DO = "a-faire"
    ALL_OPEN = "a-venir"
    DONE = "faits"


UPKEEP_ORDERS = ListOrders(
    "jour",
    UpkeepTicket.id,
    (
        ListOrder("jour", _l("Pour le"), (UpkeepTicket.due_on,), Compared.DATE),
        ListOrder("materiel", _l("Matériel"), (Item.name,)),
        ListOrder("vu", _l("Vu le"), (UpkeepTicket.seen_at,), Compared.DATE),
    ),
)


def upkeep_listing(which: WhichUpkeep, typed: str = "", site_id: int | None = None) -> Listing:
    """Tickets as rows of reference, what, due day, state, cost, whether planned, the thing's code and name."""
    query = select(
        UpkeepTicket.reference, UpkeepTicket.what, UpkeepTicket.due_on, UpkeepTicket.state, UpkeepTicket.cost_cents, UpkeepTicket.plan_id,
        UpkeepTicket.seen_at, UpkeepTicket.settled_at, UpkeepTicket.workshop, Item.code, Item.name,
    ).join(Item, Item.id == UpkeepTicket.item_id)  # fmt: skip
    if which is WhichUpkeep.DONE:
        query = query.where(UpkeepTicket.state == UpkeepState.DONE)
    else:
        query = query.where(UpkeepTicket.state == UpkeepState.OPEN, Item.state.not_in(GONE))
    if which is WhichUpkeep.TO_DO:
        query = query.where(UpkeepTicket.due_on.is_(None) | (UpkeepTicket.due_on <= today() + SOON))
    if typed:
        query = query.where(matches(Item.search, typed))
    if site_id:
        query = query.where(Item.site_id == site_id)
    return Listing(query, UPKEEP_ORDERS)


def count_due() -> int:
    """How many tickets are to do today: repairs, and what is due."""
    query = select(func.count()).select_from(UpkeepTicket).join(Item, Item.id == UpkeepTicket.item_id)
    due = UpkeepTicket.due_on.is_(None) | (UpkeepTicket.due_on <= today())
    return db.session.scalar(query.where(UpkeepTicket.state == UpkeepState.OPEN, due, Item.state.not_in(GONE))) or 0


def ticket_by_reference(actor: Actor, reference: str) -> UpkeepTicket:
    """A ticket with its thing; `NotFound` for whoever may not see loans."""
    query = select(UpkeepTicket).where(UpkeepTicket.reference == reference.upper()).options(joinedload(UpkeepTicket.item))
    found = db.session.scalar(query) if actor.may(Permission.LOAN_READ) else None
    if found is None:
        raise NotFound
    return found


def plan_of(actor: Actor, item: Item, number: int) -> UpkeepPlan:
    """A plan that holds for a thing, by its number; `NotFound` for any other."""
    found = next((each for each in plans_of(item) if each.id == number), None) if actor.may(Permission.LOAN_READ) else None
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class PlanStanding:
    """A plan for a thing as it stands: what is open, when it is due, how many loans are left until then, when it was last settled."""

    plan: UpkeepPlan
    ticket: UpkeepTicket | None
    due_on: date | None
    loans_left: int | None
    last: UpkeepTicket | None

    @property
    def is_due(self) -> bool:
        """Whether its day has come."""
        return self.due_on is not None and self.due_on <= today()


def standings_of(item: Item) -> list[PlanStanding]:
    """Every plan of a thing, as it stands."""
    return [_standing(plan, item) for plan in plans_of(item)]


def _standing(plan: UpkeepPlan, item: Item) -> PlanStanding:
    ticket, last = open_ticket(plan, item), last_done(plan, item)
    day = ticket.due_on if ticket is not None else due_on(plan, item)
    left = max(0, plan.every_loans - loans_since(plan, item)) if plan.every_loans is not None else None
    return PlanStanding(plan, ticket, day, left, last)


def repairs_of(item: Item) -> Sequence[UpkeepTicket]:
    """The repairs of a thing that are to do."""
    query = select(UpkeepTicket).where(
        UpkeepTicket.item_id == item.id, UpkeepTicket.state == UpkeepState.OPEN, UpkeepTicket.plan_id.is_(None)
    )
    return db.session.scalars(query.order_by(UpkeepTicket.id)).all()


def settled_of(item: Item, most: int = 50) -> Sequence[UpkeepTicket]:
    """What was done for a thing, or dropped, the newest first."""
    query = select(UpkeepTicket).where(UpkeepTicket.item_id == item.id, UpkeepTicket.state != UpkeepState.OPEN)
    return db.session.scalars(query.order_by(UpkeepTicket.settled_at.desc(), UpkeepTicket.id.desc()).limit(most)).all()


def costs_of(item: Item) -> list[tuple[int | None, int]]:
    """What each ticket of a thing cost, for `worth`: what nobody entered is not known."""
    query = select(UpkeepTicket.cost_cents).where(UpkeepTicket.item_id == item.id, UpkeepTicket.state == UpkeepState.DONE)
    return [(cost, 1) for cost in db.session.scalars(query)]


RENEWAL_ORDERS = ListOrders(
    "produit",
    Item.id,
    (
        ListOrder("produit", _l("Produit"), (Product.name, Item.name)),
        ListOrder("acquis", _l("Acquis le"), (Item.acquired_on,), Compared.DATE),
        ListOrder("support", _l("Fin de support"), (Product.support_until,), Compared.DATE),
        ListOrder("garder", _l("À garder jusqu'au"), (Item.keep_until,), Compared.DATE),
    ),
)


def renewal_listing(site_id: int | None = None) -> Listing:
    """The pool by age: rows of `Item` with its product and components, for `renewal_year`; what has left it is not in it."""
    query = select(Item).join(Item.product).where(Item.state.not_in(GONE)).options(joinedload(Item.product))
    return Listing(query.where(Item.site_id == site_id) if site_id else query, RENEWAL_ORDERS, scalars=True)


def renewal_year(item: Item) -> int | None:
    """In which year a thing is to be replaced: when its support ends or its years are over, but not before its funder allows.

    None where neither is known.
    """
    product, ends = item.product, []
    if product.support_until is not None:
        ends.append(product.support_until.year)
    if product.lifetime_years is not None and item.acquired_on is not None:
        ends.append(item.acquired_on.year + product.lifetime_years)
    if not ends:
        return None
    return max(min(ends), item.keep_until.year if item.keep_until else 0)


def age_of(item: Item) -> int | None:
    """How many whole years a thing has been ours; None where nobody knows since when."""
    since = item.acquired_on
    return None if since is None else today().year - since.year - ((today().month, today().day) < (since.month, since.day))


def value_of(item: Item) -> list[tuple[int | None, int]]:
    """What replacing a thing costs, for `worth`: as told of the whole, else of its pieces."""
    if item.value_cents is not None:
        return [(item.value_cents, 1)]
    return [(part.value_cents, part.quantity) for part in item.components]


def by_year(items: Sequence[Item]) -> dict[int, list[Any]]:
    """What is to be replaced in each year."""
    found: dict[int, list[Any]] = {}
    for item in items:
        year = renewal_year(item)
        if year is not None:
            found.setdefault(year, []).append(item)
    return dict(sorted(found.items()))
