"""Accounts, their tokens, and the tries to sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import Base, word_column


class Account(Base):
    """Somebody who signs in: one person, one account, one role."""

    __tablename__ = "accounts"
    KIND = "account"
    __table_args__ = (
        CheckConstraint("role <> 'prescriber' OR organisation_id IS NOT NULL", name="prescriber_has_organisation"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    role: Mapped[Role] = word_column(Role)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    stamp: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()


class Token(Base):
    """A key for the JSON door, shown once and kept as its SHA-256; it acts as its account, or as a bench."""

    __tablename__ = "tokens"
    KIND = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = word_column(Role)
    created_at: Mapped[datetime]
    # When it last wrote something, to the quarter of an hour or so; readings leave no trace.
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class FailedTry(Base):
    """One failed try to sign in; whose and from where are kept as keyed hashes, for the throttle only."""

    __tablename__ = "failed_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
