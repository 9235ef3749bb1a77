"""What is stored of follow-up: how a family agreed to be asked, and each question with its answer; no free text, nobody's name."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base, word_column
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.followup.words import AnsweredBy, Asking, Helps, NewsWay, NextNeed, Works
from refurb.referrals.models import Handover, Referral

OPEN = text("standing IN ('to_ask', 'asked')")


class NewsChoice(Base):
    """How the family of a referral agreed to be asked for news; without one, its partner is asked, and nobody writes to the family."""

    __tablename__ = "news_choices"
    KIND = "news_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), unique=True)
    way: Mapped[NewsWay] = word_column(NewsWay)
    told_at: Mapped[datetime]


class Followup(Base):
    """The question that a family is asked `stage` days after it was given a device, and what it answered, as far as it did."""

    __tablename__ = "followups"
    KIND = "followup"
    __table_args__ = (
        UniqueConstraint("handover_id", "stage"),
        CheckConstraint("(standing = 'answered') = (answered_by IS NOT NULL)", name="answered_by_somebody"),
        CheckConstraint("(standing IN ('to_ask', 'asked')) = (settled_at IS NULL)", name="settled_some_time"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index("ix_followups_open", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_followups_due", "due_on", "stage", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"))
    stage: Mapped[int]
    due_on: Mapped[date]
    way: Mapped[NewsWay] = word_column(NewsWay)
    standing: Mapped[Asking] = word_column(Asking, default=Asking.TO_ASK)
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    answered_by: Mapped[AnsweredBy | None] = word_column(AnsweredBy, nullable=True)
    works: Mapped[Works | None] = word_column(Works, nullable=True)
    uses: Mapped[list[Any]]
    helps: Mapped[Helps | None] = word_column(Helps, nullable=True)
    next_need: Mapped[NextNeed | None] = word_column(NextNeed, nullable=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))

    referral: Mapped[Referral] = relationship()
    handover: Mapped[Handover] = relationship()
    ticket: Mapped[Ticket | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it may still be answered."""
        return self.standing in {Asking.TO_ASK, Asking.ASKED}
