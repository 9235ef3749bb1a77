"""Beneficiaries, referrals, allocations and hand-overs. Names live here and nowhere else."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.accounts.models import Account
from refurb.directory.models import Organisation
from refurb.directory.sites.models import Site, site_column
from refurb.documents.models import Paper
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import name_column, personal_email_column, personal_phone_column, personal_postal_column
from refurb.kernel.deeds.pieces import PieceIndex
from refurb.kernel.deeds.walls import Statements
from refurb.referrals.words import (
    AllocationState,
    Connection,
    HashKind,
    HouseholdAnswer,
    HouseholdVerdict,
    MessageKind,
    Mobility,
    NoticeLanguage,
    PriorityArea,
    ReferralState,
    RefusalReason,
    SignatureKind,
    Situation,
    Usage,
)


class Household(Base):
    """A family as it is known here, without a name: every person belongs to one, and every referral through its person.

    Whoever was written down twice has two of them. They are one once somebody has said so: `merged_into_id` leads to the one that stands,
    in one step, and both remain, so that it can be taken back. `hashed_by` tells with which key its hashes were made.
    """

    __tablename__ = "households"
    KIND = "household"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        Index("ix_households_merged_into", "merged_into_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    hashed_by: Mapped[str | None] = mapped_column(String(8))
    hashes_forgotten_at: Mapped[datetime | None]

    @property
    def root(self) -> int:
        """The number of the household that stands for this one."""
        return self.merged_into_id or self.id


# A household is merged into one that stands, and none that was merged into this one stays behind: so every chain has one link.
_CROOKED = (
    "NEW.merged_into_id IS NOT NULL AND ("
    "EXISTS (SELECT 1 FROM households AS target WHERE target.id = NEW.merged_into_id AND target.merged_into_id IS NOT NULL) "
    "OR EXISTS (SELECT 1 FROM households AS earlier WHERE earlier.merged_into_id = NEW.id))"
)
HOUSEHOLDS_WALL: Statements = {
    "sqlite": (
        (
            f"CREATE TRIGGER households_merge BEFORE UPDATE OF merged_into_id ON households WHEN {_CROOKED} "
            "BEGIN SELECT RAISE(ABORT, 'households_merge'); END"
        ),
    ),
    "postgresql": (
        (
            f"CREATE FUNCTION households_merge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_CROOKED} THEN "
            "RAISE EXCEPTION 'households_merge' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        ),
        ("CREATE TRIGGER households_merge BEFORE UPDATE OF merged_into_id ON households FOR EACH ROW EXECUTE FUNCTION households_merge()"),
    ),
}


class HouseholdHash(Base):
    """One keyed hash of what a household's people are known by: it says whether two are alike, and nothing else."""

    __tablename__ = "household_hashes"
    __table_args__ = (Index("ix_household_hashes_digest", "digest"),)

    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[HashKind] = word_column(HashKind)


class HouseholdLikeness(Base):
    """That two households have a hash in common: to be settled by a person, and then remembered, so that nobody is asked twice."""

    __tablename__ = "household_likenesses"
    KIND = "likeness"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("(verdict IS NULL) = (settled_at IS NULL)", name="settled_at_some_time"),
        UniqueConstraint("first_id", "second_id"),
        Index(
            "ix_household_likenesses_open", "found_at", "id", sqlite_where=text("verdict IS NULL"), postgresql_where=text("verdict IS NULL")
        ),
        Index("ix_household_likenesses_second", "second_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    kinds: Mapped[list[Any]]
    found_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    verdict: Mapped[HouseholdVerdict | None] = word_column(HouseholdVerdict, nullable=True)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]

    first: Mapped[Household] = relationship(foreign_keys=first_id)
    second: Mapped[Household] = relationship(foreign_keys=second_id)


class LikenessTold(Base):
    """That whoever sent a referral was told, once, whether a request for a like household exists; and what she answered."""

    __tablename__ = "likenesses_told"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    told_at: Mapped[datetime]
    answer: Mapped[HouseholdAnswer | None] = word_column(HouseholdAnswer, nullable=True)
    word: Mapped[str | None] = mapped_column(String(200))


class Beneficiary(Base):
    """A person or a household, with the least that a hand-over needs: no document, income, health, nationality or number of any kind."""

    __tablename__ = "beneficiaries"
    KIND = "beneficiary"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = name_column(80, "first")
    last_name: Mapped[str] = name_column(80, "last")
    birth_year: Mapped[int | None]
    commune: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = personal_phone_column()
    email: Mapped[str | None] = personal_email_column()
    sms_refused_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(String(400), default="", server_default="")
    birth_decade: Mapped[int | None]  # Of whoever is forgotten this remains: 1990 for 1994.
    forgotten_at: Mapped[datetime | None]
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)

    household: Mapped[Household] = relationship()

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


