"""On which sessions the text of the minutes is looked at before it is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on
from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import day
from refurb.referrals.committees.letters import COMMITTEE_LETTER, agenda_letter
from refurb.referrals.committees.models import Committee, CommitteeMember
from refurb.referrals.committees.pdf import minutes
from refurb.referrals.committees.queries import agenda_of
from refurb.referrals.committees.texts import MINUTES_TEXT


def _sessions() -> list[tuple[int, str]]:
    found = db.session.scalars(select(Committee).order_by(Committee.id.desc()).limit(20))
    return [(each.id, f"{each.title}, {day(each.starts_at)}") for each in found]


def _minutes(record: int) -> Draft:
    found = db.session.get_one(Committee, record)
    return minutes(found, agenda_of(found), found.closed_at or now())


def _members() -> list[tuple[int, str]]:
    found = db.session.scalars(select(CommitteeMember).order_by(CommitteeMember.id.desc()).limit(20))
    return [(each.id, f"{each.name}, {each.committee.title}") for each in found]


def _agenda(record: int) -> list[Letter]:
    return [agenda_letter(db.session.get_one(CommitteeMember, record))]


COMMITTEE_SAMPLES = {
    COMMITTEE_LETTER.name: TextSample(needs=Permission.REFERRAL_DECIDE, records=_members, shown=letters_on(_agenda)),
    MINUTES_TEXT.name: TextSample(needs=Permission.REFERRAL_DECIDE, records=_sessions, shown=papers_on(PaperKind.MINUTES, _minutes)),
}
