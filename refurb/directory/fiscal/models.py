"""The legal basis of tax receipts, one row a version."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.directory.fiscal.words import FiscalRuling, FiscalStanding
from refurb.kernel.deeds.database import Base, word_column


class FiscalBasis(Base):
    """Why the territory may give receipts, from `saved_at` on; the highest `number` is in force, the others are kept.

    One that `is_on` no more closes the feature again. `individuals`: by article 200 of the CGI, `companies`: by its article 238 bis.
    """

    __tablename__ = "fiscal_bases"
    KIND = "fiscal_basis"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("individuals OR companies", name="for_somebody"),
        CheckConstraint("(ruling = 'obtained') = (ruling_on IS NOT NULL)", name="ruling_has_its_day"),
        CheckConstraint("(ruling = 'obtained') = (ruling_reference IS NOT NULL)", name="ruling_has_its_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
    is_on: Mapped[bool]
    standing: Mapped[FiscalStanding] = word_column(FiscalStanding)
    purpose: Mapped[str] = mapped_column(String(300))
    individuals: Mapped[bool]
    companies: Mapped[bool]
    ruling: Mapped[FiscalRuling] = word_column(FiscalRuling)
    ruling_reference: Mapped[str | None] = mapped_column(String(80))
    ruling_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(String(160))
    decided_on: Mapped[date]
