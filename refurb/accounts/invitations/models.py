"""Invitations: who was asked to open an account, with which roles; what their links hold is kept as its SHA-256."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.accounts.models import Account
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import Base
from refurb.kernel.speech.clock import now

OPEN = "accepted_at IS NULL AND withdrawn_at IS NULL"


class Invitation(Base):
    """Somebody who may open an account, by a link that serves once and for a week; sent again, the link before opens nothing."""

    __tablename__ = "invitations"
    KIND = "invitation"
    __table_args__ = (
        Index("uq_invitations_open", "email", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("(accepted_at IS NULL) = (account_id IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="ended_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(160))
    # A role, the id of its organisation or null, and that of its site where it is for one alone.
    roles: Mapped[list[list[str | int | None]]] = mapped_column(JSON)
    invited_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    inviter: Mapped[Account] = relationship(foreign_keys=invited_by)

    @property
    def grants(self) -> list[Grant]:
        """The roles that whoever accepts will hold."""
        return [Grant(Role(str(role)), *(int(each) if each else None for each in bound)) for role, *bound in self.roles]

    @property
    def waits(self) -> bool:
        """Whether it was neither accepted nor withdrawn; its link may be over all the same."""
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def is_over(self) -> bool:
        """Whether its time is over while it waits: it is to be sent again, or withdrawn."""
        return self.waits and self.ends_at <= now()

    @property
    def is_open(self) -> bool:
        """Whether its link opens an account."""
        return self.waits and self.ends_at > now()
