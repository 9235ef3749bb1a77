"""Devices, and what blocks them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.kernel.deeds.database import Base, word_column


class Device(Base):
    """One machine, by the code on its label."""

    __tablename__ = "devices"
    KIND = "device"
    __table_args__ = (
        # Placeholder serials never reach this column, so that two machines with the same one are the same machine.
        Index(
            "uq_devices_serial",
            "manufacturer",
            "serial",
            unique=True,
            sqlite_where=text("serial IS NOT NULL"),
            postgresql_where=text("serial IS NOT NULL"),
        ),
        Index("ix_devices_state_id", "state", "id"),
        Index("ix_devices_state_moved_at", "state", "moved_at", "id"),
        Index("ix_devices_state_kind_moved_at", "state", "kind", "moved_at", "id"),
        Index("ix_devices_kind_id", "kind", "id"),
        Index("ix_devices_site_id", "site_id", "id"),
        CheckConstraint("ram_mb IS NULL OR ram_mb >= 0", name="ram_not_negative"),
        Index("ix_devices_uuid", "uuid", sqlite_where=text("uuid IS NOT NULL"), postgresql_where=text("uuid IS NOT NULL")),
        Index(
            "ix_devices_merged_into",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_devices_unsigned",
            "id",
            sqlite_where=text("unsigned_since IS NOT NULL"),
            postgresql_where=text("unsigned_since IS NOT NULL"),
        ),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("state <> 'merged' OR serial IS NULL", name="merged_names_nothing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), unique=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    site_id: Mapped[int] = site_column()
    kind: Mapped[DeviceKind] = word_column(DeviceKind)
    state: Mapped[DeviceState] = word_column(DeviceState, default=DeviceState.RECEIVED)
    manufacturer: Mapped[str | None] = mapped_column(String(120))
    model: Mapped[str | None] = mapped_column(String(160))
    serial: Mapped[str | None] = mapped_column(String(120), index=True)
    uuid: Mapped[str | None] = mapped_column(String(36))
    cpu: Mapped[str | None] = mapped_column(String(160))
    ram_mb: Mapped[int | None]
    gpu: Mapped[str | None] = mapped_column(String(160))
    received_at: Mapped[datetime]
    # Said by a technician, never assumed: no drive was found in this machine when it came.
    without_drive_since: Mapped[datetime | None]
    labelled_at: Mapped[datetime | None]
    # It left, and the slip is not signed yet: until it is, no figure says that it was handed over.
    unsigned_since: Mapped[datetime | None]
    moved_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(String(800))
    # The same machine had two records: this one's code, drives and reports are the other's now.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))

    donation: Mapped[Donation] = relationship()
    flags: Mapped[list["Flag"]] = relationship(back_populates="device", order_by="Flag.id")

    @property
    def name(self) -> str | None:
        """Manufacturer and model, when either is known."""
        return " ".join(part for part in (self.manufacturer, self.model) if part) or None


class Flag(Base):
    """Something that blocks named moves of a device, beside its state, until it is lifted."""

    __tablename__ = "flags"
    __table_args__ = (
        Index(
            "uq_flags_raised",
            "device_id",
            "kind",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        # The oldest first, of those that are raised.
        Index("ix_flags_raised_at", "raised_at", "id", sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    kind: Mapped[FlagKind] = word_column(FlagKind)
    note: Mapped[str | None] = mapped_column(String(300))
    raised_at: Mapped[datetime]
    raised_by: Mapped[int | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None]

    device: Mapped[Device] = relationship(back_populates="flags")
