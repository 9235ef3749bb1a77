"""What is stored of machines: the machine, who may use it, what takes its time; and the wall that no two slots of one overlap."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import name_column, personal_email_column
from refurb.kernel.deeds.walls import Statements
from refurb.kernel.speech.clock import from_wall
from refurb.lending.machines.words import Result, SlotKind, SlotState
from refurb.lending.models import Borrower
from refurb.lending.supplies.models import Supply

DAY_MINUTES = 24 * 60
LIVE = text("freed_at IS NULL")


class WorkMachine(Base):
    """A machine that is used where it stands, slot by slot of `slot_minutes`, within the hours of its place.

    With `training_minutes` nobody uses it without a qualification, which lasts `training_months`. What a session weighs is taken
    from the stock of `supply` at its place. `out_since` is when it went out of order, `out_until` the last day on which it is, as far
    as anybody knows.
    """

    __tablename__ = "machines"
    KIND = "machine"
    __table_args__ = (
        CheckConstraint("slot_minutes BETWEEN 10 AND 600", name="slots_last"),
        CheckConstraint("(training_minutes IS NULL) = (training_months IS NULL)", name="training_lasts"),
        CheckConstraint("(out_since IS NULL) = (out_reason IS NULL)", name="out_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), unique=True)
    site_id: Mapped[int] = site_column(index=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    about: Mapped[str | None] = mapped_column(String(500))
    picture: Mapped[str] = mapped_column(String(32))
    slot_minutes: Mapped[int]
    min_age: Mapped[int]
    training_minutes: Mapped[int | None]
    training_months: Mapped[int | None]
    material: Mapped[str | None] = mapped_column(String(80))
    supply_id: Mapped[int | None] = mapped_column(ForeignKey("supplies.id"), index=True)
    cents_per_gram: Mapped[int | None]
    upkeep_hours: Mapped[int | None]
    out_since: Mapped[datetime | None]
    out_until: Mapped[date | None]
    out_reason: Mapped[str | None] = mapped_column(String(200))
    retired_at: Mapped[datetime | None]

    supply: Mapped[Supply | None] = relationship()

    @property
    def is_out(self) -> bool:
        """Whether it is out of order now."""
        return self.out_since is not None


class Qualification(Base):
    """That somebody was shown a machine and may use it until a day: the borrower, or a minor whom the borrower accompanies."""

    __tablename__ = "machine_qualifications"
    __table_args__ = (Index("ix_machine_qualifications_live", "machine_id", "borrower_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"))
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    minor: Mapped[str | None] = name_column(160)
    granted_on: Mapped[date]
    until_on: Mapped[date]
    granted_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]

    machine: Mapped[WorkMachine] = relationship()
    borrower: Mapped[Borrower] = relationship()


class MachineSlot(Base):
    """A stretch of a machine's time on one day of the wall clock, half-open in minutes of that day: it never drifts with summer time.

    A *session* is somebody's (`borrower`, who is of age; with a `minor` of `minor_age` years the borrower stays beside), an
    *introduction* has `places` (`MachineSeat`), an *upkeep* a `note`. A session took from the spool `supply`, or from another `material`.
    `freed_at` is when it stopped taking the machine's time.
    """

    __tablename__ = "machine_slots"
    KIND = "machine_slot"
    STANDS_WITH = "machine"
    __table_args__ = (
        CheckConstraint("from_minute >= 0 AND until_minute > from_minute AND until_minute <= 1440", name="within_the_day"),
        CheckConstraint("(kind = 'session') = (borrower_id IS NOT NULL)", name="session_is_somebodys"),
        CheckConstraint("(kind = 'introduction') = (places IS NOT NULL)", name="introduction_has_places"),
        CheckConstraint("(minor IS NULL) = (minor_age IS NULL)", name="minor_has_an_age"),
        CheckConstraint("(state = 'done' AND kind = 'session') = (result IS NOT NULL)", name="done_has_a_result"),
        CheckConstraint("(state IN ('cancelled', 'missed')) = (freed_at IS NOT NULL)", name="freed_when_let_go"),
        Index("ix_machine_slots_day", "machine_id", "day"),
        Index("ix_machine_slots_state", "state", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"))
    day: Mapped[date]
    from_minute: Mapped[int]
    until_minute: Mapped[int]
    kind: Mapped[SlotKind] = word_column(SlotKind)
    state: Mapped[SlotState] = word_column(SlotState)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"), index=True)
    minor: Mapped[str | None] = name_column(160)
    minor_age: Mapped[int | None]
    places: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    language: Mapped[str | None] = mapped_column(String(2))
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    freed_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    grams: Mapped[int | None]
    material: Mapped[str | None] = mapped_column(String(80))
    supply_id: Mapped[int | None] = mapped_column(ForeignKey("supplies.id"), index=True)
    result: Mapped[Result | None] = word_column(Result, nullable=True)

    machine: Mapped[WorkMachine] = relationship()
    borrower: Mapped[Borrower | None] = relationship()
    supply: Mapped[Supply | None] = relationship()

    @property
    def starts_at(self) -> datetime:
        """The instant at which it starts."""
        return _instant(self.day, self.from_minute)

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return _instant(self.day, self.until_minute)


def _instant(day: date, minute: int) -> datetime:
    hour, left = divmod(min(minute, DAY_MINUTES - 1), 60)
    return from_wall(datetime.combine(day, time(hour, left)))


class MachineSeat(Base):
    """One place of an introduction that somebody took; its number is unique while it is taken, so that none is given twice."""

    __tablename__ = "machine_seats"
    __table_args__ = (
        CheckConstraint("number > 0", name="counted_from_one"),
        Index("uq_machine_seats_number", "slot_id", "number", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_machine_seats_borrower", "slot_id", "borrower_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("machine_slots.id"))
    number: Mapped[int]
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    made_at: Mapped[datetime]
    freed_at: Mapped[datetime | None]

    slot: Mapped[MachineSlot] = relationship()
    borrower: Mapped[Borrower] = relationship()


class MachineWatch(Base):
    """Somebody who wants to hear when a machine works again; told once, then forgotten."""

    __tablename__ = "machine_watches"

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"), index=True)
    email: Mapped[str] = personal_email_column()
    language: Mapped[str] = mapped_column(String(2))
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime | None]

    machine: Mapped[WorkMachine] = relationship()


_OVERLAPS = """
    SELECT RAISE(ABORT, 'ex_machine_slots_no_overlap') WHERE NEW.freed_at IS NULL AND EXISTS (
        SELECT 1 FROM machine_slots WHERE machine_id = NEW.machine_id AND day = NEW.day AND freed_at IS NULL{others}
        AND until_minute > NEW.from_minute AND from_minute < NEW.until_minute);
"""
_NO_OVERLAP = (
    "ALTER TABLE machine_slots ADD CONSTRAINT ex_machine_slots_no_overlap EXCLUDE USING gist (int4range(machine_id, machine_id, '[]') "
    "WITH &&, daterange(day, day, '[]') WITH &&, int4range(from_minute, until_minute) WITH &&) WHERE (freed_at IS NULL)"
)
MACHINE_SLOTS_WALL: Statements = {
    "sqlite": (
        f"CREATE TRIGGER machine_slots_insert BEFORE INSERT ON machine_slots BEGIN{_OVERLAPS.format(others='')}END",
        f"CREATE TRIGGER machine_slots_update BEFORE UPDATE ON machine_slots BEGIN{_OVERLAPS.format(others=' AND id <> OLD.id')}END",
    ),
    "postgresql": (_NO_OVERLAP,),
}
