"""The answers to the checklists."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base


class CheckResult(Base):
    """The answer to one question of the device's checklist; a later answer to the same question takes its place, both stay."""

    __tablename__ = "check_results"
    __table_args__ = (
        Index("ix_check_results_device_question", "device_id", "question"),
        # The second person is another one, and both are known.
        CheckConstraint("confirmed_by IS NULL OR (actor_id IS NOT NULL AND confirmed_by <> actor_id)", name="confirmed_by_another"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    question: Mapped[str] = mapped_column(String(48))
    answer: Mapped[str] = mapped_column(String(120))
    passed: Mapped[bool]
    note: Mapped[str | None] = mapped_column(String(300))
    policy_version: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    # The SHA-256 of a picture, seen beside the answer or asked as the answer.
    photo: Mapped[str | None] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None]
    # A re-opened check (the device came back, a part changed) no longer counts.
    voided_at: Mapped[datetime | None]

    device: Mapped[Device] = relationship()
