"""Save a mail server that has just taken a letter."""

from typing import Any

from sqlalchemy import select, update

from refurb.directory.mailing.models import MailSetting
from refurb.directory.mailing.queries import kept_password
from refurb.directory.mailing.sealing import seal
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.mail import MailServer, NoMailServer
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now

_COMPARED = ("host", "port", "security", "username", "sender", "sender_name")


def save_mail_server(actor: Actor, server: MailServer, *, tried_to: str, dialogue: tuple[str, ...]) -> MailSetting:
    """Put a mail server in force, for every process at once; letters that waited for one leave as soon as the worker comes by.

    The caller has seen it take a letter to `tried_to`. The password of the version before is erased.
    """
    check(actor, Permission.SETTINGS_WRITE)
    lock(db.session.scalars(select(Organisation).where(Organisation.is_home)).one())
    former = db.session.scalar(select(MailSetting).order_by(MailSetting.number.desc()).limit(1))
    told: dict[str, Any] = {name: getattr(server, name) for name in _COMPARED}
    setting = MailSetting(
        number=former.number + 1 if former else 1, saved_at=now(), saved_by=actor.id, tried_to=tried_to, dialogue=list(dialogue),
        sealed_password=seal(server.password) if server.username and server.password else None, **told,
    )  # fmt: skip
    db.session.add(setting)
    changed = [name for name in _COMPARED if former is not None and getattr(former, name) != told[name]]
    record(setting, "mail_server_saved", actor, number=setting.number, changed=changed)
    if former is not None:
        former.sealed_password = None
    waits = (Effect.done_at.is_(None), Effect.given_up_at.is_(None), Effect.fault == NoMailServer.code)
    db.session.execute(update(Effect).where(*waits).values(due_at=now()))
    return setting


def reseal_password() -> None:
    """Seal the mail server's password under the secret key in force, before older ones are forgotten."""
    for setting in db.session.scalars(select(MailSetting).where(MailSetting.sealed_password.is_not(None))):
        password = kept_password(setting.sealed_password)
        if password is not None:
            setting.sealed_password = seal(password)
