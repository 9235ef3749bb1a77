"""What is stored of activity sheets: a page to read, or a PDF, and the products they are for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.models import Product
from refurb.lending.sheets.words import Licence

SHEET_PRODUCTS = Table(
    "activity_sheet_products",
    Base.metadata,
    Column("sheet_id", ForeignKey("activity_sheets.id"), primary_key=True),
    Column("product_id", ForeignKey("products.id"), primary_key=True, index=True),
)


class ActivitySheet(Base):
    """One sheet. `author` is who is named on it, `organisation` the partner who shared it, None where it is ours.

    Either `text` is a page to read, or `file` the SHA-256 of a PDF of so many `pages` and `file_bytes`. Withdrawn, it stays on record.
    """

    __tablename__ = "activity_sheets"
    KIND = "activity_sheet"
    __table_args__ = (
        CheckConstraint("(file IS NULL) <> (text IS NULL)", name="page_or_pdf"),
        CheckConstraint("(file IS NULL) = (pages IS NULL) AND (file IS NULL) = (file_bytes IS NULL)", name="pdf_is_measured"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="takes_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    public: Mapped[str | None] = mapped_column(String(80))
    minutes: Mapped[int | None]
    author: Mapped[str] = mapped_column(String(160))
    licence: Mapped[Licence] = word_column(Licence)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    text: Mapped[str | None] = mapped_column(String(8000))
    file: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]
    file_bytes: Mapped[int | None]
    shared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    products: Mapped[list[Product]] = relationship(secondary=SHEET_PRODUCTS, order_by=Product.name)
