"""On which ceremonies the text of the report is looked at before it is adopted."""

from sqlalchemy import select

from refurb.ceremonies.after.actions import report_draft
from refurb.ceremonies.after.texts import REPORT_TEXT
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.testimonies.queries import quotes_of
from refurb.ceremonies.words import CeremonyState
from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.words import day


def _over() -> list[tuple[int, str]]:
    query = select(Ceremony).where(Ceremony.state == CeremonyState.CLOSED).order_by(Ceremony.starts_at.desc()).limit(20)
    return [(each.id, f"{each.title}, {day(each.starts_at)}") for each in db.session.scalars(query)]


def _report(record: int) -> Draft:
    found = db.session.get_one(Ceremony, record)
    return report_draft(found, quotes_of(found))


REPORT_SAMPLES = {REPORT_TEXT.name: TextSample(needs=Permission.CEREMONY_READ, records=_over, shown=papers_on(PaperKind.CEREMONY, _report))}
