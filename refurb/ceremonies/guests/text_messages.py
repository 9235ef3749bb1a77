"""The short messages to families who are invited to a ceremony: never a name, nor a donor."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.ceremonies.guests.actions import MAIL_FAMILY
from refurb.ceremonies.guests.effects import LANGUAGE, facts_of, own_address, passage_of
from refurb.ceremonies.guests.reached import family_invitation, is_awaited
from refurb.ceremonies.guests.texted import number_of_family, referral_of
from refurb.ceremonies.guests.texts import CEREMONY_FAMILY
from refurb.ceremonies.guests.words import GuestTelling
from refurb.ceremonies.models import Ceremony
from refurb.directory.queries import home
from refurb.directory.texting.policy import TEXT_MESSAGES, SmsKind
from refurb.directory.texting.sending import TextMessage, text_message
from refurb.documents.stops import stop_address
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _l

_TEXTED = frozenset({GuestTelling.INVITED, GuestTelling.REMINDED, GuestTelling.EVE, GuestTelling.MOVED})
"""What is worth a message; what she answered herself she knows, and thanks come by letter."""


def _about(facts: Mapping[str, Any]) -> About | None:
    ceremony, reached = db.session.get(Ceremony, facts["ceremony_id"]), number_of_family(facts["allocation_id"])
    if ceremony is None or reached is None:
        return None
    return About(ceremony.title, f"/ceremonies/{ceremony.id}", spell_phone(reached.phone), Permission.REFERRAL_DECIDE)


@text_message(MAIL_FAMILY, SmsKind.CEREMONIES, _l("SMS à une famille invitée à une cérémonie"), _about)
def text_ceremony_family(*, ceremony_id: int, allocation_id: int, told: str, sequence: int) -> TextMessage:
    """Invite or remind a family, unless its invitation says something else by now, no device waits for it, or it has begun."""
    found, reached, telling = family_invitation(ceremony_id, allocation_id), number_of_family(allocation_id), GuestTelling(told)
    if found is None or reached is None or found.sequence != sequence or telling not in _TEXTED or not is_awaited(allocation_id):
        raise NotTold
    passage_of(found, telling)
    if found.ceremony.starts_at <= now():
        raise NotTold
    with force_locale(LANGUAGE):
        facts = facts_of(found.ceremony, found, own_address(found))
        facts |= {"house": home().name, "stop": stop_address("referral", referral_of(allocation_id))}
        is_first = telling is GuestTelling.INVITED
        said = CEREMONY_FAMILY.in_force().say("sms", **facts) if is_first else TEXT_MESSAGES.in_force().say("ceremony", **facts)
    key = f"{MAIL_FAMILY}-{ceremony_id}-{allocation_id}-{told}-{sequence}"
    return TextMessage(key, reached.phone, said, has_email=reached.has_email, refused_at=reached.refused_at)
