"""Spare parts: labelled pieces and counted lots, and each move of their stock."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.words.parts import PartDeed, PartKind, PartOrigin
from refurb.kernel.deeds.database import Base, word_column


class Part(Base):
    """One labelled piece, or a lot of like pieces that are counted, by the code on its label; `quantity` is what is in stock now.

    Costs are in euro cents per piece; `funder` is the word by which a grant or a budget line is known.
    """

    __tablename__ = "parts"
    KIND = "part"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="stock_not_negative"),
        CheckConstraint("is_lot OR quantity <= 1", name="piece_is_one"),
        CheckConstraint("cost_cents IS NULL OR cost_cents >= 0", name="cost_not_negative"),
        CheckConstraint("low_at IS NULL OR low_at >= 0", name="threshold_not_negative"),
        CheckConstraint("(origin = 'harvested') = (source_device_id IS NOT NULL)", name="harvested_from_a_device"),
        Index("ix_parts_kind_quantity", "kind", "quantity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), unique=True)
    kind: Mapped[PartKind] = word_column(PartKind)
    name: Mapped[str] = mapped_column(String(160))
    is_lot: Mapped[bool]
    quantity: Mapped[int]
    origin: Mapped[PartOrigin] = word_column(PartOrigin)
    source_device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    cost_cents: Mapped[int | None]
    supplier: Mapped[str | None] = mapped_column(String(160))
    invoice: Mapped[str | None] = mapped_column(String(80))
    funder: Mapped[str | None] = mapped_column(String(80))
    fits: Mapped[str | None] = mapped_column(String(300))
    place: Mapped[str | None] = mapped_column(String(80))
    low_at: Mapped[int | None]
    entered_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(String(800))

    source: Mapped[Device | None] = relationship()
    moves: Mapped[list["PartMove"]] = relationship(back_populates="part", order_by="PartMove.id")


class PartMove(Base):
    """A change of a part's stock: `delta` pieces, into a device or out of it where one is named, at what they cost then."""

    __tablename__ = "part_moves"
    __table_args__ = (
        CheckConstraint("(deed IN ('fitted', 'taken_back')) = (device_id IS NOT NULL)", name="device_where_fitted"),
        CheckConstraint("deed <> 'fitted' OR delta < 0", name="fitted_leaves_stock"),
        CheckConstraint("deed <> 'taken_back' OR delta > 0", name="taken_back_enters_stock"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    deed: Mapped[PartDeed] = word_column(PartDeed)
    delta: Mapped[int]
    unit_cents: Mapped[int | None]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]

    part: Mapped[Part] = relationship(back_populates="moves")
    device: Mapped[Device | None] = relationship()
