"""The letter that asks somebody whether these are her words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.ceremonies.consents.effects import LANGUAGE, consent_letter, own_address
from refurb.ceremonies.consents.words import ConsentTelling
from refurb.ceremonies.guests.reached import mail_address
from refurb.ceremonies.testimonies.actions import MAIL_TESTIMONY, sum_of
from refurb.ceremonies.testimonies.models import Testimony
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Testimony, facts["testimony_id"])
    if found is None:
        return None
    invitation = found.consent.invitation
    return About(
        invitation.ceremony.title, f"/ceremonies/{invitation.ceremony_id}/accords", mail_address(invitation), Permission.CEREMONY_WRITE
    )


@letter(MAIL_TESTIMONY, _l("Témoignage à approuver"), _about)
def mail_testimony(*, testimony_id: int) -> Letter:
    """Ask its author whether these are her words, unless she has answered."""
    found = db.session.get(Testimony, testimony_id)
    if found is None or not found.awaits_answer:
        raise NotTold
    to = mail_address(found.consent.invitation)
    if not to:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return consent_letter(
            found.consent, ConsentTelling.WORDS, to=to, link=own_address(found.consent), words=found.words, about=sum_of(found)[:12]
        )  # fmt: skip
