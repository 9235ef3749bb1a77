"""A short message to a family: who she is reached as, and where her page about it leads."""

from typing import Any

from refurb.directory.queries import home
from refurb.directory.texting.policy import TEXT_MESSAGES, SmsKind
from refurb.directory.texting.sending import TextMessage, texts_reach
from refurb.documents.stops import stop_address
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.letters import About
from refurb.kernel.speech.telephones import spell_phone
from refurb.referrals.models import Referral


def about_text(referral: Referral, page: str = "") -> About:
    """What a message is about, for the list of what leaves."""
    path = f"/orientations/{referral.reference}{page}"
    return About(referral.reference, path, spell_phone(referral.beneficiary.phone), Permission.REFERRAL_DECIDE)


def text_to_family(referral: Referral, key: str, text: str, *, chosen: bool = False) -> TextMessage:
    """A message to whoever was referred; `chosen` where somebody chose that she is texted, whatever else she is reached by."""
    person = referral.beneficiary
    return TextMessage(key, person.phone, text, has_email=bool(person.email) and not chosen, refused_at=person.sms_refused_at)


def texts_family(kind: SmsKind, referral: Referral) -> bool:
    """Whether a message that somebody chose, whatever else the family is reached by, would leave by itself as things stand."""
    person = referral.beneficiary
    return texts_reach(kind, person.phone, None, person.sms_refused_at)


def said_to_family(referral: Referral, passage: str, **facts: Any) -> str:
    """A passage of the texts for telephones, its fields filled."""
    facts |= {"house": home().name, "stop": stop_address(Referral.KIND, referral.id)}
    return TEXT_MESSAGES.in_force().say(passage, **facts)
