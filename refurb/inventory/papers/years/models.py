"""A donor's year, and which machines a donor was told are in use again."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base

YEARS = range(2000, 2201)
"""The years that a donor's year may be."""


class DonorYear(Base):
    """All that came from a donor in a calendar year: the subject of its yearly papers.

    For a public donor it bears the B of décret 2023-266, told by the donor and checked by nobody: how many goods it had written off and
    held on 1 January, of categories 2° and 6° of C. env. R.543-172 II, without those it left out for age or protected information.
    """

    __tablename__ = "donor_years"
    KIND = "donor_year"
    __table_args__ = (
        UniqueConstraint("donor_id", "year"),
        CheckConstraint(f"year BETWEEN {YEARS[0]} AND {YEARS[-1]}", name="a_year"),
        CheckConstraint("(screens IS NULL) = (told_on IS NULL) AND (small IS NULL) = (told_on IS NULL)", name="told_whole"),
        CheckConstraint("COALESCE(screens, 0) >= 0 AND COALESCE(small, 0) >= 0", name="not_negative"),
        CheckConstraint("too_old >= 0 AND is_protected >= 0", name="left_out_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int]
    screens: Mapped[int | None]
    small: Mapped[int | None]
    too_old: Mapped[int] = mapped_column(default=0)
    is_protected: Mapped[int] = mapped_column(default=0)
    told_on: Mapped[date | None]

    donor: Mapped[Organisation] = relationship()


class ToldReuse(Base):
    """That a machine is in use again, as its donor may be told: with four others at least, by the months in which they left, « 2026-11 ».

    It stays: what was in use again once was, wherever the machine is since.
    """

    __tablename__ = "told_reuses"
    __table_args__ = (CheckConstraint("first_month <= last_month", name="ends_after_it_begins"),)

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    first_month: Mapped[str] = mapped_column(String(7))
    last_month: Mapped[str] = mapped_column(String(7))
    told_on: Mapped[date]

    device: Mapped[Device] = relationship()
