"""The things that a hand-over gives, one a line: machines and accessories."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base, word_column
from refurb.referrals.bought import Purchase
from refurb.referrals.models import Allocation, Handover
from refurb.referrals.words import Accessory

_OPEN_LINE = text("closed_at IS NULL")


class HandoverLine(Base):
    """One thing of a hand-over, a machine, an accessory or what was bought: of an allocation while prepared, of the hand-over once it left.

    Open until the slip is signed, or the hand-over comes to nothing: a machine stands on one open line at most. The first is that of the
    device that was allocated. `packed_at`: when somebody of the workshop held it and put it with the others. `counted`: whether
    somebody said how many there are, rather than the policy of bags.
    """

    __tablename__ = "handover_lines"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN device_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN accessory IS NULL THEN 0 ELSE 1 END) "
            "+ (CASE WHEN purchase_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        CheckConstraint("number > 0 AND (accessory IS NOT NULL OR number = 1)", name="a_machine_is_one"),
        Index("uq_handover_lines_device", "device_id", unique=True, sqlite_where=_OPEN_LINE, postgresql_where=_OPEN_LINE),
        Index(
            "uq_handover_lines_accessory", "allocation_id", "accessory", unique=True, sqlite_where=_OPEN_LINE, postgresql_where=_OPEN_LINE
        ),
        Index("uq_handover_lines_purchase", "purchase_id", unique=True, sqlite_where=_OPEN_LINE, postgresql_where=_OPEN_LINE),
        Index("ix_handover_lines_device", "device_id", "id"),
        Index("ix_handover_lines_purchase", "purchase_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), index=True)
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("handovers.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    accessory: Mapped[Accessory | None] = word_column(Accessory, nullable=True)
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"))
    number: Mapped[int] = mapped_column(default=1)
    counted: Mapped[bool] = mapped_column(default=False, server_default=false())
    put_at: Mapped[datetime]
    packed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    allocation: Mapped[Allocation] = relationship()
    handover: Mapped[Handover | None] = relationship()
    device: Mapped[Device | None] = relationship()
    purchase: Mapped[Purchase | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be handed over, or signed for."""
        return self.closed_at is None

    @property
    def is_first(self) -> bool:
        """Whether it is that of the device that was decided on, which no line takes off."""
        return self.device_id == self.allocation.device_id
