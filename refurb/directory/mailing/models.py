"""The mail server, one row a version."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.mail import MailSecurity
from refurb.kernel.deeds.reachable import MailAddress


class MailSetting(Base):
    """A mail server that took a letter when it was saved; the highest `number` is in force.

    `sealed_password` is the password under a key that only this installation has (`sealing`); that of a former version is erased.
    `tried_to` is where the letter went, `dialogue` what was said on the line, without any secret.
    """

    __tablename__ = "mail_settings"
    KIND = "mail_setting"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("port BETWEEN 1 AND 65535", name="port_is_one"),
        CheckConstraint("sealed_password IS NULL OR username IS NOT NULL", name="password_is_somebodys"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
    host: Mapped[str] = mapped_column(String(253))
    port: Mapped[int]
    security: Mapped[MailSecurity] = word_column(MailSecurity)
    username: Mapped[str | None] = mapped_column(String(200))
    sealed_password: Mapped[str | None] = mapped_column(String(2000))
    sender: Mapped[str] = mapped_column(MailAddress())
    sender_name: Mapped[str | None] = mapped_column(String(160))
    tried_to: Mapped[str] = mapped_column(MailAddress())
    dialogue: Mapped[list[Any]]
