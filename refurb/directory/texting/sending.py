"""Short messages that follow a deed: who writes each kind, about which record; each leaves once, or says what is known of it.

A message is noted before it is handed over and settled after, so that a worker which dies in between is found out: what it had on the line
is *unknown*, and unknown is tried again by a person alone, unless the provider takes each reference once.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from refurb.directory.queries import home
from refurb.directory.texting.hook import OutcomeUnknown, ProviderAway, ShortMessage, hand_over
from refurb.directory.texting.models import SmsFate, SmsSending
from refurb.directory.texting.policy import SMS, SMS_KINDS, SmsKind, SmsWay
from refurb.directory.texting.queries import entered_hook, is_silent
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Hopeless, Nothing, NotYet, effect, plan
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.letters import Describer, NobodyToWriteTo, message
from refurb.kernel.deeds.mail import Letter, OnlyWritten
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.short_messages import MOST_PARTS, for_telephone, measured
from refurb.kernel.speech.telephones import is_mobile, spell_phone
from refurb.kernel.speech.words import _n, language


class NoProvider(NotYet):
    """No provider is set: the message waits, and nobody pretends that it left."""

    code = "sms.no_provider"


class ProviderSilent(NotYet):
    """The provider left another message without an answer just now: this one waits, and so does nobody else for it."""

    code = "sms.provider_silent"


class QuietHours(NotYet):
    """It came to its turn at an hour at which no telephone of others is to ring."""

    code = "sms.quiet_hours"


class SwitchedOff(Nothing):
    """The territory does not send this kind any more."""

    code = "sms.off"


class HasEmail(Nothing):
    """The person has an e-mail address, to which the same was written."""

    code = "sms.has_email"


class NotMobile(Nothing):
    """The number is not one of a mobile telephone: a person calls."""

    code = "sms.not_mobile"


class OptedOut(Nothing):
    """The person wants no short messages, or STOP was said for the number."""

    code = "sms.opted_out"


class TooManyMessages(Hopeless):
    """The text is longer than three messages."""

    code = "sms.too_long"


class TakenAlready(Nothing):
    """The provider took it already."""

    code = "sms.taken_already"


class TriedAgain(Refusal):
    """Nobody knows whether it was taken; the provider takes each reference once, so it is sent again."""

    code = "sms.unknown_again"


@dataclass(frozen=True)
class TextMessage:
    """What one person would be sent: `key` names the promise as a letter's does, and nobody."""

    key: str
    to: str | None
    text: str
    has_email: bool
    refused_at: datetime | None


Writer = Callable[..., TextMessage]


def text_message(of: str, kind: SmsKind, label: Any, about: Describer) -> Callable[[Writer], Writer]:
    """Declare who writes the short message beside the letters of a kind of effect: a function of the same planned facts.

    It raises `Nothing` where nothing is to be sent. Whether it is sent at all, and to whom, the policy says.
    """

    def declare(write: Writer) -> Writer:
        name = _twin(of)

        @effect(name, label)
        def keep(**facts: Any) -> None:
            found = write(**facts)
            refuse_needless(kind, found)
            db.session.rollback()  # A slow provider holds no transaction open.
            send_text(kind, found)

        def shown(**facts: Any) -> Letter:
            found = write(**facts)
            refuse_needless(kind, found)
            return as_letter(found)

        message(name, about, shown)
        return write

    return declare


def _twin(of: str) -> str:
    return f"sms_{of}"


def plan_text(of: str, kind: SmsKind, *, due_at: datetime | None = None, **facts: Any) -> None:
    """Promise the short message beside a letter, at the first moment allowed; nothing where the territory sends none of this kind."""
    if is_sent(kind):
        plan(_twin(of), due_at=SMS.in_force().next_moment(max(now(), due_at or now())), **facts)


def is_sent(kind: SmsKind) -> bool:
    """Whether the territory sends messages of this kind to anybody."""
    return SMS.in_force().way(kind) is not SmsWay.OFF


