"""When a donation is fetched or brought, and what its donor was asked before."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.slots import HalfDay, Way
from refurb.kernel.deeds.database import Base, word_column


class Appointment(Base):
    """One agreed half-day; an appointment that moves is released and another takes its place, `sequence` counting them.

    `seat` is which of the half-day's places it takes, so that the database refuses one too many, whoever presses at the same moment.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("donation_id", "sequence"),
        Index(
            "uq_appointments_seat",
            "site_id",
            "day",
            "half_day",
            "seat",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "uq_appointments_standing",
            "donation_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        CheckConstraint("seat >= 1", name="seats_begin_at_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    site_id: Mapped[int] = site_column()
    way: Mapped[Way] = word_column(Way)
    day: Mapped[date]
    half_day: Mapped[HalfDay] = word_column(HalfDay)
    seat: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300))
    sequence: Mapped[int]
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    donation: Mapped[Donation] = relationship()


class DonorQuestion(Base):
    """What the coordination asked a donor, and the answer. Free text, so it stays out of the history."""

    __tablename__ = "donor_questions"
    __table_args__ = (
        Index(
            "uq_donor_questions_open",
            "donation_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    question: Mapped[str] = mapped_column(String(1000))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(2000))
    answered_at: Mapped[datetime | None]

    donation: Mapped[Donation] = relationship()
