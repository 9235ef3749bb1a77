"""Ceremonies, and the hand-overs chosen for each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.referrals.models import Allocation


class Ceremony(Base):
    """A date and a place where several devices are handed over."""

    __tablename__ = "ceremonies"
    KIND = "ceremony"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    site_id: Mapped[int] = site_column()
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(160))
    state: Mapped[CeremonyState] = word_column(CeremonyState, default=CeremonyState.PLANNED)
    created_at: Mapped[datetime]

    turns: Mapped[list["Turn"]] = relationship(back_populates="ceremony", order_by="Turn.position", cascade="all, delete-orphan")


class Turn(Base):
    """One allocation's turn at a ceremony; the order is the order of the day."""

    __tablename__ = "ceremony_turns"
    KIND = "turn"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "allocation_id"),
        UniqueConstraint("ceremony_id", "position"),
        CheckConstraint("position > 0", name="positions_begin_at_one"),
        # Nobody is expected at two ceremonies at once; who was absent may be invited again.
        Index(
            "uq_ceremony_turns_expected",
            "allocation_id",
            unique=True,
            sqlite_where=text("state <> 'absent'"),
            postgresql_where=text("state <> 'absent'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"))
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), index=True)
    position: Mapped[int]
    state: Mapped[Attendance] = word_column(Attendance, default=Attendance.EXPECTED)

    ceremony: Mapped[Ceremony] = relationship(back_populates="turns")
    allocation: Mapped[Allocation] = relationship()
