"""The papers we issued: numbered without a gap, frozen, sealed, replaced but never edited or deleted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.policy_versions import DIGEST_LENGTH


class PaperKind(StrEnum):
    """The kinds of paper; the value is what a number begins with."""

    DONATION = "AD"
    ERASURE = "AE"
    HANDOVER = "BR"
    LOAN = "CP"
    INTAKE = "BP"
    MINUTES = "CR"
    ENDOWMENT = "DT"
    PARTICIPATION = "RP"
    CEREMONY = "RC"
    CONSENT = "RA"
    BILAN = "BD"
    REUSE = "AR"
    REEN = "RN"
    TAX = "RF"


class PaperStatus(StrEnum):
    """Whether a paper still says what is true."""

    ISSUED = "issued"
    REPLACED = "replaced"


class ReplacedFor(StrEnum):
    """Why a paper is annulled and replaced; a closed list, since everybody may read it."""

    FACTS = "facts"
    MISTAKE = "mistake"
    ASKED = "asked"


class SignatureWay(StrEnum):
    """How a text came to be signed; the ways are worth the same."""

    DRAWN = "drawn"
    SEEN = "seen"
    ACCEPTED = "accepted"


class PaperNumber(Base):
    """The last number given to a kind of paper in a year; its row is locked while the next is given."""

    __tablename__ = "paper_numbers"

    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Paper(Base):
    """One paper, as issued. `content` is the frozen text, `content_digest` its SHA-256; `file` is the SHA-256 of the stored PDF."""

    __tablename__ = "papers"
    KIND = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "year", "number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("replaces_for IS NULL OR replaces_id IS NOT NULL", name="replaced_for_a_reason"),
        CheckConstraint("annulled_by_id IS NULL OR status = 'replaced'", name="annulled_is_replaced"),
        Index("ix_papers_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PaperKind] = word_column(PaperKind)
    year: Mapped[int]
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(8), unique=True)
    # What is printed to be checked without us (`signed_code.py`); none of a paper of before there was any, nor of one that is forgotten.
    signed_code: Mapped[str | None] = mapped_column(String(280))
    # Whose certificate its PDF is signed with (`pades.py`), if it is.
    sealed_by: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[PaperStatus] = word_column(PaperStatus, default=PaperStatus.ISSUED)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"), unique=True)
    # Why the one that it replaces was annulled; none where it replaces none, nor of what was replaced before anybody was asked.
    replaces_for: Mapped[ReplacedFor | None] = word_column(ReplacedFor, nullable=True)
    # What annulled it beside the one that it replaces, since both spoke of things that became one.
    annulled_by_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))
    content: Mapped[dict[str, Any]]
    content_digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    search: Mapped[str] = mapped_column(String(600))
    # Of the facts from which it was written; none of a paper whose room tells by its words whether anything changed.
    facts_sum: Mapped[str | None] = mapped_column(String(80))
    # The version of the text that it follows; none of a paper of before there were any.
    wording: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    # When what it said was erased, at its term: then the content names the issuer alone, and the file is known by its sum.
    forgotten_at: Mapped[datetime | None]

    replaces: Mapped["Paper | None"] = relationship(remote_side="Paper.id", back_populates="replaced_by", foreign_keys=replaces_id)
    replaced_by: Mapped["Paper | None"] = relationship(back_populates="replaces", foreign_keys=replaces_id)
    annulled_by: Mapped["Paper | None"] = relationship(remote_side="Paper.id", foreign_keys=annulled_by_id)

    @property
    def successor(self) -> "Paper | None":
        """The one that annulled it, if any did: it replaces this one, or annulled it beside."""
        return self.replaced_by or self.annulled_by


class Signing(Base):
    """A text that somebody signs, frozen as it was shown; its numbered paper is issued once it is drawn under, or a signed copy was seen.

    `reference` is that of the deed; `content` the whole text, `digest` its SHA-256. `signed_on` is the day written beside the signature,
    `signed_at` and `signed_by` when and by whom that was recorded; `copy` the SHA-256 of a picture of the signed copy, where there is one.
    `by_link`: by whoever signs, by the link of a letter, and nobody of ours has seen it; *accepted* there by a name typed and a tick.
    A text that will never be signed, because the thing came back or the text changed, was called off. At its term the content is emptied
    (`erasing.py`).
    """

    __tablename__ = "signings"
    __table_args__ = (
        CheckConstraint("(paper_id IS NULL) = (way IS NULL)", name="signed_is_issued"),
        CheckConstraint("(paper_id IS NULL) = (signed_at IS NULL)", name="signed_at_some_time"),
        CheckConstraint("(paper_id IS NULL) = (signed_on IS NULL)", name="signed_on_some_day"),
        CheckConstraint("COALESCE(way = 'drawn', (1 = 0)) = (drawing IS NOT NULL)", name="drawn_has_a_drawing"),
        CheckConstraint("called_off_at IS NULL OR paper_id IS NULL", name="not_signed_once_called_off"),
        CheckConstraint("way <> 'accepted' OR by_link", name="accepted_by_link"),
        Index(
            "uq_signings_subject",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text("called_off_at IS NULL"),
            postgresql_where=text("called_off_at IS NULL"),
        ),
        Index(
            "ix_signings_open",
            "subject_kind",
            "prepared_at",
            sqlite_where=text("paper_id IS NULL AND called_off_at IS NULL"),
            postgresql_where=text("paper_id IS NULL AND called_off_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_kind: Mapped[PaperKind] = word_column(PaperKind)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    reference: Mapped[str] = mapped_column(String(24))
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    prepared_at: Mapped[datetime]
    prepared_by: Mapped[int | None]
    way: Mapped[SignatureWay | None] = word_column(SignatureWay, nullable=True)
    drawing: Mapped[str | None] = mapped_column(String(64))
    copy: Mapped[str | None] = mapped_column(String(64))
    signed_on: Mapped[date | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None]
    by_link: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"), unique=True)
    called_off_at: Mapped[datetime | None]
    wording: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    forgotten_at: Mapped[datetime | None]

    paper: Mapped[Paper | None] = relationship()

    @property
    def awaits_signature(self) -> bool:
        """Whether the signature is still to come."""
        return self.paper_id is None and self.called_off_at is None
