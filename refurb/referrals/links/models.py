"""The links by which somebody without an account writes a referral."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.accounts.models import Account
from refurb.directory.models import Organisation
from refurb.kernel.deeds.database import Base
from refurb.kernel.speech.clock import now


class AskingLink(Base):
    """That somebody, a town hall's secretary or a home help, may write referrals for one organisation; `holder` says who, as people say it.

    What she writes is a draft of whoever gave her the link.
    """

    __tablename__ = "asking_links"
    KIND = "asking_link"
    __table_args__ = (
        CheckConstraint("ends_at > created_at", name="lasts"),
        CheckConstraint("(revoked_at IS NULL) OR revoked_at >= created_at", name="revoked_after_it_was_made"),
        Index("ix_asking_links_organisation", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    holder: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    maker: Mapped[Account] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it was not taken back, and its time is not over."""
        return self.revoked_at is None and self.ends_at > now()
