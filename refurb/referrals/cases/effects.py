"""What follows the moves of a referral: the mail that tells its partner to look, without a name in it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import page_address, write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.referrals.cases.one_request import look_of
from refurb.referrals.cases.readers import Reader, reader_of
from refurb.referrals.cases.states import TELL_PRESCRIBER
from refurb.referrals.cases.texts import REFERRAL_NEWS
from refurb.referrals.models import Referral


def letter_to_partner(referral: Referral, reader: Reader, event: int = 0) -> Letter:
    """The reference, where it stands, and the address to look: nothing that names or describes the person."""
    with force_locale(reader.language):
        return news_of_referral(referral, reader.address, f"{TELL_PRESCRIBER}-{referral.id}-{event}")


def news_of_referral(referral: Referral, to: str, key: str) -> Letter:
    """The same in the language of the moment."""
    word = str(look_of(referral).word)
    link = page_address(f"/orientations/{referral.reference}")
    return write_letter(REFERRAL_NEWS, key=key, to=to, reference=referral.reference, state=word, link=link)


def _about(facts: Mapping[str, Any]) -> About | None:
    referral = db.session.get(Referral, facts["subject_id"])
    if referral is None:
        return None
    reader = reader_of(referral)
    return About(referral.reference, f"/orientations/{referral.reference}", reader.address if reader else None, Permission.REFERRAL_DECIDE)


@letter(TELL_PRESCRIBER, _l("Nouvelle d'une orientation à sa structure"), _about)
def tell_prescriber(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Tell the partner what the referral came to by an event."""
    del subject_kind
    referral = db.session.get(Referral, subject_id)
    if referral is None:
        raise NotFound
    refuse_overtaken(referral, event)
    reader = reader_of(referral)
    if reader is None:
        raise NobodyToWriteTo
    return letter_to_partner(referral, reader, event or 0)
