"""What is stored of waiting lists: who waits for so many of a product, at one place, for some days."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.handing import Handing
from refurb.lending.models import Borrower, Product
from refurb.lending.reservations.models import Reservation
from refurb.lending.waits.words import WaitState

WAITING = text("state = 'waiting'")


class Wait(Base):
    """That somebody waits; it takes nothing. What is offered is a reservation, which does. `handover_id` is the stop, as there."""

    __tablename__ = "waits"
    KIND = "wait"
    __table_args__ = (
        CheckConstraint("to_on > from_on", name="ends_after_it_starts"),
        CheckConstraint("quantity > 0", name="for_something"),
        CheckConstraint("state NOT IN ('offered', 'taken') OR reservation_id IS NOT NULL", name="offered_what"),
        Index("ix_waits_waiting", "product_id", "site_id", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    site_id: Mapped[int] = site_column()
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    quantity: Mapped[int]
    state: Mapped[WaitState] = word_column(WaitState, default=WaitState.WAITING)
    asked_at: Mapped[datetime]
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("reservations.id"), index=True)

    borrower: Mapped[Borrower] = relationship()
    product: Mapped[Product] = relationship()
    reservation: Mapped[Reservation | None] = relationship()

    @property
    def handing(self) -> Handing:
        """Where it is to change hands."""
        return Handing(self.site_id, self.handover_id)
