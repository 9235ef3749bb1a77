"""The keys that somebody registered, and the challenges that were answered: each serves once."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class Passkey(Base):
    """One key of an account: what it is known by, its public half, and how often it says that it was used."""

    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="uses_are_counted"),
        CheckConstraint("name <> ''", name="is_called_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    # In base64url, without padding; 1023 bytes at most (WebAuthn level 2, §4).
    credential: Mapped[str] = mapped_column(String(1364), unique=True)
    # A COSE key (RFC 9052), as the authenticator gave it.
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # 32 bits without a sign. Many keys do not count, and always say 0.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A challenge that was answered, as its SHA-256, until it is too old to be answered anyway."""

    __tablename__ = "spent_challenges"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
