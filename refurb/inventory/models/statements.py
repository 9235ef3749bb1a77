"""What people state where no tool can: an erasure without a log, a memory reset, a drive destroyed; it counts when another confirms it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.models.erasures import Erasure
from refurb.inventory.models.evidence import Drive
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.database import Base, word_column

_OPEN = "confirmed_at IS NULL AND declined_at IS NULL AND voided_at IS NULL"


def _second_person(first: str) -> tuple[CheckConstraint, ...]:
    """Whoever confirms is not whoever stated; what is confirmed was not declined."""
    return (
        CheckConstraint(f"confirmed_by IS NULL OR confirmed_by <> {first}", name="confirmed_by_another"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="confirmed_or_declined"),
    )


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
