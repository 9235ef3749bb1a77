"""What somebody proves herself with a second time; codes are kept as their keyed hash, the application's secret sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class Authenticator(Base):
    """The application of an account: the secret that it shares with us, sealed, and the last step whose code was taken."""

    __tablename__ = "authenticators"
    __table_args__ = (CheckConstraint("last_step >= 0", name="steps_are_counted"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(400))
    # Steps of 30 seconds since 1970 (RFC 6238): a code of this one or of one before is never taken again.
    last_step: Mapped[int]
    added_at: Mapped[datetime]


class CardCode(Base):
    """One code of the card that somebody printed; it serves once."""

    __tablename__ = "card_codes"
    __table_args__ = (UniqueConstraint("account_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TrustedBrowser(Base):
    """A browser in which an account is not asked for its second factor until `ends_at`; what its cookie holds is kept as its SHA-256."""

    __tablename__ = "trusted_browsers"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
