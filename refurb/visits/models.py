"""What is stored of visits: one row for each person, without a name; and how often each opinion was given."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base, word_column
from refurb.referrals.words import Situation
from refurb.visits.words import AgeBand, FirstTime, Gender, Motive, Opinion

_TODAYS = text("entered_at IS NOT NULL")
LONGEST = 30
"""Signs of a word of the territory's own lists (how heard of, detour, sent where): it is a key of the kept counts."""


class Visit(Base):
    """That somebody came to a place on a day. A group is a row for each of its people, tied by `group_id`, the first one's id.

    `entered_at` is known on the day on which it was entered alone: it is by it that a mistake is found and corrected; then it is emptied
    (`actions.forget_hours`), and only the day of a visit is left. What nobody said is `non_communique`; of the territory's lists, nothing.
    """

    __tablename__ = "visits"
    KIND = "visit"
    __table_args__ = (
        CheckConstraint("day >= '1990-01-01'", name="of_our_days"),
        Index("ix_visits_site_day", "site_id", "day"),
        Index("ix_visits_todays", "counted_by", "entered_at", sqlite_where=_TODAYS, postgresql_where=_TODAYS),
        # A visit that was taken back leaves its number to no other: a page of before would take that one back.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    day: Mapped[date]
    counted_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime | None]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True)
    age: Mapped[AgeBand] = word_column(AgeBand, default=AgeBand.UNTOLD)
    situation: Mapped[Situation] = word_column(Situation, default=Situation.UNTOLD)
    gender: Mapped[Gender] = word_column(Gender, default=Gender.UNTOLD)
    first_time: Mapped[FirstTime] = word_column(FirstTime, default=FirstTime.UNTOLD)
    heard: Mapped[str] = mapped_column(String(LONGEST), default="")
    detour: Mapped[str] = mapped_column(String(LONGEST), default="")
    sent: Mapped[str] = mapped_column(String(LONGEST), default="")

    reasons: Mapped[list["VisitReason"]] = relationship(order_by="VisitReason.reason", cascade="all, delete-orphan")


class VisitReason(Base):
    """One of the reasons of a visit."""

    __tablename__ = "visit_reasons"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    reason: Mapped[Motive] = word_column(Motive, primary_key=True)


class OpinionAsk(Base):
    """A question that waits for its one answer, until an instant; gone once it is answered. It knows a place and a month, and no visit."""

    __tablename__ = "opinion_asks"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    month: Mapped[str] = mapped_column(String(7))
    until: Mapped[datetime] = mapped_column(index=True)


class OpinionCount(Base):
    """How often an opinion was given at a place in a month: numbers that grow, and no row for an answer, so that none has an hour."""

    __tablename__ = "opinion_counts"
    __table_args__ = (CheckConstraint("n >= 0", name="not_below_nothing"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    answer: Mapped[Opinion] = word_column(Opinion, primary_key=True)
    n: Mapped[int]
