"""Looking up the SMS provider that was entered on screen, and what its messages came to."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, or_, select

from refurb.directory.mailing.sealing import CannotBeOpened, unseal
from refurb.directory.texting.hook import SmsHook, SmsShape
from refurb.directory.texting.models import SmsFate, SmsSending, SmsSetting
from refurb.directory.texting.policy import SmsKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import local, now

PURPOSE = "secret of the SMS provider"
"""The purpose under which its secret is sealed."""
_NEWEST = Read(select(*SmsSetting.__table__.c).order_by(SmsSetting.__table__.c.number.desc()).limit(1))


def entered_hook() -> SmsHook | None:
    """The provider in force; one whose secret cannot be read any more is asked with none, and refuses in sight."""
    found = _NEWEST.one_or_none()
    if found is None:
        return None
    return SmsHook(
        url=found.url, shape=SmsShape(found.shape), headers=found.headers, body=found.body, sender=found.sender, taken=found.taken,
        refused=found.refused, takes_once=found.takes_once, secret=kept_secret(found.sealed_secret),
    )  # fmt: skip


def kept_secret(sealed: str | None) -> str | None:
    """The secret under a seal; None where there is none, or it was sealed under another key."""
    try:
        return unseal(sealed, PURPOSE) if sealed else None
    except CannotBeOpened:
        return None


HELD = timedelta(minutes=5)
"""How long messages wait after one that nobody answered: a provider that hangs holds up no more than one, and the letters not at all."""


def is_silent() -> bool:
    """Whether the provider in force left a message without a clear answer just now."""
    since = now() - HELD
    entered = select(func.max(SmsSetting.saved_at)).scalar_subquery()
    query = select(SmsSending.key).where(
        SmsSending.month >= f"{local(since):%Y-%m}", SmsSending.fate.in_((SmsFate.UNKNOWN, SmsFate.UNREACHED)), SmsSending.at > since,
        SmsSending.at >= entered,
    )  # fmt: skip
    return db.session.scalar(query.limit(1)) is not None


def sms_settings(most: int = 20) -> list[SmsSetting]:
    """The versions, newest first."""
    return list(db.session.scalars(select(SmsSetting).order_by(SmsSetting.number.desc()).limit(most)))


@dataclass(frozen=True)
class SmsCount:
    """What one kind came to in one month: messages and parts that were taken, and that nobody can tell of; `cost` in euros of both."""

    month: str
    kind: SmsKind
    messages: int
    parts: int
    unknown: int
    cost: float


def sms_counts(months: int = 12) -> list[SmsCount]:
    """What was sent by month and kind, newest first; not taken costs nothing, perhaps taken twice counts twice."""
    ended = SmsSending.fate.in_((SmsFate.TAKEN, SmsFate.UNKNOWN))
    counted = or_(ended, SmsSending.lost_parts > 0)
    newest = select(SmsSending.month).where(counted).distinct().order_by(SmsSending.month.desc()).limit(months)
    parts = func.sum(SmsSending.lost_parts + case((ended, SmsSending.parts), else_=0))
    price = func.sum(SmsSending.lost_cost + case((ended, SmsSending.parts * SmsSending.price), else_=0))
    query = (
        select(SmsSending.month, SmsSending.kind, SmsSending.fate, func.count(), parts, price)
        .where(counted, SmsSending.month.in_(newest))
        .group_by(SmsSending.month, SmsSending.kind, SmsSending.fate)
    )
    found: dict[tuple[str, SmsKind], list[int]] = {}
    for month, kind, fate, messages, counts, cost in db.session.execute(query):
        row = found.setdefault((month, kind), [0, 0, 0, 0])
        for place, each in enumerate((messages, counts, messages if fate is SmsFate.UNKNOWN else 0, cost)):
            row[place] += int(each)
    order = list(SmsKind)
    rows = [SmsCount(month, kind, row[0], row[1], row[2], row[3] / 10_000) for (month, kind), row in found.items()]
    return sorted(rows, key=lambda each: (-int(each.month.replace("-", "")), order.index(each.kind)))
