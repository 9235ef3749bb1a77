"""On which consents the receipt and the letters are looked at before their text is adopted: nobody is named in them."""

from sqlalchemy import select

from refurb.ceremonies.consents.effects import consent_letter
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.pdf import receipt
from refurb.ceremonies.consents.texts import CONSENT_LETTER, CONSENT_TEXT
from refurb.ceremonies.consents.words import ConsentTelling
from refurb.directory.letters import letters_on, sample_link
from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.words import _, day

MOST = 20


def _given() -> list[tuple[int, str]]:
    query = select(Consent).where(Consent.given_at.is_not(None), Consent.forgotten_at.is_(None)).order_by(Consent.id.desc()).limit(MOST)
    return [(each.id, day(each.given_at)) for each in db.session.scalars(query) if each.given_at]


def _receipt(record: int) -> Draft:
    return receipt(db.session.get_one(Consent, record))


def _persons(record: int) -> list[str]:
    found = db.session.get_one(Consent, record)
    return [each for each in (found.name, found.shown_as, *(voice.name for voice in found.voices)) if each]


def _letters(record: int) -> list[Letter]:
    found, to = db.session.get_one(Consent, record), {"to": sender_address(), "link": sample_link()}
    return [consent_letter(found, each, words=_("les mots de la personne"), **to) for each in ConsentTelling]


CONSENT_SAMPLES = {
    CONSENT_TEXT.name: TextSample(needs=Permission.CEREMONY_WRITE, records=_given, shown=papers_on(PaperKind.CONSENT, _receipt, _persons)),
    CONSENT_LETTER.name: TextSample(needs=Permission.CEREMONY_WRITE, records=_given, shown=letters_on(_letters, "fr")),
}
