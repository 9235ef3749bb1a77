"""Drives, where they were, and all that proves them: what tools said, what a report says of one drive, what people state."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.words.drives import Health, Medium
from refurb.inventory.words.erasures import ErasureStatus, ProofFate
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.database import Base, word_column

_OPEN = "confirmed_at IS NULL AND declined_at IS NULL AND voided_at IS NULL"


class Drive(Base):
    """A storage medium: a thing of its own, with its own serial number, that can leave one machine for another."""

    __tablename__ = "drives"
    KIND = "drive"
    __table_args__ = (
        CheckConstraint("size_bytes IS NULL OR size_bytes > 0", name="size_positive"),
        Index(
            "ix_drives_present",
            "inside",
            "id",
            sqlite_where=text("destroyed_at IS NULL"),
            postgresql_where=text("destroyed_at IS NULL"),
        ),
        Index(
            "ix_drives_destroyed",
            "id",
            sqlite_where=text("destroyed_at IS NOT NULL"),
            postgresql_where=text("destroyed_at IS NOT NULL"),
        ),
    )

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
    # Whether a stay is open: written by the database (`places.INSIDE`), never by us.
    inside: Mapped[bool] = mapped_column(server_default=false())

    stays: Mapped[list["DriveStay"]] = relationship(back_populates="drive", order_by="(DriveStay.since, DriveStay.id)")
    erasures: Mapped[list["Erasure"]] = relationship(back_populates="drive", order_by="Erasure.id")
    destructions: Mapped[list["Destruction"]] = relationship(back_populates="drive", order_by="Destruction.id")

    @property
    def site_id(self) -> int | None:
        """The id of the site where it is: that of the device it is in, or was in last; None where nobody knows one."""
        return self.stays[-1].device.site_id if self.stays else None


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
    device: Mapped[Device] = relationship()


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

    device: Mapped[Device] = relationship()


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
    # By which readers and rules it was judged last (`todays_rules`); none before that was kept.
    judged_by: Mapped[str | None] = mapped_column(String(8))

    erasures: Mapped[list["Erasure"]] = relationship(back_populates="report", order_by="Erasure.id")


class Erasure(Base):
    """What one report says of one drive, and whether we accept it as proof (NIST SP 800-88 Rev. 2 levels, IEEE 2883-2022)."""

    __tablename__ = "erasures"
    KIND = "erasure"
    __table_args__ = (
        CheckConstraint("status NOT IN ('unmatched', 'set_aside') OR drive_id IS NULL", name="unmatched_has_no_drive"),
        CheckConstraint(
            "status <> 'accepted' OR (drive_id IS NOT NULL AND level IS NOT NULL AND outcome = 'success' "
            "AND ended_at IS NOT NULL AND verification <> 'none')",
            name="accepted_is_proven",
        ),
        CheckConstraint("status = 'accepted' OR reason IS NOT NULL", name="refusal_says_why"),
        CheckConstraint("status <> 'accepted' OR doubt IS NULL", name="accepted_is_not_doubted"),
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
    # Why the report itself proves nothing of its drive, whatever it calls the outcome (`readers.errors.DOUBTS`).
    doubt: Mapped[str | None] = mapped_column(String(48))

    report: Mapped[ErasureReport] = relationship(back_populates="erasures")
    drive: Mapped[Drive | None] = relationship(back_populates="erasures")
    # Where a person states it, not a tool.
    statement: Mapped["ErasureStatement | None"] = relationship(back_populates="erasure")
    # Where the clock of the machine was wrong, and somebody has vouched for the rest of the log.
    clock: Mapped["ClockAcceptance | None"] = relationship(back_populates="erasure")


def _second_person(first: str) -> tuple[CheckConstraint, ...]:
    """Whoever confirms is not whoever stated; what is confirmed was not declined."""
    return (
        CheckConstraint(f"confirmed_by IS NULL OR confirmed_by <> {first}", name="confirmed_by_another"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="confirmed_or_declined"),
    )


class ClockAcceptance(Base):
    """That a log was accepted although the clock it was written by was wrong: by somebody else than who sent it, for one drive.

    The times of the erasure are then those of the log, moved together so that its last one is the arrival of the file; what the log said
    stands here.
    """

    __tablename__ = "clock_acceptances"
    __table_args__ = (CheckConstraint("accepted_by <> sent_by", name="accepted_by_another"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasures.id"), unique=True)
    told_started_at: Mapped[datetime | None]
    told_ended_at: Mapped[datetime]
    sent_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    accepted_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    accepted_at: Mapped[datetime]

    erasure: Mapped[Erasure] = relationship(back_populates="clock")


class Rejudgement(Base):
    """That a proof accepted by an older release would be refused today, of a drive that is out of reach; a person decides what it is worth.

    The proof stays as it was accepted until then: both stand side by side.
    """

    __tablename__ = "rejudgements"
    KIND = "rejudgement"
    __table_args__ = (
        UniqueConstraint("erasure_id", "reason"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(decided_at IS NULL) = (fate IS NULL)", name="decided_one_way"),
        Index("ix_rejudgements_open", "id", sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasures.id"))
    drive_id: Mapped[int] = mapped_column(ForeignKey("drives.id"), index=True)
    # What today's readers and rules object to it.
    reason: Mapped[str] = mapped_column(String(48))
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    fate: Mapped[ProofFate | None] = word_column(ProofFate)

    erasure: Mapped[Erasure] = relationship()
    drive: Mapped[Drive] = relationship()


class ErasureStatement(Base):
    """That a technician erased a drive with a tool that writes no log, or reset the soldered memory of a device; about one of the two."""

    __tablename__ = "erasure_statements"
    KIND = "erasure_statement"
    __table_args__ = (
        *_second_person("entered_by"),
        CheckConstraint("(erasure_id IS NULL) <> (device_id IS NULL)", name="about_one_thing"),
        CheckConstraint("started_at IS NULL OR started_at <= ended_at", name="ends_after_it_begins"),
        Index(
            "uq_erasure_statements_open",
            "device_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    erasure_id: Mapped[int | None] = mapped_column(ForeignKey("erasures.id"), unique=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    technique: Mapped[Technique] = word_column(Technique)
    medium: Mapped[Medium] = word_column(Medium, constraint="statement_medium")
    level: Mapped[str] = mapped_column(String(16))
    tool: Mapped[str] = mapped_column(String(64))
    tool_version: Mapped[str | None] = mapped_column(String(64))
    verification: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime]
    photo: Mapped[str | None] = mapped_column(String(64))
    entered_at: Mapped[datetime]
    entered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    declined_at: Mapped[datetime | None]
    declined_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Set when the device comes back: what was reset before may hold data again.
    voided_at: Mapped[datetime | None]

    erasure: Mapped[Erasure | None] = relationship(back_populates="statement")
    device: Mapped[Device | None] = relationship()


class Destruction(Base):
    """That a drive was destroyed: how, by whom, before which witness, under which waste slip (code de l'environnement R.541-45)."""

    __tablename__ = "destructions"
    KIND = "destruction"
    __table_args__ = (
        *_second_person("declared_by"),
        CheckConstraint("witness_id IS NULL OR witness_id <> declared_by", name="witness_is_another"),
        Index(
            "uq_destructions_standing",
            "drive_id",
            unique=True,
            sqlite_where=text("declined_at IS NULL"),
            postgresql_where=text("declined_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    drive_id: Mapped[int] = mapped_column(ForeignKey("drives.id"))
    method: Mapped[DestructionMethod] = word_column(DestructionMethod)
    note: Mapped[str] = mapped_column(String(300))
    slip: Mapped[str | None] = mapped_column(String(80))
    photo: Mapped[str | None] = mapped_column(String(64))
    declared_at: Mapped[datetime]
    declared_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    # Named beforehand, nobody else may confirm.
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    declined_at: Mapped[datetime | None]
    declined_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    drive: Mapped[Drive] = relationship(back_populates="destructions")
