"""Changes of address that were asked for; what their links hold is kept as its SHA-256."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.accounts.models import Account
from refurb.kernel.deeds.database import Base


class AddressChange(Base):
    """That somebody wants to sign in with another address: done by the link, which serves once and for a day."""

    __tablename__ = "address_changes"
    KIND = "address_change"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("email <> before", name="to_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    # The address that it was asked with: where it is another by now, the link opens nothing.
    before: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
