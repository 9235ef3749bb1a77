"""What is stored of hand-over appointments: slots with their seats, and who was invited to take one."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.sites.models import site_column
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import personal_postal_column, personal_text_column
from refurb.kernel.speech.clock import from_wall, today
from refurb.referrals.handovers.words import DeclinedBecause, InvitationState, InvitedBy
from refurb.referrals.models import Allocation

_LIVE = text("withdrawn_at IS NULL")
_OPEN = text("state IN ('invited', 'chosen', 'declined')")


class HandoverSlot(Base):
    """An hour at which devices are handed over: at a place of ours, at a stop of the vehicle, or at homes, from that place on.

    Half-open in minutes of the day by the wall clock: it never drifts with summer time.
    """

    __tablename__ = "handover_slots"
    KIND = "handover_slot"
    __table_args__ = (
        CheckConstraint("from_minute >= 0 AND until_minute > from_minute AND until_minute <= 1440", name="within_the_day"),
        Index(
            "uq_handover_slots_hour",
            "site_id",
            "at_home",
            "day",
            "from_minute",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_handover_slots_day", "day", "from_minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = site_column(index=True)
    at_home: Mapped[bool] = mapped_column(default=False, server_default=false())
    day: Mapped[date]
    from_minute: Mapped[int]
    until_minute: Mapped[int]
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    seats: Mapped[list["HandoverSeat"]] = relationship(back_populates="slot", order_by="HandoverSeat.number")

    @property
    def starts_at(self) -> datetime:
        """The instant at which it starts."""
        return _instant(self.day, self.from_minute)

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return _instant(self.day, self.until_minute)


def _instant(day: date, minute: int) -> datetime:
    hour, left = divmod(min(minute, 24 * 60 - 1), 60)
    return from_wall(datetime.combine(day, time(hour, left)))


class HandoverSeat(Base):
    """One place of a slot. There are as many as were opened, so that the database knows by itself when a slot is full."""

    __tablename__ = "handover_seats"
    __table_args__ = (
        UniqueConstraint("slot_id", "number"),
        CheckConstraint("number > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("handover_slots.id"))
    number: Mapped[int]

    slot: Mapped[HandoverSlot] = relationship(back_populates="seats")


class HandoverInvitation(Base):
    """That a family was asked to come for its device by a day, and the seat it chose: each seat is one invitation's, whoever is faster.

    `sequence` grows each time an hour is chosen or given up: a calendar knows by it what replaces what. The address is asked for a home
    visit alone, and kept here where it is not the referral's own (`visited_at`); it goes, with the words about a lift, once the appointment
    is over: after a visit whose slip was printed first, once that is signed, or its day ends.
    """

    __tablename__ = "handover_invitations"
    KIND = "handover_invitation"
    STANDS_WITH = "allocation"
    __table_args__ = (
        Index("uq_handover_invitations_open", "allocation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("state NOT IN ('chosen', 'absent') OR seat_id IS NOT NULL", name="chosen_has_a_seat"),
        CheckConstraint("state NOT IN ('invited', 'declined', 'expired', 'closed') OR seat_id IS NULL", name="seat_is_let_go"),
        CheckConstraint("(state = 'declined') = (declined_because IS NOT NULL)", name="declined_for_a_reason"),
        Index("ix_handover_invitations_state", "state", "answer_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), index=True)
    state: Mapped[InvitationState] = word_column(InvitationState, default=InvitationState.INVITED)
    invited_by: Mapped[InvitedBy] = word_column(InvitedBy)
    invited_at: Mapped[datetime]
    answer_by: Mapped[date]
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("handover_seats.id"), unique=True)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    times_moved: Mapped[int] = mapped_column(default=0, server_default="0")
    declined_because: Mapped[DeclinedBecause | None] = word_column(DeclinedBecause, nullable=True)
    lift: Mapped[bool] = mapped_column(default=False, server_default=false())
    lift_words: Mapped[str | None] = personal_text_column(200)
    address: Mapped[str | None] = personal_postal_column()

    allocation: Mapped[Allocation] = relationship()
    seat: Mapped[HandoverSeat | None] = relationship()

    @property
    def slot(self) -> HandoverSlot | None:
        """The slot that was chosen."""
        return self.seat.slot if self.seat else None

    @property
    def visited_at(self) -> str | None:
        """Where we come to, of a home visit that is to come, or on its way: what is signed there is printed before anybody leaves."""
        is_visit = self.slot is not None and self.slot.at_home and (self.state.is_chosen or self.is_on_its_way)
        return (self.address or self.allocation.referral.address) if is_visit else None

    @property
    def is_on_its_way(self) -> bool:
        """Whether the device left for a home, today or for a day to come, and its slip is still to be signed there."""
        if self.state is not InvitationState.CAME or self.slot is None or not self.slot.at_home or self.slot.day < today():
            return False
        handover = self.allocation.handover
        return self.allocation.state.is_fulfilled and handover is not None and not handover.is_signed
