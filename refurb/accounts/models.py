"""Accounts, their open sessions and their tokens."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.speech.clock import now

_UNBOUND = "organisation_id IS NULL AND site_id IS NULL"


class RoleGrant(Base):
    """One role that somebody holds; a bound one for one organisation, one that is done at a place perhaps for one site.

    What an account's grants allow adds up.
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "organisation_id"),
        Index(
            "uq_role_grants_unbound",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text(_UNBOUND),
            postgresql_where=text(_UNBOUND),
        ),
        Index(
            "uq_role_grants_at_site",
            "account_id",
            "role",
            "site_id",
            unique=True,
            sqlite_where=text("site_id IS NOT NULL"),
            postgresql_where=text("site_id IS NOT NULL"),
        ),
        CheckConstraint(
            "(role IN ('prescriber', 'referent', 'facilitator')) = (organisation_id IS NOT NULL)", name="bound_to_organisation"
        ),
        CheckConstraint("role <> 'station'", name="no_person_is_a_bench"),
        CheckConstraint(
            "site_id IS NULL OR role IN ('technician', 'dock', 'desk', 'adviser', 'organiser', 'trainer')", name="done_at_a_place"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[Role] = word_column(Role)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    granted_at: Mapped[datetime]
    # The one site for which it was given; None: each of them.
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()

    @classmethod
    def of(cls, grant: Grant, instant: datetime) -> "RoleGrant":
        """The row of a role that is given at an instant."""
        return cls(role=grant.role, organisation_id=grant.organisation_id, site_id=grant.site_id, granted_at=instant)

    @property
    def grant(self) -> Grant:
        """What it gives."""
        return Grant(self.role, self.organisation_id, self.site_id)


class Account(Base):
    """Somebody who signs in: one person, one account, whatever they do here."""

    __tablename__ = "accounts"
    KIND = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    # As which of her roles she works at the moment: it draws the navigation, and changes no right.
    working_role: Mapped[Role | None] = word_column(Role, nullable=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    # When an administrator last confirmed that these rights are still needed.
    reviewed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    grants: Mapped[list[RoleGrant]] = relationship(order_by=RoleGrant.id, cascade="all, delete-orphan")
    # What papers call her: the role that she was given first.
    role: Mapped[Role | None] = column_property(
        select(RoleGrant.role)
        .where(RoleGrant.account_id == id)  # noqa: A003 - the column above, not Python's own word
        .order_by(RoleGrant.id)
        .limit(1)
        .scalar_subquery(),
        deferred=True,
    )


class Door(StrEnum):
    """What a token opens."""

    AGENT = "agent"
    """Only what the key of the workshop sends and asks."""
    API = "api"
    """The whole JSON door, as far as its role goes."""


class Token(Base):
    """A key for the JSON door, shown once and kept as its SHA-256; it acts as its account, or as a bench. It opens no page."""

    __tablename__ = "tokens"
    KIND = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = word_column(Role)
    door: Mapped[Door] = word_column(Door, server_default=Door.AGENT.value)
    # Whether its owner's second factor was given when it was made: names are closed to one without, as they are to a person.
    proved: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    # One without an end opens nothing.
    ends_at: Mapped[datetime | None]
    # When it last wrote something, to the quarter of an hour or so; readings leave no trace.
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it opens something: it was not revoked, and its time is not over."""
        return self.revoked_at is None and self.ends_at is not None and self.ends_at > now()


class OpenSession(Base):
    """Somebody signed in, in one browser: without this row its cookie opens nothing. What the cookie holds is kept as its SHA-256."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("proved_at IS NULL OR proved", name="proof_has_its_hour"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime]
    # To the minute or so: what a reading notes is written a moment later.
    seen_at: Mapped[datetime]
    # Whatever is done meanwhile.
    ends_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(40))
    # Whether a second factor stands behind it, and when one was last typed in it: a trusted browser types none.
    proved: Mapped[bool] = mapped_column(default=False, server_default=false())
    proved_at: Mapped[datetime | None]


class KeptForm(Base):
    """What somebody typed in a form that could not be done, or was not yet sent: given back to this account alone, and for a day."""

    __tablename__ = "kept_forms"
    __table_args__ = (UniqueConstraint("account_id", "action", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    # Where the form is sent to, and the page that it stands on.
    action: Mapped[str] = mapped_column(String(400))
    # Which opened form: the same stands in two tabs, and each keeps what was typed in it. Empty where the form did not say.
    form: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(800))
    # Pairs of a name and what was typed, in the form's order.
    typed: Mapped[list[list[str]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)
