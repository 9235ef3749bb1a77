"""What somebody proposes to give through the public form, before and after the e-mail address is confirmed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.donations.words import Age, Chargers, DrivesInside, Shape
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import LegalOrigin
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.reachable import MailAddress, phone_column


class Proposal(Base):
    """One filled-in form. Nobody sees it until its address is confirmed; it then stands beside the donation that it became.

    `counts` is how many of each kind, `source` a keyed hash of the network address, for the throttle only.
    """

    __tablename__ = "proposals"
    KIND = "proposal"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (donation_id IS NULL)", name="confirmed_whole"),
        CheckConstraint("siren IS NULL OR length(siren) = 9", name="siren_has_nine_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    origin: Mapped[LegalOrigin] = word_column(LegalOrigin)
    name: Mapped[str] = mapped_column(String(200))
    siren: Mapped[str | None] = mapped_column(String(9))
    rna: Mapped[str | None] = mapped_column(String(10))
    contact_name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(MailAddress(), index=True)
    phone: Mapped[str | None] = phone_column()
    address: Mapped[str] = mapped_column(String(300))
    counts: Mapped[dict[str, Any]]
    age: Mapped[Age] = word_column(Age)
    shape: Mapped[Shape] = word_column(Shape)
    drives: Mapped[DrivesInside] = word_column(DrivesInside)
    chargers: Mapped[Chargers] = word_column(Chargers)
    way: Mapped[Way] = word_column(Way)
    conditions: Mapped[str | None] = mapped_column(String(500))
    message: Mapped[str | None] = mapped_column(String(2000))
    confirmed_at: Mapped[datetime | None]
    donation_id: Mapped[int | None] = mapped_column(ForeignKey("donations.id"), unique=True)

    donation: Mapped[Donation | None] = relationship()
