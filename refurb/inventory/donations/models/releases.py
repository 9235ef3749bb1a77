"""The serials that a donor has to release, each by console: what was asked, what the donor says, what the workshop proved."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.releases import Lock, ReleaseProof
from refurb.kernel.deeds.database import Base, word_column


class Release(Base):
    """One serial to release from one console. The donor's word (`said_at`) opens nothing; the workshop's proof does, and stays."""

    __tablename__ = "releases"
    KIND = "release"
    __table_args__ = (
        UniqueConstraint("donation_id", "lock", "serial_folded"),
        CheckConstraint(
            "(proven_at IS NULL) = (proof IS NULL) AND (proven_at IS NULL) = (proven_by IS NULL)", name="proven_by_somebody_somehow"
        ),
        Index(
            "ix_releases_pending",
            "device_id",
            sqlite_where=text("proven_at IS NULL"),
            postgresql_where=text("proven_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    lock: Mapped[Lock] = word_column(Lock)
    serial: Mapped[str] = mapped_column(String(120))
    serial_folded: Mapped[str] = mapped_column(String(120))
    manufacturer: Mapped[str | None] = mapped_column(String(120))
    model: Mapped[str | None] = mapped_column(String(160))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    asked_at: Mapped[datetime]
    said_at: Mapped[datetime | None]
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proof: Mapped[ReleaseProof | None] = word_column(ReleaseProof)
    note: Mapped[str | None] = mapped_column(String(300))

    donation: Mapped[Donation] = relationship()
    device: Mapped[Device | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it is neither proven nor said to be done: what the donor is told."""
        return self.proven_at is None and self.said_at is None
