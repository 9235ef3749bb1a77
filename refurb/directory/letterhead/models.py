"""The letterhead, one row a version, and who signs in each version."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.letterhead.words import LegalForm
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.reachable import email_column, phone_column


class Letterhead(Base):
    """What the territory shows of itself from `saved_at` on; the highest `number` is in force, the others are kept.

    `logo` is the SHA-256 of a stored PNG, `accent` #RRGGBB; `restored_from` the number of the version that this one brought back.
    """

    __tablename__ = "letterheads"
    KIND = "letterhead"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret_has_fourteen_digits"),
        CheckConstraint("rna IS NULL OR (length(rna) = 10 AND rna LIKE 'W%')", name="rna_is_w_and_nine"),
        CheckConstraint("postcode IS NULL OR length(postcode) = 5", name="postcode_has_five_digits"),
        CheckConstraint("accent IS NULL OR (length(accent) = 7 AND accent LIKE '#%')", name="accent_is_a_colour"),
        CheckConstraint("length(short_name) <= 22", name="short_name_fits_a_label"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
    restored_from: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(22))
    legal_form: Mapped[LegalForm] = word_column(LegalForm)
    siret: Mapped[str | None] = mapped_column(String(14))
    rna: Mapped[str | None] = mapped_column(String(10))
    street: Mapped[str | None] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = email_column()
    phone: Mapped[str | None] = phone_column()
    dpo_name: Mapped[str | None] = mapped_column(String(160))
    dpo_email: Mapped[str | None] = email_column()
    dpo_address: Mapped[str | None] = mapped_column(String(300))
    publisher: Mapped[str | None] = mapped_column(String(160))
    host: Mapped[str | None] = mapped_column(String(300))
    logo: Mapped[str | None] = mapped_column(String(64))
    accent: Mapped[str | None] = mapped_column(String(7))

    signatories: Mapped[list["Signatory"]] = relationship(
        back_populates="letterhead", order_by="Signatory.key", cascade="all, delete-orphan"
    )


class Signatory(Base):
    """Somebody who signs papers for the territory; the same `key` is the same person in every version.

    `griffe` is the SHA-256 of a picture of the signature, printed on what this person signs.
    """

    __tablename__ = "letterhead_signatories"
    __table_args__ = (
        UniqueConstraint("letterhead_id", "key"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letterhead_id: Mapped[int] = mapped_column(ForeignKey("letterheads.id"))
    key: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    function: Mapped[str] = mapped_column(String(120))
    griffe: Mapped[str | None] = mapped_column(String(64))
    since: Mapped[date]
    until: Mapped[date | None]
    signs_donations: Mapped[bool] = mapped_column(default=False)
    signs_erasures: Mapped[bool] = mapped_column(default=False)
    signs_receipts: Mapped[bool] = mapped_column(default=False, server_default=false())

    letterhead: Mapped[Letterhead] = relationship(back_populates="signatories")
