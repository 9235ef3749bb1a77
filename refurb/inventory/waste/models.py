"""What leaves as waste: batches for an operator, and what is in them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive
from refurb.inventory.waste.words import SlipType, WasteCode, WasteState
from refurb.kernel.deeds.database import Base, word_column


class WasteBatch(Base):
    """What one operator takes away at one time under one waste code: a line of the register of outgoing waste (arrêté du 31 mai 2021).

    The weight is in grams. `treatment` is the code of what becomes of it (directive 2008/98/CE, annexes I and II: R4, R5, D10).
    """

    __tablename__ = "waste_batches"
    KIND = "waste"
    __table_args__ = (
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight_positive"),
        CheckConstraint(
            "state = 'open' OR (slip_type IS NOT NULL AND slip_number IS NOT NULL AND weight_g IS NOT NULL AND collected_on IS NOT NULL)",
            name="collected_is_documented",
        ),
        CheckConstraint("state <> 'certified' OR certificate IS NOT NULL", name="certified_has_its_certificate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[WasteState] = word_column(WasteState, default=WasteState.OPEN, index=True)
    waste_code: Mapped[WasteCode] = word_column(WasteCode)
    operator: Mapped[str] = mapped_column(String(160))
    operator_siret: Mapped[str | None] = mapped_column(String(14))
    operator_address: Mapped[str | None] = mapped_column(String(300))
    eco_organisme: Mapped[str | None] = mapped_column(String(120))
    opened_at: Mapped[datetime]
    slip_type: Mapped[SlipType | None] = word_column(SlipType)
    slip_number: Mapped[str | None] = mapped_column(String(80))
    weight_g: Mapped[int | None]
    collected_on: Mapped[date | None] = mapped_column(index=True)
    carrier: Mapped[str | None] = mapped_column(String(160))
    treatment: Mapped[str | None] = mapped_column(String(8))
    certificate: Mapped[str | None] = mapped_column(String(64))
    certificate_name: Mapped[str | None] = mapped_column(String(200))

    lines: Mapped[list["WasteLine"]] = relationship(back_populates="batch", order_by="WasteLine.id", cascade="all, delete-orphan")

    @property
    def weight_kg(self) -> float | None:
        """The weight in kilograms."""
        return None if self.weight_g is None else self.weight_g / 1000


class WasteLine(Base):
    """One thing in a batch: a device, a destroyed drive, or so many of something that was never inventoried."""

    __tablename__ = "waste_lines"
    __table_args__ = (
        CheckConstraint(
            "(device_id IS NOT NULL AND drive_id IS NULL AND what IS NULL) "
            "OR (device_id IS NULL AND drive_id IS NOT NULL AND what IS NULL) "
            "OR (device_id IS NULL AND drive_id IS NULL AND what IS NOT NULL)",
            name="one_thing",
        ),
        CheckConstraint("count >= 1 AND (what IS NOT NULL OR count = 1)", name="counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("waste_batches.id"), index=True)
    # A thing leaves once.
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), unique=True)
    drive_id: Mapped[int | None] = mapped_column(ForeignKey("drives.id"), unique=True)
    what: Mapped[str | None] = mapped_column(String(120))
    count: Mapped[int] = mapped_column(default=1)

    batch: Mapped[WasteBatch] = relationship(back_populates="lines")
    device: Mapped[Device | None] = relationship()
    drive: Mapped[Drive | None] = relationship()
