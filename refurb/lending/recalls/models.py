"""What is stored of recalls: which line is asked back sooner, from which day to which, and by whom; why stands beside the history."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base
from refurb.lending.models import LoanLine

STANDS = text("undone_at IS NULL")


class Recall(Base):
    """That a line is asked back on `due_on` instead of `before`. One at a time of each line; the next once it was undone."""

    __tablename__ = "recalls"
    __table_args__ = (
        CheckConstraint("due_on < before", name="a_recall_is_sooner"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="somebody_undid"),
        Index("uq_recalls_standing", "line_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"), index=True)
    before: Mapped[date]
    due_on: Mapped[date]
    recalled_at: Mapped[datetime]
    recalled_by: Mapped[int]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]

    line: Mapped[LoanLine] = relationship()
