"""What is stored of a reservation that somebody asked for without an account, beside it: whether they opened their link, and the brake."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, db
from refurb.lending.reservations.models import Reservation


class OnlineRequest(Base):
    """That a reservation was asked for in the public catalogue.

    `source` is a keyed hash of the network address, for the brake only, and is forgotten after a day. `confirmed_at` is when its author
    pressed in the letter's link. `entered` is whether its borrower was written down with it: who never answers is forgotten then.
    """

    __tablename__ = "online_requests"
    KIND = "online_request"
    __table_args__ = (CheckConstraint("language IN ('fr', 'en')", name="language_of_ours"),)

    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservations.id"), primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(2))
    entered: Mapped[bool]
    confirmed_at: Mapped[datetime | None]


def online_request_of(reservation: Reservation) -> OnlineRequest | None:
    """How a reservation came in by the public catalogue, if it did."""
    return db.session.scalar(select(OnlineRequest).where(OnlineRequest.reservation_id == reservation.id))
