"""The network addresses of a device, by which a machine without a serial number is recognised when it comes again."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base


class DeviceMac(Base):
    """One address of a network card that a report saw inside a device: six lower-case pairs, as `readers.identity.mac` gives it.

    Two devices may carry the same one: a card that moved, or a factory that repeated itself. What follows is for a person to say.
    """

    __tablename__ = "device_macs"
    __table_args__ = (
        UniqueConstraint("device_id", "mac"),
        CheckConstraint("length(mac) = 17 AND mac = lower(mac)", name="mac_as_read"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id))
    mac: Mapped[str] = mapped_column(String(17), index=True)
