"""What is stored of certificates and deposits: each is somebody's, an insurance may be a whole organisation's."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.kernel.deeds.database import Base, word_column
from refurb.lending.guarantees.words import CertificateKind, DepositKind
from refurb.lending.models import Borrower


class Certificate(Base):
    """That somebody, or an organisation, is insured, or that somebody was trained for a category, from a day to the last one that counts.

    `said` is by whom: the insurer with its number, the trainer. `file` is the SHA-256 of a PDF or a picture, where one was given.
    Withdrawn, it counts no more.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("(borrower_id IS NULL) <> (organisation_id IS NULL)", name="is_somebodys"),
        CheckConstraint("(kind = 'training') = (category IS NOT NULL)", name="training_is_for_something"),
        CheckConstraint("kind <> 'training' OR borrower_id IS NOT NULL", name="people_are_trained"),
        CheckConstraint("kind = 'training' OR until_on IS NOT NULL", name="insurance_ends"),
        CheckConstraint("until_on IS NULL OR until_on >= valid_on", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CertificateKind] = word_column(CertificateKind)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    category: Mapped[str | None] = mapped_column(String(32))
    said: Mapped[str | None] = mapped_column(String(160))
    valid_on: Mapped[date]
    until_on: Mapped[date | None]
    file: Mapped[str | None] = mapped_column(String(64))
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]

    borrower: Mapped[Borrower | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Deposit(Base):
    """What somebody left, of which sum, taken by which régie; given back on a day, or still with us. Money has a sum and a régie.

    Withdrawn, it was never left: it was noted by mistake, and nobody gives it back.
    """

    __tablename__ = "deposits"
    __table_args__ = (
        CheckConstraint("kind = 'employer' OR (cents IS NOT NULL AND regie IS NOT NULL)", name="money_is_counted"),
        CheckConstraint("cents IS NULL OR cents > 0", name="is_something"),
        CheckConstraint("given_back_on IS NULL OR given_back_on >= left_on", name="back_after_it_was_left"),
        CheckConstraint("(given_back_on IS NULL) = (given_back_by IS NULL)", name="somebody_gave_it_back"),
        CheckConstraint("withdrawn_at IS NULL OR given_back_on IS NULL", name="given_back_or_never_left"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    kind: Mapped[DepositKind] = word_column(DepositKind)
    cents: Mapped[int | None]
    regie: Mapped[str | None] = mapped_column(String(50))
    left_on: Mapped[date]
    left_by: Mapped[int]
    given_back_on: Mapped[date | None]
    given_back_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]

    borrower: Mapped[Borrower] = relationship()


IS_HERE = Deposit.given_back_on.is_(None) & Deposit.withdrawn_at.is_(None)
"""Whether a deposit is still with us."""
