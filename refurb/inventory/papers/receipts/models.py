"""What gifts were said to be worth, the receipts that were given of them, and what was declared of a year."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.documents.models import Paper
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.receipts.words import Article, Method, ValuedBy
from refurb.kernel.deeds.database import Base, word_column


class GiftValuation(Base):
    """What a gift is worth, as somebody answers for it; nobody here works it out.

    A company declares it, by a `letter` (SHA-256 of the kept file) of the day `told_on`; of a private person's gift, `noted_by` has checked
    it on the `basis` that is written. One that is corrected is withdrawn, and another written.
    """

    __tablename__ = "gift_valuations"
    KIND = "gift_valuation"
    STANDS_WITH = "donation"
    __table_args__ = (
        CheckConstraint("cents > 0", name="something"),
        CheckConstraint("forgotten_at IS NOT NULL OR (valued_by = 'donor') = (letter IS NOT NULL)", name="declared_by_a_letter"),
        CheckConstraint("(valued_by = 'donor') = (method IS NOT NULL)", name="declared_by_a_method"),
        CheckConstraint("(valued_by = 'receiver') = (basis IS NOT NULL)", name="checked_on_a_basis"),
        CheckConstraint("(valued_by = 'donor') = (donor_form IS NOT NULL)", name="a_company_has_its_form"),
        Index(
            "uq_gift_valuations_live",
            "donation_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    cents: Mapped[int]
    valued_by: Mapped[ValuedBy] = word_column(ValuedBy)
    method: Mapped[Method | None] = word_column(Method, nullable=True)
    # What the company is in law, « SAS », as the form of the receipt asks.
    donor_form: Mapped[str | None] = mapped_column(String(80))
    letter: Mapped[str | None] = mapped_column(String(64))
    basis: Mapped[str | None] = mapped_column(String(300))
    told_on: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    donation: Mapped[Donation] = relationship()


class TaxReceipt(Base):
    """A line of the register: a receipt with its amount, the day of the gift and the article; `ended_at` once another one replaces it.

    `donor` is who it was given to, by the name that the paper bears, whatever the donor is called since.
    """

    __tablename__ = "tax_receipts"
    __table_args__ = (
        CheckConstraint("cents > 0", name="something"),
        Index(
            "uq_tax_receipts_live",
            "donation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_tax_receipts_issued_on", "issued_on"),
        Index("ix_tax_receipts_given_on", "given_on"),
    )

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    valuation_id: Mapped[int] = mapped_column(ForeignKey("gift_valuations.id"), index=True)
    article: Mapped[Article] = word_column(Article)
    cents: Mapped[int]
    given_on: Mapped[date]
    donor: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date]
    ended_at: Mapped[datetime | None]

    paper: Mapped[Paper] = relationship()
    donation: Mapped[Donation] = relationship()
    valuation: Mapped[GiftValuation] = relationship()


class ReceiptDeclaration(Base):
    """What was declared to the tax administration of a calendar year (CGI, article 222 bis): how many receipts, and of how much."""

    __tablename__ = "receipt_declarations"
    KIND = "receipt_declaration"
    __table_args__ = (
        CheckConstraint("receipts >= 0 AND cents >= 0", name="not_negative"),
        CheckConstraint("year BETWEEN 2021 AND 2200", name="a_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    receipts: Mapped[int]
    cents: Mapped[int]
    declared_on: Mapped[date]
    noted_by: Mapped[int | None]
