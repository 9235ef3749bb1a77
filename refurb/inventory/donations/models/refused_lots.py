"""What was brought and not taken: so many of a kind, and why."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.donations.words import ArrivalRefusal
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import Base, word_column


class RefusedLot(Base):
    """Things refused on the dock: they were never ours, have no code, and count in no figure of what was collected."""

    __tablename__ = "refused_lots"
    __table_args__ = (CheckConstraint("count > 0", name="some_were_refused"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    kind: Mapped[DeviceKind] = word_column(DeviceKind)
    count: Mapped[int]
    reason: Mapped[ArrivalRefusal] = word_column(ArrivalRefusal)
    note: Mapped[str | None] = mapped_column(String(300))
    refused_at: Mapped[datetime]
    refused_by: Mapped[int | None]

    donation: Mapped[Donation] = relationship()
