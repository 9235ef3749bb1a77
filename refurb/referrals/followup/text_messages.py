"""The short message that asks a family for news, where she chose the telephone."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import TextMessage, text_message
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold
from refurb.kernel.speech.words import _l
from refurb.referrals.cases.texting import about_text, said_to_family, text_to_family
from refurb.referrals.followup.actions import ASK_NEWS
from refurb.referrals.followup.effects import LANGUAGE, news_address
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.queries import reach_of
from refurb.referrals.followup.words import NewsWay


def news_text(followup: Followup, number: str) -> str:
    """The question in the words for a telephone."""
    return said_to_family(followup.referral, "news", link=news_address(followup, number))


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Followup, facts["followup_id"])
    return about_text(found.referral) if found else None


@text_message(ASK_NEWS, SmsKind.NEWS, _l("SMS : demande de nouvelles après une remise"), _about)
def text_news(*, followup_id: int, reminder: bool) -> TextMessage:
    """Ask, unless the question was settled meanwhile, or is asked by another way."""
    found = db.session.get(Followup, followup_id)
    if found is None or not found.is_open or found.way is not NewsWay.PHONE:
        raise NotTold
    number = reach_of(found)
    if number is None:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return text_to_family(found.referral, f"{ASK_NEWS}-{found.id}-{int(reminder)}", news_text(found, number), chosen=True)
