"""On which requests the texts about machines for organisations are looked at before they are adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on
from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.referrals.endowed import Endowment
from refurb.referrals.endowments.effects import end_of_reservation, news_of_endowment
from refurb.referrals.endowments.pdf import endowment_to_sign
from refurb.referrals.endowments.states import endowment_machine
from refurb.referrals.endowments.texts import ENDOWMENT_NEWS, ENDOWMENT_TEXT

MOST = 20


def _records() -> list[tuple[int, str]]:
    found = db.session.scalars(select(Endowment).order_by(Endowment.id.desc()).limit(MOST))
    return [(each.id, f"{each.reference}, {endowment_machine.looks[each.state].word}") for each in found]


def _slip(record: int) -> Draft:
    return endowment_to_sign(db.session.get_one(Endowment, record))


def _receives(record: int) -> list[str]:
    return [db.session.get_one(Endowment, record).organisation.name]


def _letters(record: int) -> list[Letter]:
    found = db.session.get_one(Endowment, record)
    held = [end_of_reservation(found, "sample", sender_address())] if found.held_until else []
    return [news_of_endowment(found, "sample", sender_address()), *held]


ENDOWMENT_SAMPLES = {
    ENDOWMENT_TEXT.name: TextSample(
        needs=Permission.REFERRAL_READ, records=_records, shown=papers_on(PaperKind.ENDOWMENT, _slip, _receives)
    ),
    ENDOWMENT_NEWS.name: TextSample(needs=Permission.REFERRAL_READ, records=_records, shown=letters_on(_letters)),
}
