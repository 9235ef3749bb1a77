"""On which records the texts about referrals are looked at before they are adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on
from refurb.directory.organisations.models import Convention
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.referrals.effects import news_of_referral
from refurb.referrals.models import Referral
from refurb.referrals.reminders import reminder_letter
from refurb.referrals.states import referral_machine
from refurb.referrals.texts import CONVENTION_REMINDER, REFERRAL_NEWS

MOST = 20


def _referrals() -> list[tuple[int, str]]:
    found = db.session.scalars(select(Referral).order_by(Referral.id.desc()).limit(MOST))
    return [(each.id, f"{each.reference}, {referral_machine.looks[each.state].word}") for each in found]


def _news(record: int) -> list[Letter]:
    return [news_of_referral(db.session.get_one(Referral, record), sender_address(), "sample")]


def _conventions() -> list[tuple[int, str]]:
    found = db.session.scalars(select(Convention).where(Convention.ends_on.is_not(None)).order_by(Convention.id.desc()).limit(MOST))
    return [(each.id, f"{each.reference}, {each.organisation.name}") for each in found]


def _reminder(record: int) -> list[Letter]:
    return [reminder_letter(db.session.get_one(Convention, record), sender_address(), "sample")]


REFERRAL_SAMPLES = {
    REFERRAL_NEWS.name: TextSample(needs=Permission.REFERRAL_READ, records=_referrals, shown=letters_on(_news)),
    CONVENTION_REMINDER.name: TextSample(needs=Permission.DIRECTORY_READ, records=_conventions, shown=letters_on(_reminder)),
}
