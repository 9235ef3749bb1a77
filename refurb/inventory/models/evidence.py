"""Drives, and where they were."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.words.drives import Health, Medium
from refurb.kernel.deeds.database import Base, word_column

if TYPE_CHECKING:
    from refurb.inventory.models.erasures import Erasure
    from refurb.inventory.models.statements import Destruction


class Drive(Base):
    """A storage medium: a thing of its own, with its own serial number, that can leave one machine for another."""

    __tablename__ = "drives"
    KIND = "drive"
    __table_args__ = (CheckConstraint("size_bytes IS NULL OR size_bytes > 0", name="size_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer: Mapped[str | None] = mapped_column(String(120))
    model: Mapped[str | None] = mapped_column(String(160))
    serial: Mapped[str | None] = mapped_column(String(120), unique=True)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    medium: Mapped[Medium] = word_column(Medium, default=Medium.UNKNOWN)
    interface: Mapped[str | None] = mapped_column(String(32))
    health: Mapped[Health] = word_column(Health, default=Health.UNKNOWN)
    power_on_hours: Mapped[int | None]
    destroyed_at: Mapped[datetime | None]
    destruction_note: Mapped[str | None] = mapped_column(String(300))
    destruction_slip: Mapped[str | None] = mapped_column(String(80))

    stays: Mapped[list["DriveStay"]] = relationship(back_populates="drive", order_by="(DriveStay.since, DriveStay.id)")
    erasures: Mapped[list["Erasure"]] = relationship(back_populates="drive", order_by="Erasure.id")
    destructions: Mapped[list["Destruction"]] = relationship(back_populates="drive", order_by="Destruction.id")


class DriveStay(Base):
    """That a drive was in a device, from when and until when; what a device ever held is read here."""

    __tablename__ = "drive_stays"
    __table_args__ = (
        Index(
            "uq_drive_stays_now",
            "drive_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    drive_id: Mapped[int] = mapped_column(ForeignKey("drives.id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    drive: Mapped[Drive] = relationship(back_populates="stays")
    device: Mapped[Device] = relationship(back_populates="stays")
