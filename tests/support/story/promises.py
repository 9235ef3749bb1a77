"""What is promised of the pool: reservations of products, and what the claims say, asked by plain SQL."""

from datetime import date

from sqlalchemy import text

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import hold, pool_of
from refurb.lending.claims.settling import settle
from refurb.lending.claims.words import ClaimKind, PoolKey
from refurb.lending.items.actions import add_item, add_product
from refurb.lending.items.states import item_machine
from refurb.lending.models import Borrower, Item
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.rules import TooLong
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import loan_policy
from tests.support.story import desk, people


def promised(item: Item, starts: date, until: date) -> ItemClaim:
    """One more thing of an item's pool is promised for some days; on which thing is the pool's affair."""
    pool, who = pool_of(item), db.session.query(Borrower).filter_by(name="Quelqu'un").first() or desk.borrower("Quelqu'un")
    with unit_of_work() as session:
        hold([pool])
        claim = ItemClaim(**pool._asdict(), starts_on=starts, until_on=until, kind=ClaimKind.RESERVATION, pinned=False)
        claim.line_id = _line(item, who.id, starts, until)
        session.add(claim)
        session.flush()
        settle(pool)
    return claim


def _line(item: Item, borrower_id: int, from_on: date, to_on: date) -> int:
    """A reservation on any days, closed ones too, which only tests are to make."""
    number = db.session.query(Reservation).count() + 9000
    made = Reservation(reference=f"RS-0000-{number}", borrower_id=borrower_id, site_id=item.site_id, from_on=from_on, to_on=to_on)
    made.state, made.made_at, made.kept_until, made.policy_version = ReservationState.APPROVED, now(), to_on, "test"
    made.lines = [ReservationLine(product_id=item.product_id, quantity=1)]
    db.session.add(made)
    db.session.flush()
    return made.lines[0].id


def again(claim: ItemClaim) -> ItemClaim:
    """A claim as the database has it now."""
    return db.session.get_one(ItemClaim, claim.id, populate_existing=True)


def printer() -> Item:
    """A thing of a category for which the policy wants to be asked."""
    with unit_of_work():
        made = add_product(people.actor(Role.DESK), name="Imprimante 3D", category="printer3d")
        parts = [{"name": "Imprimante", "quantity": 1, "value_cents": None, "picture": None}]
        return add_item(people.actor(Role.DESK), product_id=made.id, name="Imprimante 3D n° 1", components=parts)


def lost(item: Item) -> None:
    """A thing is lost."""
    with unit_of_work():
        item_machine.fire(item, "lose", people.actor(Role.DESK), reason="introuvable")


def nearest(refusal: Refusal, from_on: date, to_on: date) -> dict[str, date]:
    """The days that a refusal proposes instead of those that were asked."""
    day = refusal.facts["nearest"]
    if isinstance(refusal, TooLong):
        return {"to_on": day}
    length = to_on - from_on
    loans, days = loan_policy(), days_of(1)
    return {"from_on": day, "to_on": loans.next_open(day + length, days)}


def day_has_come(pool: PoolKey) -> None:
    """The worker looked after a pool."""
    with unit_of_work():
        hold([pool])


def taken_twice() -> list[int]:
    """The things that two live claims hold on one day, asked of the database and not of the product."""
    query = """
        SELECT one.item_id FROM claims AS one JOIN claims AS other ON other.item_id = one.item_id AND other.id > one.id
            AND other.ended_at IS NULL AND other.starts_on < one.until_on AND other.until_on > one.starts_on WHERE one.ended_at IS NULL
    """
    return list(db.session.scalars(text(query)))
