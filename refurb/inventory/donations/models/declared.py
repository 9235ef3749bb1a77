"""The machines that a donor named one by one, and the device that each became."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import Base, word_column


def _once(name: str, column: str) -> Index:
    told = text(f"{column} IS NOT NULL")
    return Index(name, "donation_id", column, unique=True, sqlite_where=told, postgresql_where=told)


class DeclaredItem(Base):
    """One machine as its donor declared it, and the device it turned out to be.

    Known again by the donor's own tag, else by its serial, else by `nth`: the third of those that are described alike. Sizes: MiB, GB.
    """

    __tablename__ = "declared_items"
    __table_args__ = (
        _once("uq_declared_items_tag", "tag"),
        _once("uq_declared_items_serial", "serial_folded"),
        _once("uq_declared_items_nth", "nth"),
        Index("ix_declared_items_serial", "serial_folded"),
        Index("ix_declared_items_tag", "tag"),
        CheckConstraint("tag IS NOT NULL OR serial_folded IS NOT NULL OR nth IS NOT NULL", name="can_be_known_again"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("donor_lists.id"))
    row: Mapped[int]
    kind: Mapped[DeviceKind] = word_column(DeviceKind, constraint="declared_kind")
    tag: Mapped[str | None] = mapped_column(String(120))
    serial: Mapped[str | None] = mapped_column(String(120))
    serial_folded: Mapped[str | None] = mapped_column(String(120))
    nth: Mapped[str | None] = mapped_column(String(300))
    manufacturer: Mapped[str | None] = mapped_column(String(120))
    model: Mapped[str | None] = mapped_column(String(160))
    cpu: Mapped[str | None] = mapped_column(String(160))
    ram_mb: Mapped[int | None]
    storage_gb: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(300))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)

    device: Mapped[Device | None] = relationship()
