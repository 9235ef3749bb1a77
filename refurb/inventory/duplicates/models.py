"""Two devices that look like one, and that somebody has told apart."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base


class ToldApart(Base):
    """That two devices are two machines, whatever they share: nobody is asked about them again."""

    __tablename__ = "told_apart"
    __table_args__ = (CheckConstraint("lower_id < higher_id", name="in_order"),)

    lower_id: Mapped[int] = mapped_column(ForeignKey(Device.id), primary_key=True)
    higher_id: Mapped[int] = mapped_column(ForeignKey(Device.id), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
