"""What donors were told of the fate of their machines, month by month."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base

FEWEST = 5
"""What is told is told in as many as that: a smaller number would tell when one machine was handed over."""

APART = ("given", "ready", "lent", "parts", "waste")
"""What may have become of a machine; each one is in one of these numbers at most."""

SETTLED = ("given", "lent", "parts", "waste")
"""Those of them that are a destination."""

FATES = (*APART, "given_laptops")


class ToldFates(Base):
    """The numbers of one donation as they may be read from the end of a month on, until those of the next one.

    `month` is the one that ended, « 2026-11 »; `settled` says whether each machine had a destination by then.
    """

    __tablename__ = "told_fates"
    __table_args__ = (
        UniqueConstraint("donation_id", "month"),
        *(CheckConstraint(f"{fate} >= 0 AND {fate} / {FEWEST} * {FEWEST} = {fate}", name=f"{fate}_in_fives") for fate in FATES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"))
    month: Mapped[str] = mapped_column(String(7))
    counted_on: Mapped[date]
    given: Mapped[int]
    ready: Mapped[int]
    lent: Mapped[int]
    parts: Mapped[int]
    waste: Mapped[int]
    given_laptops: Mapped[int]
    settled: Mapped[bool]
