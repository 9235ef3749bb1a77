"""Ceremonies, and the hand-overs chosen for each."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.referrals.models import Allocation

_EXPECTED_ONCE = text("state NOT IN ('absent', 'alone')")


class Ceremony(Base):
    """A date and a place where several devices are handed over.

    `taken` is how many places of the room were promised, so that the database itself refuses one too many. `sequence` grows each time the
    date or the place changes: a calendar knows by it what replaces what.
    """

    __tablename__ = "ceremonies"
    KIND = "ceremony"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity > 0", name="room_for_somebody"),
        CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="within_the_room"),
        CheckConstraint("minutes > 0", name="lasts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    site_id: Mapped[int] = site_column()
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(160))
    state: Mapped[CeremonyState] = word_column(CeremonyState, default=CeremonyState.PLANNED)
    created_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=90, server_default="90")
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    moved_at: Mapped[datetime | None]
    answer_by: Mapped[date | None]
    # How one gets there and in, line by line what happens at which hour: for guests and families alike.
    access: Mapped[str | None] = mapped_column(String(300))
    programme: Mapped[str | None] = mapped_column(String(2000))
    step_free: Mapped[bool] = mapped_column(default=False, server_default=false())
    room_booked: Mapped[bool] = mapped_column(default=False, server_default=false())
    interpreter_booked: Mapped[bool] = mapped_column(default=False, server_default=false())
    thanked_at: Mapped[datetime | None]
    # What the report says to whoever was absent.
    next_steps: Mapped[str | None] = mapped_column(String(600))

    turns: Mapped[list["Turn"]] = relationship(back_populates="ceremony", order_by="Turn.position", cascade="all, delete-orphan")

    @property
    def ends_at(self) -> datetime:
        """When it is over, as it was planned."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Turn(Base):
    """One allocation's turn at a ceremony; the order is the order of the day."""

    __tablename__ = "ceremony_turns"
    KIND = "turn"
    STANDS_WITH = "ceremony"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "allocation_id"),
        UniqueConstraint("ceremony_id", "position"),
        CheckConstraint("position > 0", name="positions_begin_at_one"),
        # Nobody is expected at two ceremonies at once; who was absent, or prefers to come alone, may be invited again.
        Index(
            "uq_ceremony_turns_expected",
            "allocation_id",
            unique=True,
            sqlite_where=_EXPECTED_ONCE,
            postgresql_where=_EXPECTED_ONCE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"))
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), index=True)
    position: Mapped[int]
    state: Mapped[Attendance] = word_column(Attendance, default=Attendance.EXPECTED)

    ceremony: Mapped[Ceremony] = relationship(back_populates="turns")
    allocation: Mapped[Allocation] = relationship()
