"""New adapted equipment that is bought for one hand-over: what, for how much, and which organisations pay for it with whoever receives."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.kernel.deeds.database import Base
from refurb.kernel.speech.words import _lp


class PurchaseStep(StrEnum):
    """How far something that is bought has come, as its days and its line tell it."""

    TO_ORDER = "to_order"
    ORDERED = "ordered"
    RECEIVED = "received"
    GIVEN = "given"


PURCHASE_STEPS = {
    PurchaseStep.TO_ORDER: (_lp("purchase", "À commander"), "circle", "todo"),
    PurchaseStep.ORDERED: (_lp("purchase", "Commandé"), "truck", "work"),
    PurchaseStep.RECEIVED: (_lp("purchase", "Reçu"), "package-check", "work"),
    PurchaseStep.GIVEN: (_lp("purchase", "Remis"), "circle-check", "ok"),
}


class Purchase(Base):
    """One new thing that is bought and no machine of ours. For whom it is, the line of a hand-over says (`given.HandoverLine`).

    Its price with taxes is paid by funders, by whoever receives (`share_cents`), and by us for the rest. One whose hand-over came to
    nothing may be put to another.
    """

    __tablename__ = "purchases"
    __table_args__ = (
        CheckConstraint("length(what) > 0", name="has_a_name"),
        CheckConstraint("cents > 0", name="has_a_price"),
        CheckConstraint("share_cents >= 0 AND share_cents <= cents", name="share_within_the_price"),
        CheckConstraint("received_on IS NULL OR ordered_on IS NOT NULL", name="ordered_before_it_came"),
        CheckConstraint("received_on IS NULL OR received_on >= ordered_on", name="came_after_the_order"),
        Index("ix_purchases_received", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(120))
    cents: Mapped[int]
    share_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    ordered_on: Mapped[date | None]
    received_on: Mapped[date | None]
    noted_at: Mapped[datetime]

    funders: Mapped[list["PurchaseFunder"]] = relationship(
        back_populates="purchase", order_by="PurchaseFunder.id", cascade="all, delete-orphan"
    )

    @property
    def funded_cents(self) -> int:
        """What organisations pay of it."""
        return sum(each.cents for each in self.funders)

    @property
    def own_cents(self) -> int:
        """What is left to us."""
        return self.cents - self.share_cents - self.funded_cents

    @property
    def is_here(self) -> bool:
        """Whether it was received."""
        return self.received_on is not None

    @property
    def step(self) -> PurchaseStep:
        """How far it has come, before it is handed over."""
        if self.received_on is not None:
            return PurchaseStep.RECEIVED
        return PurchaseStep.ORDERED if self.ordered_on is not None else PurchaseStep.TO_ORDER


class PurchaseFunder(Base):
    """What one organisation pays of something that is bought. Two records that are merged may leave two rows: both are paid."""

    __tablename__ = "purchase_funders"
    __table_args__ = (CheckConstraint("cents > 0", name="pays_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    cents: Mapped[int]

    purchase: Mapped[Purchase] = relationship(back_populates="funders")
    organisation: Mapped[Organisation] = relationship()
