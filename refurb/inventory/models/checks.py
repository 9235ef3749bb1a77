"""The answers to the checklists."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.kernel.database import Base


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