BENEFICIARY_PIECES = PieceIndex("beneficiaries", "search", "beneficiary")


class Referral(Base):
    """A partner's request that a household be given a device; known outside its organisation by its reference only."""

    __tablename__ = "referrals"
    KIND = "referral"
    __table_args__ = (
        CheckConstraint(
            "submitted_at IS NULL OR (eligibility_checked_on IS NOT NULL AND notice_given_on IS NOT NULL "
            "AND usage IS NOT NULL AND situation IS NOT NULL)",
            name="submitted_is_complete",
        ),
        CheckConstraint("submitted_at IS NOT NULL OR state IN ('draft', 'withdrawn')", name="waits_once_submitted"),
        CheckConstraint("school_children >= 0", name="school_children_not_negative"),
        CheckConstraint("household_size IS NULL OR household_size >= 1", name="household_has_somebody"),
        CheckConstraint("mobility = 'stop' OR stop_id IS NULL", name="stop_of_who_goes_there"),
        # Where somebody lives is known for a letter or a visit, and no longer than until that is over.
        CheckConstraint(
            "address IS NULL OR ((by_letter OR mobility = 'home') AND state NOT IN ('served', 'refused', 'withdrawn'))",
            name="address_while_needed",
        ),
        CheckConstraint(
            "(notice_language IS NULL) = (notice_version IS NULL) AND (notice_language IS NULL OR notice_given_on IS NOT NULL)",
            name="notice_has_a_text",
        ),
        CheckConstraint("submitted_at IS NULL OR CAST(purposes AS TEXT) = '[]'", name="purposes_are_counted"),
        CheckConstraint("joined_into_id IS NULL OR (state = 'withdrawn' AND joined_into_id <> id)", name="joined_is_closed"),
        Index("ix_referrals_state_submitted", "state", "submitted_at"),
        Index("ix_referrals_partner_submitted", "partner_id", "submitted_at", "id"),
        Index("ix_referrals_partner_state", "partner_id", "state", "submitted_at", "id"),
        # The waiting list, with all that its order asks.
        Index(
            "ix_referrals_waiting",
            "device_kind",
            "submitted_at",
            "id",
            "school_children",
            "situation",
            "usage",
            "priority_area",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    # Who wrote it had no account: whoever gave her the link answers for it.
    link_id: Mapped[int | None] = mapped_column(ForeignKey("asking_links.id"), index=True)
    beneficiary_id: Mapped[int] = mapped_column(ForeignKey("beneficiaries.id"), index=True)
    state: Mapped[ReferralState] = word_column(ReferralState, default=ReferralState.DRAFT)
    device_kind: Mapped[DeviceKind] = word_column(DeviceKind)
    usage: Mapped[Usage | None] = word_column(Usage, nullable=True)
    situation: Mapped[Situation | None] = word_column(Situation, nullable=True)
    school_children: Mapped[int] = mapped_column(default=0)
    has_no_computer: Mapped[bool] = mapped_column(default=False)
    household_size: Mapped[int | None]
    priority_area: Mapped[PriorityArea] = word_column(PriorityArea, default=PriorityArea.UNKNOWN, server_default=PriorityArea.UNKNOWN.value)
    connection: Mapped[Connection] = word_column(Connection, default=Connection.UNKNOWN, server_default=Connection.UNKNOWN.value)
    mobility: Mapped[Mobility] = word_column(Mobility, default=Mobility.UNKNOWN, server_default=Mobility.UNKNOWN.value)
    stop_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    by_letter: Mapped[bool] = mapped_column(default=False, server_default=false())
    address: Mapped[str | None] = personal_postal_column()
    adaptations: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    # Of a draft only: counted by year when it is sent (`cases.purposes`), and forgotten here.
    purposes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    note: Mapped[str | None] = mapped_column(String(500))
    eligibility_checked_on: Mapped[date | None]
    notice_given_on: Mapped[date | None]
    # In which words, and which text: both are known of every notice given since they are asked.
    notice_language: Mapped[NoticeLanguage | None] = word_column(NoticeLanguage, nullable=True)
    notice_version: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    refusal_reason: Mapped[RefusalReason | None] = word_column(RefusalReason, nullable=True)
    # Closed because its household asks by another one (`cases.one_request`): it goes on by itself where they are parted again.
    joined_into_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)

    partner: Mapped[Organisation] = relationship()
    prescriber: Mapped[Account] = relationship()
    beneficiary: Mapped[Beneficiary] = relationship()
    stop: Mapped[Site | None] = relationship()
    allocations: Mapped[list["Allocation"]] = relationship(back_populates="referral", order_by="Allocation.id")

    @property
    def is_joined(self) -> bool:
        """Whether its household asks by another one."""
        return self.joined_into_id is not None

    @property
    def needs_an_address(self) -> bool:
        """Whether somebody writes to her, or goes there."""
        return self.by_letter or self.mobility is Mobility.HOME


class Message(Base):
    """One line of the thread between the coordination and a partner about one referral; kept here because history keeps no free text."""

    __tablename__ = "referral_messages"
    __table_args__ = (
        CheckConstraint("kind <> 'question' OR NOT by_partner", name="coordination_asks"),
        CheckConstraint("kind <> 'answer' OR by_partner", name="partner_answers"),
        Index("ix_referral_messages_referral", "referral_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    kind: Mapped[MessageKind] = word_column(MessageKind)
    by_partner: Mapped[bool]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(500))

    author: Mapped[Account | None] = relationship()


_ACTIVE = text("state = 'active'")


class Allocation(Base):
    """That this device goes to this referral: one active per device, one active per referral, decided by a person with a reason."""

    __tablename__ = "allocations"
    KIND = "allocation"
    STANDS_WITH = "device"
    __table_args__ = (
        Index("uq_allocations_device", "device_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("uq_allocations_referral", "referral_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_allocations_active", "decided_at", "id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_allocations_held", "held_until", "id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        CheckConstraint("NOT out_of_order OR length(reason) > 0", name="exception_has_reason"),
        # A place within a quota is taken once, and lies within what was promised, or somebody went over it with a reason.
        Index(
            "uq_allocations_quota",
            "quota",
            "quota_place",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index("ix_allocations_decided", "decided_at", "id"),
        CheckConstraint("(quota IS NULL) = (quota_place IS NULL) AND (quota IS NULL) = (quota_most IS NULL)", name="quota_has_a_place"),
        CheckConstraint("quota IS NULL OR over_quota OR (quota_place > 0 AND quota_place <= quota_most)", name="within_its_quota"),
        CheckConstraint("NOT over_quota OR length(reason) > 0", name="over_quota_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    state: Mapped[AllocationState] = word_column(AllocationState, default=AllocationState.ACTIVE)
    rank: Mapped[int]
    out_of_order: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300), default="")
    policy_version: Mapped[str] = mapped_column(String(12))
    # What the rule looked at when it was decided, so that the decision can be told again (`cases.replay`): facts, not words.
    grounds: Mapped[dict[str, Any] | None]
    # Of which public its referral was, and which place it takes of how many that were promised: partner/public/first day of the period.
    public: Mapped[str | None] = mapped_column(String(24))
    quota: Mapped[str | None] = mapped_column(String(72))
    quota_place: Mapped[int | None]
    quota_most: Mapped[int | None]
    over_quota: Mapped[bool] = mapped_column(default=False, server_default=false())
    decided_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(300))
    # Until when the device waits to be fetched (`handovers.lapsing`), and when its end was told.
    held_until: Mapped[date | None]
    hold_told_at: Mapped[datetime | None]
    # Which earlier one it stands in for: a family that was served is given another device, and waits for nothing.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("allocations.id"), index=True)

    device: Mapped[Device] = relationship()
    referral: Mapped[Referral] = relationship(back_populates="allocations")
    handover: Mapped["Handover | None"] = relationship(back_populates="allocation")

    @property
    def is_swap(self) -> bool:
        """Whether it gives a family that was served another device in place of the first."""
        return self.replaces_id is not None


class Handover(Base):
    """That what was allocated was handed over, where, when, to whom, and how its slip is signed. Its paper is there once it is signed."""

    __tablename__ = "handovers"
    KIND = "handover"
    __table_args__ = (
        CheckConstraint("(signature_kind = 'drawn') = (signature_file IS NOT NULL)", name="drawn_has_a_drawing"),
        Index("ix_handovers_handed_at", "handed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), unique=True)
    site_id: Mapped[int] = site_column(index=True)
    place: Mapped[str] = mapped_column(String(160))
    handed_at: Mapped[datetime]
    handed_by: Mapped[int | None]
    # Who fetched it for whoever it is for, where that is somebody else; in which language the slip says it once more.
    fetched_by: Mapped[str | None] = name_column(120)
    beside: Mapped[NoticeLanguage | None] = word_column(NoticeLanguage, constraint="beside", nullable=True)
    signature_kind: Mapped[SignatureKind] = word_column(SignatureKind)
    signature_file: Mapped[str | None] = mapped_column(String(64))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))
    forgotten_at: Mapped[datetime | None]

    allocation: Mapped[Allocation] = relationship(back_populates="handover")
    paper: Mapped[Paper | None] = relationship()

    @property
    def is_signed(self) -> bool:
        """Whether its slip is signed, and issued."""
        return self.paper_id is not None
