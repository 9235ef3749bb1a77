"""What lies on the counter before it is recorded: one pile for each person, kept on the server, gone when the day is over."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.counter.words import PileLineKind
from refurb.lending.models import Borrower, Item, Loan, LoanLine

_OPEN = "put_aside_at IS NULL AND recorded_at IS NULL"


class Pile(Base):
    """What one person brings and takes: open at one account's desk, put aside, or recorded.

    `retained_id` is whose card was scanned meanwhile; `asks` while nobody has said whose turn it is. `despite_suspension` is why things
    leave to whose loans are suspended. The drawing of a signature is here until it is recorded: `binding` is the sum of what was shown
    when it was drawn, `shown` what that said. `heard` is the last thing that was scanned and what became of it: a code of the refusals
    catalogue, its facts, the tone and the time.
    """

    __tablename__ = "counter_piles"
    __table_args__ = (
        Index("uq_counter_piles_open", "account_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        CheckConstraint("(drawing IS NULL) = (binding IS NULL)", name="a_drawing_is_bound"),
        CheckConstraint("NOT asks OR retained_id IS NOT NULL", name="asks_about_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    site_id: Mapped[int] = site_column()
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"))
    by_card: Mapped[bool] = mapped_column(default=True)
    retained_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"))
    asks: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    put_aside_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime | None]
    on_paper: Mapped[bool] = mapped_column(default=False)
    drawing: Mapped[bytes | None] = mapped_column(LargeBinary)
    binding: Mapped[str | None] = mapped_column(String(64))
    shown: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    signed_at: Mapped[datetime | None]
    despite_suspension: Mapped[str | None] = mapped_column(String(300))
    heard: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loans.id"))

    borrower: Mapped[Borrower | None] = relationship(foreign_keys=[borrower_id])
    retained: Mapped[Borrower | None] = relationship(foreign_keys=[retained_id])
    loan: Mapped[Loan | None] = relationship()
    lines: Mapped[list["PileLine"]] = relationship(back_populates="pile", order_by="PileLine.id", cascade="all, delete-orphan")


class PileLine(Base):
    """One thing on the counter. `answers` is what was counted so far, by the number of each component; `refusal` is why it stays out.

    A refusal with a `field` (`due_on`, `back_on` or `counts`) is a fault in what was said of the line, which is corrected where it stands.
    """

    __tablename__ = "counter_lines"
    __table_args__ = (UniqueConstraint("pile_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pile_id: Mapped[int] = mapped_column(ForeignKey("counter_piles.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    kind: Mapped[PileLineKind] = word_column(PileLineKind)
    due_on: Mapped[date | None]
    back_on: Mapped[date | None]
    answers: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    note: Mapped[str | None] = mapped_column(String(500))
    override: Mapped[str | None] = mapped_column(String(300))
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    loan_line_id: Mapped[int | None] = mapped_column(ForeignKey("loan_lines.id"))

    pile: Mapped[Pile] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()
    photos: Mapped[list["PilePhoto"]] = relationship(order_by="PilePhoto.id", cascade="all, delete-orphan")
    loan_line: Mapped[LoanLine | None] = relationship()

    @property
    def stays_out(self) -> bool:
        """Whether it is not recorded with the others."""
        return self.refusal is not None and "field" not in self.refusal


class PilePhoto(Base):
    """A picture of a piece that came back broken, by the number of its count, until the line is recorded; gone with it."""

    __tablename__ = "counter_photos"
    __table_args__ = (UniqueConstraint("line_id", "count_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("counter_lines.id"))
    count_id: Mapped[int]
    photo: Mapped[bytes] = mapped_column(LargeBinary)
