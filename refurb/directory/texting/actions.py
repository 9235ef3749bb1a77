"""Save an SMS provider that has just taken a message."""

from sqlalchemy import or_, select, update

from refurb.directory.mailing.sealing import seal
from refurb.directory.models import Organisation
from refurb.directory.texting.hook import ProviderAway, ProviderLater, ProviderRefusesUs, SmsHook
from refurb.directory.texting.models import SmsSetting
from refurb.directory.texting.queries import PURPOSE, kept_secret
from refurb.directory.texting.sending import NoProvider, ProviderSilent
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now

KEPT = ("url", "shape", "headers", "body", "sender", "taken", "refused", "takes_once")
"""What a version is made of, beside its secret."""
_MENDED = (NoProvider, ProviderAway, ProviderLater, ProviderRefusesUs, ProviderSilent)
"""For what a message waits that may be over once a provider took one."""


def save_provider(actor: Actor, hook: SmsHook, *, dialogue: tuple[str, ...]) -> SmsSetting:
    """Put a provider in force, for every process at once; messages that waited for one leave as soon as the worker comes by.

    The caller has seen it take a message. The secret of the version before is erased.
    """
    check(actor, Permission.SETTINGS_WRITE)
    lock(db.session.scalars(select(Organisation).where(Organisation.is_home)).one())
    former = db.session.scalar(select(SmsSetting).order_by(SmsSetting.number.desc()).limit(1))
    told = {name: getattr(hook, name) for name in KEPT}
    setting = SmsSetting(
        number=former.number + 1 if former else 1, saved_at=now(), saved_by=actor.id, dialogue=list(dialogue),
        sealed_secret=seal(hook.secret, PURPOSE) if hook.secret else None, **told,
    )  # fmt: skip
    db.session.add(setting)
    changed = [name for name in KEPT if former is not None and getattr(former, name) != told[name]]
    record(setting, "sms_provider_saved", actor, number=setting.number, changed=changed)
    if former is not None:
        former.sealed_secret = None
    waits = (Effect.done_at.is_(None), Effect.given_up_at.is_(None), or_(*(Effect.fault.startswith(each.code) for each in _MENDED)))
    db.session.execute(update(Effect).where(*waits).values(due_at=now()))
    return setting


def reseal_secret() -> None:
    """Seal the provider's secret under the secret key in force, before older ones are forgotten."""
    for setting in db.session.scalars(select(SmsSetting).where(SmsSetting.sealed_secret.is_not(None))):
        secret = kept_secret(setting.sealed_secret)
        if secret is not None:
            setting.sealed_secret = seal(secret, PURPOSE)
