"""What people ask about their own data: which file, what, since when, by when we answer, and what was answered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.speech.clock import today
from refurb.retention.words import AskedWay, RightKind

_OPEN = text("ended_at IS NULL")


class PersonRequest(Base):
    """One request of somebody about her own file: access, correction, opposition, erasure (GDPR, art. 15, 16, 17 and 21).

    `answer_by` is a month after it came (art. 12.3). Nothing leaves before she is known to be herself (`known_at`); no identity paper is
    copied. `given_at` is when her data were handed to her.
    """

    __tablename__ = "person_requests"
    KIND = "person_request"
    __table_args__ = (
        CheckConstraint("answer_by >= received_on", name="answered_after_it_came"),
        CheckConstraint("(ended_at IS NULL) = (answer IS NULL)", name="ended_with_an_answer"),
        CheckConstraint("given_at IS NULL OR known_at IS NOT NULL", name="given_to_whoever_is_known"),
        Index("ix_person_requests_open", "answer_by", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[RightKind] = word_column(RightKind)
    way: Mapped[AskedWay] = word_column(AskedWay)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    about: Mapped[str] = mapped_column(String(24))
    words: Mapped[str | None] = mapped_column(String(500))
    received_on: Mapped[date]
    answer_by: Mapped[date]
    known_at: Mapped[datetime | None]
    known_by: Mapped[int | None]
    given_at: Mapped[datetime | None]
    given_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(500))

    @property
    def is_open(self) -> bool:
        """Whether we owe an answer."""
        return self.ended_at is None

    @property
    def is_late(self) -> bool:
        """Whether the day by which we answer has passed."""
        return self.is_open and self.answer_by < today()
