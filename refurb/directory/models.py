"""Organisations (donor, partner, borrower, recycler: one may be several), their contacts, and printed codes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.reachable import email_column, phone_column


class Organisation(Base):
    """A legal person we deal with; exactly one of them is home: the territory that runs this service."""

    __tablename__ = "organisations"
    KIND = "organisation"
    __table_args__ = (
        Index(
            "uq_organisations_siren",
            "siren",
            unique=True,
            sqlite_where=text("siren IS NOT NULL"),
            postgresql_where=text("siren IS NOT NULL"),
        ),
        Index(
            "uq_organisations_home",
            "is_home",
            unique=True,
            sqlite_where=text("is_home"),
            postgresql_where=text("is_home"),
        ),
        CheckConstraint("siren IS NULL OR length(siren) = 9", name="siren_has_nine_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(120))
    siren: Mapped[str | None] = mapped_column(String(9))
    siret: Mapped[str | None] = mapped_column(String(14))
    address: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = email_column()
    phone: Mapped[str | None] = phone_column()
    is_home: Mapped[bool] = mapped_column(default=False)
    is_donor: Mapped[bool] = mapped_column(default=False)
    is_partner: Mapped[bool] = mapped_column(default=False)
    is_borrower: Mapped[bool] = mapped_column(default=False)
    is_public_body: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(String(600))

    contacts: Mapped[list["Contact"]] = relationship(back_populates="organisation", order_by="Contact.id")


class Contact(Base):
    """A person to write to in an organisation."""

    __tablename__ = "contacts"
    KIND = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = email_column()
    phone: Mapped[str | None] = phone_column()

    organisation: Mapped[Organisation] = relationship(back_populates="contacts")


class Code(Base):
    """A code printed on a label or a card, and what it leads to; one without a subject is printed and not yet claimed.

    One row whatever the subject, so that a scan has one place to look and no code can mean two things.
    """

    __tablename__ = "codes"
    __table_args__ = (
        CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name="claimed_whole"),
        Index("ix_codes_subject", "subject_kind", "subject_id"),
    )

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject_kind: Mapped[str | None] = mapped_column(String(32))
    subject_id: Mapped[int | None]
    printed_at: Mapped[datetime | None]
