"""What is planned for things, and each thing to do or done: a repair, or what a plan asks for."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.claims.models import ItemClaim
from refurb.lending.models import Item, Product
from refurb.lending.upkeep.words import UpkeepState


class UpkeepPlan(Base):
    """What one thing, or every thing of a product, needs again and again: after some loans, after some months, or on a day.

    It takes the thing for `days` days when it is due, none for what is done at the counter. Ended, it plans nothing more.
    """

    __tablename__ = "upkeep_plans"
    KIND = "upkeep_plan"
    __table_args__ = (
        CheckConstraint("(product_id IS NULL) <> (item_id IS NULL)", name="of_one_thing_or_product"),
        CheckConstraint(
            "CASE WHEN every_loans IS NULL THEN 0 ELSE 1 END + CASE WHEN every_months IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN on_date IS NULL THEN 0 ELSE 1 END = 1",
            name="due_in_one_way",
        ),
        CheckConstraint("every_loans > 0", name="after_some_loans"),
        CheckConstraint("every_months > 0", name="after_some_months"),
        CheckConstraint("days BETWEEN 0 AND 60", name="days_within_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    every_loans: Mapped[int | None]
    every_months: Mapped[int | None]
    on_date: Mapped[date | None]
    days: Mapped[int]
    minutes: Mapped[int | None]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    product: Mapped[Product | None] = relationship()
    item: Mapped[Item | None] = relationship()


OPEN = text("state = 'open'")


class UpkeepTicket(Base):
    """Something to do for a thing, independent of its loans: a repair, or what a plan asks for; done, with what it cost in euro cents.

    `claim_id` is the claim by which its days are taken, where they are.
    """

    __tablename__ = "upkeep_tickets"
    KIND = "upkeep"
    STANDS_WITH = "item"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_some_day"),
        CheckConstraint("cost_cents >= 0", name="cost_not_negative"),
        Index("uq_upkeep_tickets_open", "plan_id", "item_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_upkeep_tickets_due", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("upkeep_plans.id"))
    what: Mapped[str] = mapped_column(String(200))
    state: Mapped[UpkeepState] = word_column(UpkeepState, default=UpkeepState.OPEN)
    due_on: Mapped[date | None]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    seen_at: Mapped[datetime]
    seen_by: Mapped[int | None]
    photo: Mapped[str | None] = mapped_column(String(64))
    cost_cents: Mapped[int | None]
    workshop: Mapped[str | None] = mapped_column(String(120))
    parts: Mapped[str | None] = mapped_column(String(300))
    settled_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship()
    plan: Mapped[UpkeepPlan | None] = relationship()
    claim: Mapped[ItemClaim | None] = relationship()

    @property
    def is_repair(self) -> bool:
        """Whether it mends something, rather than being planned."""
        return self.plan_id is None
