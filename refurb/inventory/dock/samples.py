"""On which donations the bordereau is looked at before its text is adopted."""

from sqlalchemy import select

from refurb.documents.actions import Draft
from refurb.documents.models import PaperKind
from refurb.documents.samples import papers_on
from refurb.inventory.dock.actions.intake_slips import slip_draft
from refurb.inventory.dock.pdf import OnTheDock
from refurb.inventory.dock.texts import INTAKE_TEXT
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.words import DrivesInside
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import SERVICE, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import TextSample


def _received() -> list[tuple[int, str]]:
    found = select(Donation.id, Donation.reference).where(Donation.received_on.is_not(None)).order_by(Donation.id.desc()).limit(20)
    return [(number, reference) for number, reference in db.session.execute(found)]


def _slip(record: int) -> Draft:
    return slip_draft(SERVICE, db.session.get_one(Donation, record), OnTheDock("–", DrivesInside.UNKNOWN, None, SlipSigning.NONE), None)


DOCK_SAMPLES = {
    INTAKE_TEXT.name: TextSample(needs=Permission.DONATION_READ, records=_received, shown=papers_on(PaperKind.INTAKE, _slip)),
}
