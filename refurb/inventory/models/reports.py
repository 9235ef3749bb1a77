"""What tools said, as they said it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base

if TYPE_CHECKING:
    from refurb.inventory.models.erasures import Erasure


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
