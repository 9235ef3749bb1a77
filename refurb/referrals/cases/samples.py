"""On which records the texts about referrals are looked at before they are adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on
from refurb.directory.organisations.models import Convention
from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import HungPanel, TextSample
from refurb.kernel.speech.words import _, day
from refurb.referrals.cases.connection_letters import CONNECTION_END, letter_to_family, letter_to_partner
from refurb.referrals.cases.effects import news_of_referral
from refurb.referrals.cases.notice import NOTICE, notice_in
from refurb.referrals.cases.participation import receipt
from refurb.referrals.cases.pdf import slip
from refurb.referrals.cases.reminders import reminder_letter
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.cases.texts import CONVENTION_REMINDER, HANDOVER_TEXT, PARTICIPATION_TEXT, REFERRAL_NEWS
from refurb.referrals.cases.translations import SLIP_LANGUAGES
from refurb.referrals.connected import HomeConnection
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.paid import Participation
from refurb.referrals.words import NOTICE_LANGUAGES, NoticeLanguage

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


def _connections() -> list[tuple[int, str]]:
    query = select(HomeConnection).where(HomeConnection.paid_until.is_not(None)).order_by(HomeConnection.id.desc())
    return [(each.id, each.allocation.referral.reference) for each in db.session.scalars(query.limit(MOST))]


def _connection_end(record: int) -> list[Letter]:
    found = db.session.get_one(HomeConnection, record)
    return [each(found, "sample", sender_address()) for each in (letter_to_family, letter_to_partner)]


def _notices() -> list[tuple[int, str]]:
    return [(number, NOTICE_LANGUAGES[each]) for number, each in enumerate(NoticeLanguage, start=1)]


def _notice(record: int) -> HungPanel:
    return HungPanel("referrals/cases/_notice_sample.html", {"notice": notice_in(list(NoticeLanguage)[record - 1])})


def _handovers() -> list[tuple[int, str]]:
    found = db.session.scalars(select(Handover).order_by(Handover.id.desc()).limit(MOST))
    return [
        (each.id, _("%(reference)s, le %(day)s", reference=each.allocation.referral.reference, day=day(each.handed_at))) for each in found
    ]


def _slip(record: int) -> Draft:
    return slip(db.session.get_one(Handover, record), "–")


def _participations() -> list[tuple[int, str]]:
    query = select(Participation).join(Participation.allocation).join(Allocation.handover).order_by(Participation.id.desc())
    found = db.session.scalars(query.limit(MOST))
    return [(each.id, each.allocation.referral.reference) for each in found]


def _receipt(record: int) -> Draft:
    found = db.session.get_one(Participation, record)
    assert found.allocation.handover is not None, "it was handed over"
    return receipt(found, found.allocation.handover)


def _pays(record: int) -> list[str]:
    return [db.session.get_one(Participation, record).allocation.referral.beneficiary.name]


def _receives(record: int) -> list[str]:
    return [db.session.get_one(Handover, record).allocation.referral.beneficiary.name]


REFERRAL_SAMPLES = {
    NOTICE.name: TextSample(needs=Permission.POLICY_READ, records=_notices, shown=_notice),
    HANDOVER_TEXT.name: TextSample(
        needs=Permission.REFERRAL_READ, records=_handovers, shown=papers_on(PaperKind.HANDOVER, _slip, _receives)
    ),
    SLIP_LANGUAGES.name: TextSample(
        needs=Permission.REFERRAL_READ, records=_handovers, shown=papers_on(PaperKind.HANDOVER, _slip, _receives)
    ),
    PARTICIPATION_TEXT.name: TextSample(
        needs=Permission.REFERRAL_READ, records=_participations, shown=papers_on(PaperKind.PARTICIPATION, _receipt, _pays)
    ),
    REFERRAL_NEWS.name: TextSample(needs=Permission.REFERRAL_READ, records=_referrals, shown=letters_on(_news)),
    CONNECTION_END.name: TextSample(needs=Permission.REFERRAL_READ, records=_connections, shown=letters_on(_connection_end)),
    CONVENTION_REMINDER.name: TextSample(needs=Permission.DIRECTORY_READ, records=_conventions, shown=letters_on(_reminder)),
}
