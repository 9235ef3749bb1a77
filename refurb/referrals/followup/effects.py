"""What follows once news are asked: the letter to the family, or to its partner; each once, and once more as a reminder."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import page_address, write_letter
from refurb.documents.links import make_addressed_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.followup.actions import ASK_NEWS
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.queries import reach_of
from refurb.referrals.followup.texts import NEWS_ASKED, NEWS_ASKED_OF_PARTNER
from refurb.referrals.followup.words import NewsWay

PURPOSE = "news"
LANGUAGE = "fr"
"""Nobody has asked families for the language of a letter; the page that it leads to is in four."""


def news_address(followup: Followup, reached_by: str) -> str:
    """The page on which a family answers, for as long as it is reached by this address or number."""
    return page_address(f"/nouvelles/{make_addressed_link(PURPOSE, followup.id, reached_by)}")


def letter_to_family(key: str, to: str, link: str) -> Letter:
    """The question, without a name and without a word of what the family has."""
    with force_locale(LANGUAGE):
        return write_letter(NEWS_ASKED, key=key, to=to, link=link)


def letter_to_partner(key: str, to: str, reference: str, language: str) -> Letter:
    """The same to whoever referred the family."""
    with force_locale(language):
        return write_letter(NEWS_ASKED_OF_PARTNER, key=key, to=to, reference=reference, link=page_address(f"/orientations/{reference}"))


def _about(facts: Mapping[str, Any]) -> About | None:
    followup = db.session.get(Followup, facts["followup_id"])
    if followup is None:
        return None
    reader = reader_of(followup.referral) if followup.way is NewsWay.PARTNER else None
    recipient = reader.address if reader else reach_of(followup)
    reference = followup.referral.reference
    return About(reference, f"/orientations/{reference}", recipient, Permission.REFERRAL_DECIDE)


@letter(ASK_NEWS, _l("Demande de nouvelles après une remise"), _about)
def ask_news(*, followup_id: int, reminder: bool) -> Letter:
    """Ask, unless the question was settled meanwhile."""
    followup = db.session.get(Followup, followup_id)
    if followup is None or not followup.is_open:
        raise NotTold
    key = f"{ASK_NEWS}-{followup.id}-{followup.way.value}-{int(reminder)}"
    if followup.way is NewsWay.PARTNER:
        reader = reader_of(followup.referral)
        if reader is None:
            raise NobodyToWriteTo
        return letter_to_partner(key, reader.address, followup.referral.reference, reader.language)
    address = reach_of(followup)
    if address is None or followup.way is not NewsWay.EMAIL:
        raise NobodyToWriteTo
    return letter_to_family(key, address, news_address(followup, address))
