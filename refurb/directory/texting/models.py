"""The SMS provider, one row a version; and what came of each message, without a number or a word of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.directory.texting.hook import SmsShape
from refurb.directory.texting.policy import SmsKind
from refurb.kernel.deeds.database import Base, word_column


class SmsSetting(Base):
    """A provider that took a message when it was saved; the highest `number` is in force.

    `sealed_secret` is its secret under a key that only this installation has (`mailing.sealing`); that of a former version is erased.
    `dialogue` is what was said on the line, without the secret.
    """

    __tablename__ = "sms_settings"
    KIND = "sms_setting"
    __table_args__ = (UniqueConstraint("number"), CheckConstraint("number > 0", name="numbers_begin_at_one"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
    url: Mapped[str] = mapped_column(String(500))
    shape: Mapped[SmsShape] = word_column(SmsShape)
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(String(40))
    taken: Mapped[str] = mapped_column(String(200))
    refused: Mapped[str] = mapped_column(String(200))
    takes_once: Mapped[bool]
    sealed_secret: Mapped[str | None] = mapped_column(String(2000))
    dialogue: Mapped[list[Any]]


class SmsFate(StrEnum):
    """What came of a message: it is on the line, the provider took it, it surely did not, was not reached, or nobody can say."""

    SENDING = "sending"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    UNREACHED = "unreached"
    UNKNOWN = "unknown"


class SmsSending(Base):
    """One message: about what, as how many parts, at which price each (ten-thousandths of a euro), tried how often. About nobody.

    `lost_parts` and `lost_cost` are those of earlier tries of which nobody knows whether they were taken, and which may be billed, too.
    """

    __tablename__ = "sms_sendings"
    KIND = "sms_sending"
    __table_args__ = (
        CheckConstraint("parts > 0 AND price >= 0 AND tries > 0", name="counted"),
        CheckConstraint("lost_parts >= 0 AND lost_cost >= 0", name="lost_counted"),
        Index("ix_sms_sendings_month", "month", "kind", "fate"),
    )

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Which promise it keeps, such as `sms_remind_borrower-17`: nobody is in it."""
    kind: Mapped[SmsKind] = word_column(SmsKind)
    month: Mapped[str] = mapped_column(String(7))
    """On the territory's calendar, such as 2026-11."""
    fate: Mapped[SmsFate] = word_column(SmsFate)
    parts: Mapped[int]
    price: Mapped[int]
    tries: Mapped[int] = mapped_column(default=1)
    lost_parts: Mapped[int] = mapped_column(default=0)
    lost_cost: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
