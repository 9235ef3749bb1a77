"""Organisations (donor, partner, borrower, recycler: one may be several), private donors, their contacts, and printed codes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.words import Nature, Purpose, Typology
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.reachable import email_column, phone_column

_STANDS = "merged_into_id IS NULL"


def _unique(column: str) -> Index:
    """A number that one organisation bears, and no other that stands."""
    condition = text(f"{column} IS NOT NULL AND {_STANDS}")
    return Index(f"uq_organisations_{column}", column, unique=True, sqlite_where=condition, postgresql_where=condition)


class Organisation(Base):
    """Somebody we deal with: a legal person, or one of its services. Exactly one is home, the territory that runs this service.

    A private person who gives is kept here too, since a donation has one donor, but apart: no page lists persons, no counter offers them;
    they are seen with their donations only. `merged_into_id` leads from a record that was doubled to the one that stands.
    """

    __tablename__ = "organisations"
    KIND = "organisation"
    __table_args__ = (
        _unique("siren"),
        _unique("rna"),
        Index(
            "uq_organisations_home",
            "is_home",
            unique=True,
            sqlite_where=text("is_home"),
            postgresql_where=text("is_home"),
        ),
        Index("ix_organisations_search", "search"),
        CheckConstraint("siren IS NULL OR length(siren) = 9", name="siren_has_nine_digits"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret_has_fourteen_digits"),
        CheckConstraint("rna IS NULL OR (length(rna) = 10 AND substr(rna, 1, 1) = 'W')", name="rna_has_its_form"),
        CheckConstraint("postcode IS NULL OR length(postcode) = 5", name="postcode_has_five_digits"),
        CheckConstraint("commune_code IS NULL OR (postcode IS NOT NULL AND place IS NOT NULL)", name="commune_is_named"),
        CheckConstraint("reference IS NOT NULL OR is_person OR is_home", name="has_a_reference"),
        CheckConstraint(
            "NOT is_person OR NOT (is_home OR is_partner OR is_borrower OR is_funder OR is_recycler OR is_host OR is_public_body "
            "OR siren IS NOT NULL OR siret IS NOT NULL OR rna IS NOT NULL OR typology IS NOT NULL)",
            name="a_person_only_gives",
        ),
        CheckConstraint("NOT is_home OR archived_at IS NULL", name="home_stays"),
        CheckConstraint("merged_into_id IS NULL OR (merged_into_id <> id AND archived_at IS NOT NULL)", name="merged_into_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str | None] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(120))
    siren: Mapped[str | None] = mapped_column(String(9))
    siret: Mapped[str | None] = mapped_column(String(14))
    rna: Mapped[str | None] = mapped_column(String(10))
    address: Mapped[str | None] = mapped_column(String(300))
    postcode: Mapped[str | None] = mapped_column(String(5))
    # The INSEE's, where the list of communes knows the postcode with this name.
    commune_code: Mapped[str | None] = mapped_column(String(5))
    # Whether it stands in a priority district (QPV); nobody guesses it.
    in_qpv: Mapped[bool | None]
    typology: Mapped[Typology | None] = word_column(Typology, nullable=True)
    email: Mapped[str | None] = email_column()
    phone: Mapped[str | None] = phone_column()
    is_home: Mapped[bool] = mapped_column(default=False)
    is_person: Mapped[bool] = mapped_column(default=False)
    is_donor: Mapped[bool] = mapped_column(default=False)
    is_partner: Mapped[bool] = mapped_column(default=False)
    is_borrower: Mapped[bool] = mapped_column(default=False)
    is_funder: Mapped[bool] = mapped_column(default=False)
    is_recycler: Mapped[bool] = mapped_column(default=False)
    is_host: Mapped[bool] = mapped_column(default=False)
    is_public_body: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    search: Mapped[str] = mapped_column(String(600))
    # Of a private donor alone, at the term.
    forgotten_at: Mapped[datetime | None]

    contacts: Mapped[list["Contact"]] = relationship(back_populates="organisation", order_by="Contact.id")

    @property
    def natures(self) -> tuple[Nature, ...]:
        """What it is to us, in the order of `Nature`."""
        return tuple(each for each in Nature if getattr(self, each.flag))

    @property
    def postal_address(self) -> str | None:
        """Where it is, on one line: as it was written, where nobody has parted the commune from the rest."""
        if self.postcode is None:
            return self.address or self.place
        lines = (self.address or "").splitlines()
        return ", ".join(part for part in (*lines, f"{self.postcode} {self.place or ''}".strip()) if part)


class Contact(Base):
    """A person to write to in an organisation, and for what; one that is no longer there has its last day."""

    __tablename__ = "contacts"
    KIND = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    function: Mapped[str | None] = mapped_column(String(120))
    purpose: Mapped[Purpose] = word_column(Purpose, default=Purpose.GENERAL)
    email: Mapped[str | None] = email_column()
    phone: Mapped[str | None] = phone_column()
    ended_on: Mapped[date | None]

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
