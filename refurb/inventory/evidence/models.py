"""What donors hand over of erasures that they say they made: kept as it came, and never a proof."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class DonorStatement(Base):
    """A certificate that came with a donation: the donor's word that something was erased before it was given."""

    __tablename__ = "donor_statements"
    __table_args__ = (UniqueConstraint("donation_id", "file"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    # The commercial eraser that its text names, where it names one.
    tool: Mapped[str | None] = mapped_column(String(32))
    file: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    received_at: Mapped[datetime]
    actor_id: Mapped[int | None]
