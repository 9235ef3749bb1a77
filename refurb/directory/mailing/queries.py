"""Looking up the mail server that was entered on screen, and its former versions."""

from datetime import datetime

from sqlalchemy import func, select

from refurb.directory.mailing.models import MailSetting
from refurb.directory.mailing.sealing import CannotBeOpened, unseal
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.mail import MailSecurity, MailServer, NoMailServer
from refurb.kernel.deeds.reads import Read

_NEWEST = Read(select(*MailSetting.__table__.c).order_by(MailSetting.__table__.c.number.desc()).limit(1))


def entered_mail_server() -> MailServer | None:
    """The mail server in force; one whose password cannot be read any more signs in with none, and is refused in sight."""
    found = _NEWEST.one_or_none()
    if found is None:
        return None
    return MailServer(
        found.host, found.port, MailSecurity(found.security), found.username, kept_password(found.sealed_password), found.sender,
        found.sender_name,
    )  # fmt: skip


def kept_password(sealed: str | None) -> str | None:
    """The password under a seal; None where there is none, or it was sealed under another key."""
    try:
        return unseal(sealed) if sealed else None
    except CannotBeOpened:
        return None


def mail_settings(most: int = 20) -> list[MailSetting]:
    """The versions, newest first."""
    return list(db.session.scalars(select(MailSetting).order_by(MailSetting.number.desc()).limit(most)))


def waiting_letters() -> tuple[int, datetime | None]:
    """How many letters wait for a mail server, and since when the oldest does."""
    query = select(func.count(), func.min(Effect.planned_at))
    count, since = db.session.execute(query.where(Effect.done_at.is_(None), Effect.fault == NoMailServer.code)).one()
    return count, since
