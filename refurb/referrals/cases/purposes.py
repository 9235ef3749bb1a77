"""What computers are wanted for, in numbers alone: counted by year when a referral is sent, in no file."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from refurb.directory.organisations.shown import masked
from refurb.kernel.deeds.database import Base, db, insert_into, word_column
from refurb.referrals.words import PURPOSES, StatedPurpose


class PurposeCount(Base):
    """How many referrals of a year named a purpose when they were sent: a number, which leads to no file."""

    __tablename__ = "purpose_counts"
    __table_args__ = (CheckConstraint("number >= 0", name="number_not_negative"),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[StatedPurpose] = word_column(StatedPurpose, primary_key=True)
    number: Mapped[int]


def count_purposes(year: int, purposes: Iterable[str]) -> None:
    """Add what one referral named to the numbers of its year."""
    for each in purposes:
        first = insert_into(PurposeCount).values(year=year, purpose=each, number=1)
        again = first.on_conflict_do_update(index_elements=["year", "purpose"], set_={"number": PurposeCount.number + 1})
        db.session.execute(again)


def purposes_of(year: int) -> list[tuple[Any, str]]:
    """What the referrals sent in a year named, as numbers that may be read (1 to 4 are « moins de 5 »); nothing where none did."""
    query = select(PurposeCount.purpose, PurposeCount.number).where(PurposeCount.year == year)
    found = {row.purpose: row.number for row in db.session.execute(query)}
    return [(word, masked(found.get(each, 0))) for each, word in PURPOSES.items()] if found else []
