"""Who has which machine in hand, and what a batch has done already."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class Holding(Base):
    """A device in one technician's hands from a moment (`since`) to another, and by whom it was given, if not taken from the shelf."""

    __tablename__ = "holdings"
    __table_args__ = (
        # A device is in one pair of hands at a time.
        Index(
            "uq_holdings_open",
            "device_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(
            "ix_holdings_account_open",
            "account_id",
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class BatchLine(Base):
    """That a batch has made its move of a device: a batch that is sent again, or a label that is scanned twice, moves nothing twice."""

    __tablename__ = "batch_lines"
    __table_args__ = (UniqueConstraint("account_id", "batch", "device_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    batch: Mapped[str] = mapped_column(String(64))
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    move: Mapped[str] = mapped_column(String(48))
    at: Mapped[datetime] = mapped_column(index=True)
