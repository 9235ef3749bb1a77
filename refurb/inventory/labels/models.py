"""Labels printed in advance: a run of codes that lead to nothing until somebody sticks one on a machine and scans it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base


class LabelRun(Base):
    """Codes made together, by whom and when; they may be printed again."""

    __tablename__ = "label_runs"
    KIND = "label_run"
    __table_args__ = (CheckConstraint("count > 0", name="some_were_made"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    count: Mapped[int]

    codes: Mapped[list["LabelRunCode"]] = relationship(back_populates="run", order_by="LabelRunCode.position")


class LabelRunCode(Base):
    """One code of a run, and its place in it: what is printed again comes in the same order."""

    __tablename__ = "label_run_codes"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("label_runs.id"))
    position: Mapped[int]

    run: Mapped[LabelRun] = relationship(back_populates="codes")
