"""What is stored of reservations: who asked for what, for which days; what is taken for them stands in claims."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.handing import Handing
from refurb.lending.models import Borrower, Product
from refurb.lending.reservations.words import ReservationState


class Reservation(Base):
    """What somebody is to get from one place, from the day it is fetched to the day it is brought back.

    `handover_id` is the stop at which it changes hands; None at the place itself. Of a workshop, `series_id` is the first of the
    reservations that were asked together, `asked_by` the account that did, `purpose` what it is for and `word` what was written to the
    desk. `expires_at` is when an unanswered one lapses, `kept_until` the last day on which it is kept for whoever has not come.
    """

    __tablename__ = "reservations"
    KIND = "reservation"
    __table_args__ = (
        CheckConstraint("to_on > from_on", name="ends_after_it_starts"),
        CheckConstraint("state NOT IN ('pending', 'held') OR expires_at IS NOT NULL", name="unanswered_expires"),
        Index("ix_reservations_state", "state", "from_on"),
        Index("ix_reservations_of_borrower", "borrower_id", "state", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"))
    site_id: Mapped[int] = site_column(index=True)
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    state: Mapped[ReservationState] = word_column(ReservationState)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    kept_until: Mapped[date]
    policy_version: Mapped[str] = mapped_column(String(12))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("reservations.id"), index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str | None] = mapped_column(String(160))
    word: Mapped[str | None] = mapped_column(String(500))

    borrower: Mapped[Borrower] = relationship()
    lines: Mapped[list["ReservationLine"]] = relationship(back_populates="reservation", order_by="ReservationLine.id")

    @property
    def handing(self) -> Handing:
        """Where it changes hands."""
        return Handing(self.site_id, self.handover_id)


class ReservationLine(Base):
    """So many of one product."""

    __tablename__ = "reservation_lines"
    __table_args__ = (UniqueConstraint("reservation_id", "product_id"), CheckConstraint("quantity > 0", name="of_something"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservations.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]

    reservation: Mapped[Reservation] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
