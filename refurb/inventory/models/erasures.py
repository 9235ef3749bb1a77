"""What a report says of one drive."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.evidence import Drive
from refurb.inventory.models.reports import ErasureReport
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.database import Base, word_column

if TYPE_CHECKING:
    from refurb.inventory.models.statements import ErasureStatement


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
    # Where a person states it, not a tool.
    statement: Mapped["ErasureStatement | None"] = relationship(back_populates="erasure")
