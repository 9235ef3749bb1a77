"""What is stored of what goes wrong with a device that is with its family, or with a person's own machine."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import personal_phone_column, personal_text_column
from refurb.referrals.aftersales.words import Cause, Outcome, Symptom, TicketState, TicketVia
from refurb.referrals.models import Allocation, Referral

OPEN = text("state <> 'closed'")


class Ticket(Base):
    """Something that a family has trouble with: with the device that it was given, or with a machine of its own, which is no stock of ours.

    `answer_by` is the day by which somebody was promised to answer. `referral_id` is whose device it is, as far as known: no page for
    strangers reads it. `swap_id` is the allocation of the device that stands in for this one.
    """

    __tablename__ = "tickets"
    KIND = "ticket"
    STANDS_WITH = "device"  # A machine of the family's own is at no place of ours.
    __table_args__ = (
        CheckConstraint("(device_id IS NULL) = (own_machine IS NOT NULL)", name="of_one_machine"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_some_time"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_an_outcome"),
        CheckConstraint("state <> 'swap' OR swap_id IS NOT NULL", name="swapped_for_something"),
        Index("ix_tickets_open", "opened_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_tickets_closed", "closed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[TicketState] = word_column(TicketState, default=TicketState.OPEN)
    trouble: Mapped[Symptom] = word_column(Symptom)
    via: Mapped[TicketVia] = word_column(TicketVia)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    own_machine: Mapped[str | None] = mapped_column(String(120))
    words: Mapped[str | None] = personal_text_column(500)
    phone: Mapped[str | None] = personal_phone_column()
    photo: Mapped[str | None] = personal_text_column(64)
    language: Mapped[str | None] = mapped_column(String(2))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None]
    answer_by: Mapped[date]
    appointment_at: Mapped[datetime | None]
    appointment_place: Mapped[str | None] = mapped_column(String(120))
    swap_id: Mapped[int | None] = mapped_column(ForeignKey("allocations.id"), index=True)
    cause: Mapped[Cause | None] = word_column(Cause, nullable=True)
    outcome: Mapped[Outcome | None] = word_column(Outcome, nullable=True)
    closed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    device: Mapped[Device | None] = relationship()
    referral: Mapped[Referral | None] = relationship()
    swap: Mapped[Allocation | None] = relationship()
