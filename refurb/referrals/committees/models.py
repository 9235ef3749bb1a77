"""Sessions of the committee: who sits, which files are on the agenda, what was decided on each, who left the room for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.accounts.models import Account
from refurb.directory.models import Organisation
from refurb.documents.models import Paper
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import Base, word_column
from refurb.referrals.committees.words import CommitteeState, LineReason, LineVerdict, Seat
from refurb.referrals.models import Allocation, Referral


class Committee(Base):
    """One session: when and where; opened, it notes decisions, closed, they are done. `least_present` sit at least, or nothing is decided.

    The versions of the waiting order and of the quotas are those under which it was closed.
    """

    __tablename__ = "committees"
    KIND = "committee"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_some_time"),
        CheckConstraint("(state = 'closed') = (paper_id IS NOT NULL)", name="closed_with_minutes"),
        CheckConstraint("state NOT IN ('in_session', 'closed') OR opened_at IS NOT NULL", name="opened_at_some_time"),
        CheckConstraint("least_present > 0", name="somebody_decides"),
        Index("ix_committees_starts_at", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(160))
    least_present: Mapped[int]
    state: Mapped[CommitteeState] = word_column(CommitteeState, default=CommitteeState.PREPARED)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    policy_version: Mapped[str | None] = mapped_column(String(12))
    quotas_version: Mapped[str | None] = mapped_column(String(12))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"), unique=True)

    members: Mapped[list["CommitteeMember"]] = relationship(
        back_populates="committee", order_by="CommitteeMember.id", cascade="all, delete-orphan"
    )
    lines: Mapped[list["CommitteeLine"]] = relationship(
        back_populates="committee", order_by="CommitteeLine.position", cascade="all, delete-orphan"
    )
    paper: Mapped[Paper | None] = relationship()

    @property
    def held_at(self) -> datetime:
        """When it opened, or will."""
        return self.opened_at or self.starts_at


class CommitteeMember(Base):
    """Somebody who sits: with an account, or by name alone; for an organisation, whose files she leaves the room for."""

    __tablename__ = "committee_members"
    __table_args__ = (
        UniqueConstraint("committee_id", "account_id"),
        Index(
            "uq_committee_members_seat",
            "committee_id",
            "seat",
            unique=True,
            sqlite_where=text("seat <> 'member'"),
            postgresql_where=text("seat <> 'member'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    seat: Mapped[Seat] = word_column(Seat, default=Seat.MEMBER)
    comes: Mapped[bool] = mapped_column(default=True, server_default=true())

    committee: Mapped[Committee] = relationship(back_populates="members")
    account: Mapped[Account | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class CommitteeLine(Base):
    """One file on an agenda: what is proposed, on which grounds of which version, then what was decided and why.

    A file, and the device that is set aside for it, stand on one agenda that is open (`is_open`) at most. `by_hand` says that somebody
    proposed otherwise than the rule within stock and quotas; `added_because`, that the file was put on out of the rule's order.
    """

    __tablename__ = "committee_lines"
    KIND = "committee_line"
    __table_args__ = (
        UniqueConstraint("committee_id", "position"),
        CheckConstraint("position > 0", name="positions_begin_at_one"),
        CheckConstraint("(verdict IS NULL) = (reason IS NULL)", name="decided_with_a_reason"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint("verdict IS NULL OR (verdict = 'allocate') = (device_id IS NOT NULL)", name="allocates_a_device"),
        CheckConstraint("NOT over_quota OR (note IS NOT NULL AND length(note) > 0)", name="over_quota_has_reason"),
        CheckConstraint("allocation_id IS NULL OR verdict = 'allocate'", name="allocated_by_decision"),
        Index(
            "uq_committee_lines_file", "referral_id", unique=True, sqlite_where=text("is_open"), postgresql_where=text("is_open")
        ),
        Index(
            "uq_committee_lines_device", "device_id", unique=True, sqlite_where=text("is_open"), postgresql_where=text("is_open")
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"))
    position: Mapped[int]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    proposal: Mapped[LineVerdict] = word_column(LineVerdict, constraint="proposal")
    proposal_reason: Mapped[LineReason] = word_column(LineReason, constraint="proposal_reason")
    by_hand: Mapped[bool] = mapped_column(default=False)
    added_because: Mapped[str | None] = mapped_column(String(200))
    # What the rule looked at when the file was put on, and by which version: facts, not words (`cases.replay`).
    policy_version: Mapped[str] = mapped_column(String(12))
    grounds: Mapped[dict[str, Any]]
    verdict: Mapped[LineVerdict | None] = word_column(LineVerdict, constraint="verdict", nullable=True)
    reason: Mapped[LineReason | None] = word_column(LineReason, constraint="reason", nullable=True)
    note: Mapped[str | None] = mapped_column(String(300))
    question: Mapped[str | None] = mapped_column(String(500))
    over_quota: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("allocations.id"), unique=True)

    committee: Mapped[Committee] = relationship(back_populates="lines")
    referral: Mapped[Referral] = relationship()
    device: Mapped[Device | None] = relationship()
    allocation: Mapped[Allocation | None] = relationship()
    recusals: Mapped[list["CommitteeRecusal"]] = relationship(
        back_populates="line", order_by="CommitteeRecusal.id", cascade="all, delete-orphan"
    )

    @property
    def planned(self) -> LineVerdict:
        """What was decided, or what is proposed so long."""
        return self.verdict or self.proposal

    @property
    def rank(self) -> int:
        """Its rank in the waiting list when it was put on."""
        ahead: dict[str, int] = self.grounds["ahead"]
        return sum(ahead.values()) + 1


class CommitteeRecusal(Base):
    """That a member leaves the room for a file for another reason than her organisation's, in a word of her own."""

    __tablename__ = "committee_recusals"
    __table_args__ = (UniqueConstraint("line_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("committee_lines.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("committee_members.id"), index=True)
    word: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

    line: Mapped[CommitteeLine] = relationship(back_populates="recusals")
    member: Mapped[CommitteeMember] = relationship()
