"""Links by which a forgotten password is made anew; what a link holds is kept as its SHA-256."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.accounts.models import Account
from refurb.kernel.deeds.database import Base


class PasswordLink(Base):
    """A link to choose a new password: asked for by its person, or given by an administrator; it serves once, and for an hour."""

    __tablename__ = "password_links"
    KIND = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    # The administrator who gives it by hand; none where it was asked for, and leaves by mail.
    given_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    account: Mapped[Account] = relationship(foreign_keys=account_id)
