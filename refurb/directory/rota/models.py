"""What is stored of the rota: who serves which stops in which weeks, what is closed, and the days that follow from it."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.rota.turns import CallRule, ShutSpan
from refurb.directory.rota.words import ClosureEffect, FeedKind, PassageState
from refurb.directory.sites.models import Site
from refurb.kernel.deeds.database import Base, word_column

_STANDS = text("withdrawn_at IS NULL")
_OPENS_ALONE = text("revoked_at IS NULL AND NOT is_double")


class Rota(Base):
    """One vehicle's round of `cycle` weeks, counted from `anchor`, a Monday; from `since` to `until`, half-open."""

    __tablename__ = "rotas"
    KIND = "rota"
    __table_args__ = (
        CheckConstraint("cycle BETWEEN 1 AND 8", name="so_many_weeks"),
        CheckConstraint("until IS NULL OR until > since", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    anchor: Mapped[date]
    cycle: Mapped[int] = mapped_column(default=2)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]

    advisers: Mapped[list["RotaAdviser"]] = relationship(order_by="RotaAdviser.account_id", cascade="all, delete-orphan")
    stops: Mapped[list["RotaStop"]] = relationship(order_by="RotaStop.id", back_populates="rota")
    closures: Mapped[list["RotaClosure"]] = relationship(order_by="RotaClosure.first", back_populates="rota")


class RotaAdviser(Base):
    """Who is on the road with it."""

    __tablename__ = "rota_advisers"

    rota_id: Mapped[int] = mapped_column(ForeignKey("rotas.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False, index=True)


class CalendarFeed(Base):
    """An address by which somebody follows an agenda: of herself (`number` is her account), of a place or of a machine.

    Nobody gets a second one of the same. One that `is_double` was given when people did, and opens all the same until it is taken back.
    """

    __tablename__ = "calendar_feeds"
    KIND = "calendar_feed"
    __table_args__ = (
        Index(
            "uq_calendar_feeds_live", "account_id", "kind", "number", unique=True,
            sqlite_where=_OPENS_ALONE, postgresql_where=_OPENS_ALONE,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[FeedKind] = word_column(FeedKind)
    number: Mapped[int]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    is_double: Mapped[bool] = mapped_column(default=False)


class RotaStop(Base):
    """When a stop, which is a place of ours, is served: a rule from `since` to `until`. A change ends one and begins another."""

    __tablename__ = "rota_stops"
    KIND = "rota_stop"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="on_a_weekday"),
        CheckConstraint("turn IS NULL OR (nth IS NULL AND turn BETWEEN 0 AND 7)", name="one_rhythm"),
        CheckConstraint("nth IS NULL OR nth IN (1, 2, 3, 4, -1)", name="a_week_of_the_month"),
        CheckConstraint("opens >= 0 AND closes <= 1440 AND closes > opens", name="hours_in_order"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rota_id: Mapped[int] = mapped_column(ForeignKey("rotas.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    weekday: Mapped[int]
    turn: Mapped[int | None]
    nth: Mapped[int | None]
    opens: Mapped[int]
    closes: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]

    rota: Mapped[Rota] = relationship(back_populates="stops")
    site: Mapped[Site] = relationship()

    @property
    def rule(self) -> CallRule:
        """The rule that it is."""
        return CallRule(
            self.site_id, self.weekday, self.opens, self.closes, self.since, turn=self.turn, nth=self.nth, until=self.until, id=self.id
        )


class RotaClosure(Base):
    """Days, half-open, on which a rota does not go, and what comes after: `effect` None while nobody has decided it.

    `weeks` is how many it takes whole. Withdrawn, it stays on record.
    """

    __tablename__ = "rota_closures"
    KIND = "rota_closure"
    __table_args__ = (
        CheckConstraint("until > first", name="ends_after_it_begins"),
        CheckConstraint("weeks >= 0 AND (weeks > 0 OR effect IS NULL OR effect = 'keep')", name="shifts_whole_weeks"),
        Index(
            "uq_rota_closures_first", "rota_id", "first", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    rota_id: Mapped[int] = mapped_column(ForeignKey("rotas.id"), index=True)
    first: Mapped[date]
    until: Mapped[date]
    weeks: Mapped[int]
    effect: Mapped[ClosureEffect | None] = word_column(ClosureEffect, nullable=True)
    why: Mapped[str] = mapped_column(String(120))
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    rota: Mapped[Rota] = relationship(back_populates="closures")

    @property
    def last(self) -> date:
        """Its last closed day."""
        return self.until - timedelta(days=1)

    @property
    def span(self) -> ShutSpan:
        """The days that it closes; undecided, the dates stay as they were planned."""
        return ShutSpan(self.first, self.until, self.effect is ClosureEffect.SHIFT, self.why)


class Passage(Base):
    """That the vehicle comes to a stop on a day, or was to: one row each, made ahead from the rule.

    `opens` and `closes` are minutes of that day on the territory's clock. What somebody changed is `by_hand`, and stays when the rule
    changes. `moved_to` is the day on which it takes place instead.
    """

    __tablename__ = "passages"
    KIND = "passage"
    __table_args__ = (
        UniqueConstraint("site_id", "day"),
        CheckConstraint("(state = 'moved') = (moved_to IS NOT NULL)", name="moved_somewhere"),
        CheckConstraint("opens >= 0 AND closes <= 1440 AND closes > opens", name="hours_in_order"),
        Index("ix_passages_day", "day", "site_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rota_id: Mapped[int] = mapped_column(ForeignKey("rotas.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    day: Mapped[date]
    opens: Mapped[int]
    closes: Mapped[int]
    state: Mapped[PassageState] = word_column(PassageState, default=PassageState.PLANNED)
    moved_to: Mapped[date | None]
    why: Mapped[str | None] = mapped_column(String(200))
    by_hand: Mapped[bool] = mapped_column(default=False)

    rota: Mapped[Rota] = relationship()
    site: Mapped[Site] = relationship()


class OdometerReading(Base):
    """What the counter of a vehicle showed on a day, in kilometres, and what was done to it then, if anything; `again_on` when next."""

    __tablename__ = "odometer_readings"
    KIND = "odometer_reading"
    __table_args__ = (
        CheckConstraint("kilometres >= 0", name="not_below_nothing"),
        Index("ix_odometer_readings_site_id", "site_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    day: Mapped[date]
    kilometres: Mapped[int]
    upkeep: Mapped[str | None] = mapped_column(String(200))
    again_on: Mapped[date | None]
    entered_at: Mapped[datetime]
