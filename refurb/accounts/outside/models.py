"""Which account somebody has here who signs in elsewhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class OutsideIdentity(Base):
    """That an account is who a provider (`issuer`) calls `subject`: the pair is the only name of a person that never changes there."""

    __tablename__ = "outside_identities"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("account_id", "issuer"),
        CheckConstraint("subject <> ''", name="is_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    # At most 255 ASCII signs (OpenID Connect Core 1.0, §2).
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
