"""Donations, devices, drives, the reports about them and what was found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Contact, Organisation
from refurb.inventory.words import (
    DeviceKind,
    DeviceState,
    DonationState,
    ErasureStatus,
    FlagKind,
    Health,
    LegalOrigin,
    Medium,
)
from refurb.kernel.database import Base, word_column


class Donation(Base):
    """What one donor gives at one time; the unit of its papers."""

    __tablename__ = "donations"
    KIND = "donation"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    legal_origin: Mapped[LegalOrigin] = word_column(LegalOrigin)
    state: Mapped[DonationState] = word_column(DonationState, default=DonationState.ANNOUNCED, index=True)
    announced_on: Mapped[date]
    scheduled_on: Mapped[date | None]
    received_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(2000))
    # A public body that accepts a gift names the act by which it does (CGCT L.2242-1, L.2122-22 9°; CASF for a CCAS).
    accepted_by_act: Mapped[str | None] = mapped_column(String(200))
    accepted_on: Mapped[date | None]

    donor: Mapped[Organisation] = relationship()
    contact: Mapped[Contact | None] = relationship()
    lines: Mapped[list["DonationLine"]] = relationship(back_populates="donation", order_by="DonationLine.id", cascade="all, delete-orphan")
    devices: Mapped[list["Device"]] = relationship(back_populates="donation", order_by="Device.id")


class DonationLine(Base):
    """How many of one kind were announced, and how many were counted on arrival; the difference stays visible."""

    __tablename__ = "donation_lines"
    __table_args__ = (
        UniqueConstraint("donation_id", "kind"),
        CheckConstraint("announced >= 0", name="announced_not_negative"),
        CheckConstraint("received IS NULL OR received >= 0", name="received_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    kind: Mapped[DeviceKind] = word_column(DeviceKind)
    announced: Mapped[int]
    received: Mapped[int | None]

    donation: Mapped[Donation] = relationship(back_populates="lines")


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
        CheckConstraint("ram_mb IS NULL OR ram_mb >= 0", name="ram_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), unique=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
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
    moved_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(String(800))

    donation: Mapped[Donation] = relationship(back_populates="devices")
    stays: Mapped[list["DriveStay"]] = relationship(back_populates="device", order_by="DriveStay.id")
    reports: Mapped[list["HardwareReport"]] = relationship(back_populates="device", order_by="HardwareReport.id.desc()")
    checks: Mapped[list["CheckResult"]] = relationship(back_populates="device", order_by="CheckResult.id")
    flags: Mapped[list["Flag"]] = relationship(back_populates="device", order_by="Flag.id")

    @property
    def name(self) -> str | None:
        """Manufacturer and model, when either is known."""
        return " ".join(part for part in (self.manufacturer, self.model) if part) or None


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

    stays: Mapped[list["DriveStay"]] = relationship(back_populates="drive", order_by="DriveStay.id")
    erasures: Mapped[list["Erasure"]] = relationship(back_populates="drive", order_by="Erasure.id")


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


class HardwareReport(Base):
    """A hardware tool's output about one device: the raw file is kept for ever, `facts` is what we read in it."""

    __tablename__ = "hardware_reports"
    KIND = "hardware_report"
    __table_args__ = (UniqueConstraint("device_id", "file"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    tool: Mapped[str] = mapped_column(String(32))
    file: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    facts: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    actor_id: Mapped[int | None]

    device: Mapped[Device] = relationship(back_populates="reports")


class ErasureReport(Base):
    """An erasing tool's output, about one or several drives; the raw file is kept for ever, once."""

    __tablename__ = "erasure_reports"
    KIND = "erasure_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    tool: Mapped[str] = mapped_column(String(32))
    tool_version: Mapped[str | None] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(64), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    received_at: Mapped[datetime]
    actor_id: Mapped[int | None]

    erasures: Mapped[list["Erasure"]] = relationship(back_populates="report", order_by="Erasure.id")


class Erasure(Base):
    """What one report says of one drive, and whether we accept it as proof (NIST SP 800-88 Rev. 2 levels, IEEE 2883-2022)."""

    __tablename__ = "erasures"
    KIND = "erasure"
    __table_args__ = (
        CheckConstraint("status <> 'unmatched' OR drive_id IS NULL", name="unmatched_has_no_drive"),
        CheckConstraint(
            "status <> 'accepted' OR (drive_id IS NOT NULL AND level IS NOT NULL AND outcome = 'success' "
            "AND ended_at IS NOT NULL AND verification <> 'none')",
            name="accepted_is_proven",
        ),
        CheckConstraint("status = 'accepted' OR reason IS NOT NULL", name="refusal_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("erasure_reports.id"), index=True)
    drive_id: Mapped[int | None] = mapped_column(ForeignKey("drives.id"), index=True)
    serial: Mapped[str | None] = mapped_column(String(120), index=True)
    model: Mapped[str | None] = mapped_column(String(160))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    method: Mapped[str | None] = mapped_column(String(80))
    # What the technique reaches on this drive's medium; none where nothing was written.
    level: Mapped[str | None] = mapped_column(String(16))
    rounds: Mapped[int | None]
    verification: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(16))
    errors: Mapped[int] = mapped_column(default=0)
    bytes_erased: Mapped[int | None] = mapped_column(BigInteger)
    hidden_sectors: Mapped[bool | None]
    # Whether the tool itself took the medium for one; the drive's own record says more.
    medium: Mapped[Medium] = word_column(Medium, constraint="erasure_medium", default=Medium.UNKNOWN)
    status: Mapped[ErasureStatus] = word_column(ErasureStatus, index=True)
    reason: Mapped[str | None] = mapped_column(String(48))
    # Set when the device comes back: what was proven before no longer counts.
    voided_at: Mapped[datetime | None]

    report: Mapped[ErasureReport] = relationship(back_populates="erasures")
    drive: Mapped[Drive | None] = relationship(back_populates="erasures")


class CheckResult(Base):
    """The answer to one question of the device's checklist; a later answer to the same question takes its place, both stay."""

    __tablename__ = "check_results"
    __table_args__ = (Index("ix_check_results_device_question", "device_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    question: Mapped[str] = mapped_column(String(48))
    answer: Mapped[str] = mapped_column(String(120))
    passed: Mapped[bool]
    note: Mapped[str | None] = mapped_column(String(300))
    policy_version: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    # A re-opened check (the device came back, a part changed) no longer counts.
    voided_at: Mapped[datetime | None]

    device: Mapped[Device] = relationship(back_populates="checks")


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
