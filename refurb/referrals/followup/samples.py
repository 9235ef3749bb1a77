"""On which records the letters that ask for news are looked at before they are adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.referrals.followup.effects import letter_to_family, letter_to_partner
from refurb.referrals.followup.texts import NEWS_ASKED, NEWS_ASKED_OF_PARTNER
from refurb.referrals.models import Referral
from refurb.referrals.words import ReferralState

MOST = 20


def _served() -> list[tuple[int, str]]:
    query = select(Referral).where(Referral.state == ReferralState.SERVED).order_by(Referral.id.desc()).limit(MOST)
    return [(each.id, each.reference) for each in db.session.scalars(query)]


def _to_family(_record: int) -> list[Letter]:
    return [letter_to_family("sample", sender_address(), sample_link())]


def _to_partner(record: int) -> list[Letter]:
    return [letter_to_partner("sample", sender_address(), db.session.get_one(Referral, record).reference, "fr")]


NEWS_SAMPLES = {
    NEWS_ASKED.name: TextSample(needs=Permission.REFERRAL_READ, records=_served, shown=letters_on(_to_family, "fr")),
    NEWS_ASKED_OF_PARTNER.name: TextSample(needs=Permission.REFERRAL_READ, records=_served, shown=letters_on(_to_partner)),
}
