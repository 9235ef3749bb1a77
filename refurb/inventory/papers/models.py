"""What donors were told of the fate of their machines, month by month."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base

FEWEST = 5
"""What is told is nought or as many as that: a smaller number would tell when one machine was handed over."""

FATES = ("ready", "given_laptops", "given_others", "lent", "parts", "waste")


class ToldFates(Base):
    """The numbers of one donation as they may be read from the end of a month on; kept, so that the next ones can be held against them.

    `month` is the one that ended, « 2026-11 »; `settled` says whether each machine had a destination by then.
    """

    __tablename__ = "told_fates"
    __table_args__ = (
        UniqueConstraint("donation_id", "month"),
        *(CheckConstraint(f"{fate} = 0 OR {fate} >= {FEWEST}", name=f"{fate}_none_or_enough") for fate in FATES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    month: Mapped[str] = mapped_column(String(7))
    counted_on: Mapped[date]
    ready: Mapped[int]
    given_laptops: Mapped[int]
    given_others: Mapped[int]
    lent: Mapped[int]
    parts: Mapped[int]
    waste: Mapped[int]
    settled: Mapped[bool]

    @property
    def given(self) -> int:
        """How many were handed over."""
        return self.given_laptops + self.given_others

    @property
    def ended(self) -> int:
        """How many were kept for their parts or scrapped."""
        return self.parts + self.waste