def texts_reach(kind: SmsKind, phone: str | None, email: str | None, refused_at: datetime | None) -> bool:
    """Whether somebody would be sent this kind, as things stand."""
    way = SMS.in_force().way(kind)
    wanted = way is SmsWay.ALSO or (way is SmsWay.NO_EMAIL and not email)
    return wanted and is_mobile(phone) and refused_at is None and not is_silenced(phone)


def is_silenced(phone: str | None) -> bool:
    """Whether STOP was said for a number, at whichever file: it holds for all that know the number."""
    return phone is not None and any(each.texted.is_silenced(phone) for each in wired().persons if each.texted is not None)


def refuse_needless(kind: SmsKind, found: TextMessage) -> None:
    """Raise `Nothing` with its reason where this person is not to be sent this message."""
    if not is_sent(kind):
        raise SwitchedOff(kind=str(SMS_KINDS[kind]))
    if not found.to:
        raise NobodyToWriteTo
    if found.refused_at is not None or is_silenced(found.to):
        raise OptedOut
    if not is_mobile(found.to):
        raise NotMobile
    if SMS.in_force().way(kind) is SmsWay.NO_EMAIL and found.has_email:
        raise HasEmail


def as_letter(found: TextMessage) -> Letter:
    """The message as a page shows it."""
    text = for_telephone(found.text)
    parts = measured(text).parts
    said = _n("%(num)s SMS", "%(num)s SMS", parts)
    return Letter(found.key, spell_phone(found.to), said, text, home().name, language=language())


def send_text(kind: SmsKind, found: TextMessage) -> None:
    """Hand a message to the provider, or raise what says why it did not leave, or that nobody knows."""
    if current_app.config["DEMO"]:
        raise OnlyWritten(as_letter(found))
    hook = entered_hook()
    if hook is None:
        raise NoProvider
    if SMS.in_force().next_moment(now()) > now():
        raise QuietHours
    if is_silent():
        raise ProviderSilent
    text = for_telephone(found.text)
    parts = measured(text).parts
    if parts > MOST_PARTS:
        raise TooManyMessages(parts=parts, most=MOST_PARTS)
    key = _twin(found.key)
    _begin(key, kind, parts, takes_once=hook.takes_once)
    try:
        hand_over(hook, ShortMessage(found.to or "", text, reference_of(key)), private=current_app.config["SMS_PRIVATE"])
    except OutcomeUnknown as unknown:
        _settle(key, SmsFate.UNKNOWN)
        raise (TriedAgain(**unknown.facts) if hook.takes_once else unknown) from unknown
    except Refusal as refusal:
        _settle(key, SmsFate.UNREACHED if isinstance(refusal, ProviderAway) else SmsFate.NOT_TAKEN)
        raise
    _settle(key, SmsFate.TAKEN)


def reference_of(key: str) -> str:
    """What the provider knows a message by: the same at every try, different on each installation, and not to be traced to anybody."""
    return hmac.new(key_for("sms references").encode(), key.encode(), hashlib.sha256).hexdigest()[:16]


def _begin(key: str, kind: SmsKind, parts: int, *, takes_once: bool) -> None:
    """Note that a message goes on the line now. Raises `TakenAlready`, or `OutcomeUnknown` where a former try never came to an end."""
    with unit_of_work() as session:
        former = session.get(SmsSending, key, with_for_update=True)
        price = SMS.in_force().price
        if former is None:
            month = f"{local(now()):%Y-%m}"
            session.add(SmsSending(key=key, kind=kind, month=month, fate=SmsFate.SENDING, parts=parts, price=price, at=now()))
            return
        if former.fate is SmsFate.TAKEN:
            raise TakenAlready
        if former.fate is SmsFate.UNKNOWN and not takes_once:
            former.lost_parts, former.lost_cost = former.lost_parts + former.parts, former.lost_cost + former.parts * former.price
        is_lost = former.fate is SmsFate.SENDING and not takes_once
        former.fate = SmsFate.UNKNOWN if is_lost else SmsFate.SENDING
        if not is_lost:
            former.tries, former.at, former.parts, former.price = former.tries + 1, now(), parts, price
    if is_lost:
        raise OutcomeUnknown


def _settle(key: str, fate: SmsFate) -> None:
    with unit_of_work() as session:
        session.get_one(SmsSending, key).fate = fate
