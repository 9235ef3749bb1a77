"""What is stored of invitations to a ceremony: guests of their own table, and for each guest and each family one invitation."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.ceremonies.guests.words import GuestAnswer, GuestKind
from refurb.ceremonies.models import Ceremony, Turn
from refurb.directory.models import Organisation
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.reachable import email_column

_REACHED = text("email IS NOT NULL")


class CeremonyGuest(Base):
    """Somebody who is invited and handed nothing. `is_named`: agreed to be thanked by name on the invitation and the programme."""

    __tablename__ = "ceremony_guests"
    KIND = "ceremony_guest"
    __table_args__ = (
        CheckConstraint("kind <> 'donor' OR organisation_id IS NOT NULL", name="a_donor_gave"),
        Index(
            "uq_ceremony_guests_email", "ceremony_id", "email", unique=True, sqlite_where=_REACHED, postgresql_where=_REACHED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    kind: Mapped[GuestKind] = word_column(GuestKind)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = email_column()
    address: Mapped[str | None] = mapped_column(String(300))
    is_named: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()


class CeremonyInvitation(Base):
    """One invitation, a guest's or a family's: what was answered, how many places it keeps, how many came in by it.

    `code` is what the door scans. A family's is of an allocation; it has a turn for as long as the family is on the list, and stays
    without one, so that its link can say so. Nobody is in a picture who has not answered (`no_photo`), no family until its consent is
    given (`consents`). `link_round` grows each time its link is closed. `posted` names
    the last letter that was posted to a guest, and for which date of the ceremony.
    """

    __tablename__ = "ceremony_invitations"
    KIND = "ceremony_invitation"
    STANDS_WITH = "ceremony"
    __table_args__ = (
        UniqueConstraint("ceremony_id", "allocation_id"),
        CheckConstraint("(guest_id IS NULL) <> (allocation_id IS NULL)", name="of_a_guest_or_a_family"),
        CheckConstraint("turn_id IS NULL OR allocation_id IS NOT NULL", name="a_turn_is_a_familys"),
        CheckConstraint("companions >= 0", name="companions_not_negative"),
        CheckConstraint("arrived >= 0 AND arrived <= 1 + companions", name="in_by_its_places"),
        CheckConstraint("(arrived = 0) = (arrived_at IS NULL)", name="arrived_at_an_hour"),
        CheckConstraint("arrived = 0 OR state = 'coming'", name="in_by_a_place"),
        CheckConstraint("(state = 'waiting') = (waits_since IS NOT NULL)", name="waits_since_when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("ceremony_guests.id"), unique=True)
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("allocations.id"), index=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("ceremony_turns.id", ondelete="SET NULL"), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    state: Mapped[GuestAnswer] = word_column(GuestAnswer, default=GuestAnswer.TO_SEND)
    companions: Mapped[int] = mapped_column(default=0, server_default="0")
    needs: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    no_photo: Mapped[bool] = mapped_column(default=False, server_default=false())
    invited_at: Mapped[datetime | None]
    posted: Mapped[str | None] = mapped_column(String(24))
    waits_since: Mapped[datetime | None]
    arrived: Mapped[int] = mapped_column(default=0, server_default="0")
    arrived_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    link_round: Mapped[int] = mapped_column(default=0, server_default="0")

    ceremony: Mapped[Ceremony] = relationship()
    guest: Mapped[CeremonyGuest | None] = relationship()
    turn: Mapped[Turn | None] = relationship()

    @property
    def places(self) -> int:
        """How many people may come in by it."""
        return 1 + self.companions

    @property
    def is_family(self) -> bool:
        """Whether a device is handed over by it: known to the office alone."""
        return self.allocation_id is not None
