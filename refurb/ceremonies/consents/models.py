"""What is stored of consents: who lets us show what, where, until when; who said yes; where it was shown, and whether it still is."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.ceremonies.consents.words import ConsentChannel, ConsentStanding, Showing, VoiceRole
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.models import Ceremony
from refurb.documents.models import Paper, SignatureWay
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.personal import PersonalName
from refurb.kernel.speech.clock import local, today

TAKEN_DOWN_WITHIN = timedelta(days=7)
"""How long what was withdrawn may still hang somewhere."""
_STILL_SHOWN = text("taken_down_at IS NULL")


class Consent(Base):
    """What one person lets us show of her. `sentence` is what is signed, word by word; `digest` its SHA-256.

    `shown_as` is the name that she chose, None where none is to be said. It is given once each of its voices has said yes, and then has a
    paper. `link_round` grows each time its link is closed.
    """

    __tablename__ = "ceremony_consents"
    KIND = "ceremony_consent"
    STANDS_WITH = "invitation"
    __table_args__ = (
        CheckConstraint("given_at IS NULL OR refused_at IS NULL", name="yes_or_no"),
        CheckConstraint("(given_at IS NULL) = (paper_id IS NULL)", name="given_with_a_receipt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("ceremony_invitations.id"), index=True)
    name: Mapped[str] = mapped_column(PersonalName(160))
    is_minor: Mapped[bool] = mapped_column(default=False, server_default=false())
    shown_as: Mapped[str | None] = mapped_column(PersonalName(80))
    sentence: Mapped[str] = mapped_column(String(2000))
    digest: Mapped[str] = mapped_column(String(64))
    wording: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"), unique=True)
    link_round: Mapped[int] = mapped_column(default=0, server_default="0")
    forgotten_at: Mapped[datetime | None]

    invitation: Mapped[CeremonyInvitation] = relationship()
    paper: Mapped[Paper | None] = relationship()
    voices: Mapped[list["ConsentVoice"]] = relationship(back_populates="consent", order_by="ConsentVoice.position")
    grants: Mapped[list["ConsentGrant"]] = relationship(back_populates="consent", order_by="ConsentGrant.id")

    @property
    def live(self) -> list["ConsentGrant"]:
        """What may be shown today."""
        return [each for each in self.grants if each.is_live]

    @property
    def is_childs_turn(self) -> bool:
        """Whether everybody who is responsible for a minor has said yes."""
        return all(each.said_yes for each in self.voices if not each.role.is_child)

    @property
    def standing(self) -> ConsentStanding:
        """Where it stands today."""
        if self.refused_at is not None:
            return ConsentStanding.REFUSED
        if self.given_at is None:
            return ConsentStanding.ASKED
        return ConsentStanding.GIVEN if self.live else ConsentStanding.ENDED


class ConsentVoice(Base):
    """One person whose yes it needs, in their order; a drawing where it was signed on a screen: ours, or her own, `by_link`."""

    __tablename__ = "ceremony_consent_voices"
    KIND = "ceremony_consent_voice"
    __table_args__ = (
        UniqueConstraint("consent_id", "position"),
        CheckConstraint("(said_yes IS NULL) = (answered_at IS NULL)", name="answered_at_some_time"),
        CheckConstraint("said_yes IS NOT TRUE OR way IS NOT NULL", name="a_yes_is_signed"),
        CheckConstraint("(way IS NOT NULL AND way = 'drawn') = (drawing IS NOT NULL)", name="drawn_has_a_drawing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("ceremony_consents.id"), index=True)
    position: Mapped[int]
    role: Mapped[VoiceRole] = word_column(VoiceRole)
    name: Mapped[str] = mapped_column(PersonalName(160))
    said_yes: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    way: Mapped[SignatureWay | None] = word_column(SignatureWay, nullable=True, constraint="consent_way")
    drawing: Mapped[str | None] = mapped_column(String(64))
    signed_on: Mapped[date | None]
    by_link: Mapped[bool] = mapped_column(default=False, server_default=false())
    forgotten_at: Mapped[datetime | None]

    consent: Mapped[Consent] = relationship(back_populates="voices")


class ConsentGrant(Base):
    """One thing that may be shown at one place until a day; a withdrawal ends it at once."""

    __tablename__ = "ceremony_consent_grants"
    KIND = "ceremony_consent_grant"
    __table_args__ = (
        UniqueConstraint("consent_id", "channel", "showing"),
        CheckConstraint("(channel = 'name') = (showing = 'beside')", name="a_name_stands_beside"),
        Index("ix_ceremony_consent_grants_until", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("ceremony_consents.id"))
    channel: Mapped[ConsentChannel] = word_column(ConsentChannel, constraint="channel")
    showing: Mapped[Showing] = word_column(Showing)
    until: Mapped[date]
    withdrawn_at: Mapped[datetime | None]

    consent: Mapped[Consent] = relationship(back_populates="grants")

    @property
    def is_live(self) -> bool:
        """Whether it may be shown today."""
        return self.consent.given_at is not None and self.withdrawn_at is None and self.until >= today()


class MaterialUse(Base):
    """That something which shows or quotes people was put somewhere: what, where, since when, by whom.

    The wall of its persons (`ceremony_use_grants`) holds nobody whose consent is not given, or is withdrawn.
    """

    __tablename__ = "ceremony_uses"
    KIND = "ceremony_use"
    STANDS_WITH = "ceremony"
    __table_args__ = (
        CheckConstraint("channel <> 'name'", name="a_name_is_shown_with_something"),
        CheckConstraint("(taken_down_at IS NULL) = (taken_down_by IS NULL)", name="taken_down_by_somebody"),
        Index("ix_ceremony_uses_still", "ceremony_id", sqlite_where=_STILL_SHOWN, postgresql_where=_STILL_SHOWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    channel: Mapped[ConsentChannel] = word_column(ConsentChannel, constraint="use_channel")
    showing: Mapped[Showing] = word_column(Showing, constraint="use_showing")
    what: Mapped[str] = mapped_column(String(160))
    spot: Mapped[str] = mapped_column(String(200))
    keeper: Mapped[str] = mapped_column(String(160))
    published_on: Mapped[date]
    recorded_by: Mapped[int | None]
    taken_down_at: Mapped[datetime | None]
    taken_down_by: Mapped[int | None]

    ceremony: Mapped[Ceremony] = relationship()
    grants: Mapped[list[ConsentGrant]] = relationship(secondary="ceremony_use_grants", order_by="ConsentGrant.id")

    @property
    def due_on(self) -> date | None:
        """Until when it is to be taken down; None while everybody on it still agrees, or once it is down."""
        if self.taken_down_at is not None:
            return None
        ends = [local(each.withdrawn_at).date() + TAKEN_DOWN_WITHIN for each in self.grants if each.withdrawn_at is not None]
        ends += [each.until for each in self.grants if each.until < today()]
        return min(ends, default=None)


class UseGrant(Base):
    """By which consent a person is shown in a use."""

    __tablename__ = "ceremony_use_grants"

    use_id: Mapped[int] = mapped_column(ForeignKey("ceremony_uses.id"), primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("ceremony_consent_grants.id"), primary_key=True, index=True)
