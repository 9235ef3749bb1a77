"""What is stored of kits besides their pieces: what they weighed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class Weighing(Base):
    """What a thing weighed, in milligrams: on its shelf before it leaves, or come back, then with the line of its loan."""

    __tablename__ = "weighings"
    __table_args__ = (CheckConstraint("weight_mg > 0", name="weighs_something"), Index("ix_weighings_of", "item_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("loan_lines.id"))
    weight_mg: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
