"""The lists that donors send, how their columns were understood, and what they declare."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import Base, word_column


class DonorList(Base):
    """One file that a donor sent about a donation.

    The file itself is not kept: it may name the people who used the machines. Its table is, until the list is confirmed; then only what
    was mapped remains, as declared items.
    """

    __tablename__ = "donor_lists"
    KIND = "donor_list"
    STANDS_WITH = "donation"

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(64))
    table: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    columns: Mapped[dict[str, Any]]
    default_kind: Mapped[DeviceKind | None] = word_column(DeviceKind, constraint="list_default_kind")
    words: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """The kind that a word of the donor's means, by the word folded."""
    mended: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """By a row's number, by column: what a person wrote in place of the file's cell. It goes with the table."""
    rows: Mapped[int]
    received_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id"))
    confirmed_at: Mapped[datetime | None]

    donation: Mapped[Donation] = relationship()


class ListMapping(Base):
    """How a donor's usual list was understood, by its headings: the next one needs no mapping."""

    __tablename__ = "list_mappings"
    __table_args__ = (UniqueConstraint("donor_id", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    signature: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, Any]]
    default_kind: Mapped[DeviceKind | None] = word_column(DeviceKind, constraint="mapping_default_kind")
    words: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
