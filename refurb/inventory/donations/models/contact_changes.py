"""That whoever follows a donation by its link would be replaced by somebody else; nothing changes before the new address has answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.reachable import email_column


class ContactChange(Base):
    """Who is to be written to from now on, asked by the link of the contact of before, at `former`."""

    __tablename__ = "contact_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donations.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = email_column()
    former: Mapped[str | None] = email_column()
    asked_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]

    donation: Mapped[Donation] = relationship()
