"""On which donations the letters and papers to donors are looked at before their text is adopted: the donor's own link stands in none."""

from collections.abc import Callable

from sqlalchemy import extract, select

from refurb.directory.letters import letters_on, sample_link
from refurb.documents.actions import Draft
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.documents.queries import papers_about
from refurb.documents.samples import papers_on
from refurb.inventory.devices.actions.held import ASKED, REMINDED
from refurb.inventory.donations.donor import LANGUAGE
from refurb.inventory.donations.effects.contacts import contact_letter
from refurb.inventory.donations.effects.news import TOLD, news_letter
from refurb.inventory.donations.effects.proposals import letter_about
from refurb.inventory.donations.models.contact_changes import ContactChange
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.donations.texts import DONATION_NEWS, DONOR_CONTACT, DONOR_PAPERS, PROPOSAL
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import draft_of
from refurb.inventory.papers.effects import donor_letter
from refurb.inventory.papers.receipts.actions import receipt_draft
from refurb.inventory.papers.receipts.models import GiftValuation
from refurb.inventory.papers.receipts.texts import RECEIPT_TEXT
from refurb.inventory.papers.texts import DONATION_TEXT, ERASURE_TEXT
from refurb.inventory.papers.years.actions import yearly_draft
from refurb.inventory.papers.years.models import DonorYear, ToldReuse
from refurb.inventory.papers.years.queries import record_of
from refurb.inventory.papers.years.texts import BILAN_TEXT, REEN_TEXT, REUSE_TEXT
from refurb.inventory.releases.effects import releases_letter
from refurb.inventory.releases.texts import DONOR_RELEASES
from refurb.kernel.deeds.access import SERVICE, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.words import _

MOST, OF_EACH = 20, 3
_KEY = "sample"


def _called(donation: Donation) -> tuple[int, str]:
    return donation.id, f"{donation.reference}, {donation_machine.looks[donation.state].word}"


def _told() -> list[tuple[int, str]]:
    """The newest of each state of which a donor is told."""
    found = list[Donation]()
    for state in sorted(TOLD):
        found += db.session.scalars(select(Donation).where(Donation.state == state).order_by(Donation.id.desc()).limit(OF_EACH))
    return [_called(each) for each in sorted(found, key=lambda each: -each.id)]


def _with_papers() -> list[tuple[int, str]]:
    issued = select(Paper.subject_id).where(Paper.subject_kind == Donation.KIND, Paper.status == PaperStatus.ISSUED)
    found = select(Donation).where(Donation.id.in_(issued)).order_by(Donation.id.desc()).limit(MOST)
    return [_called(each) for each in db.session.scalars(found)]


def _proposed() -> list[tuple[int, str]]:
    """Proposals that became donations: nobody here sees one before."""
    found = select(Donation).join(Proposal, Proposal.donation_id == Donation.id).order_by(Donation.id.desc()).limit(MOST)
    return [_called(each) for each in db.session.scalars(found)]


def _news(record: int) -> list[Letter]:
    return [news_letter(db.session.get_one(Donation, record), link=sample_link())]


def _changes() -> list[tuple[int, str]]:
    found = select(ContactChange).order_by(ContactChange.id.desc()).limit(MOST)
    return [(each.id, _called(each.donation)[1]) for each in db.session.scalars(found)]


def _contact(record: int) -> list[Letter]:
    change = db.session.get_one(ContactChange, record)
    return [contact_letter(change, part, sample_link()) for part in ("asked", "told", "done")]


def _to_release() -> list[tuple[int, str]]:
    asked = select(Release.donation_id).where(Release.proven_at.is_(None), Release.said_at.is_(None))
    found = select(Donation).where(Donation.id.in_(asked)).order_by(Donation.id.desc()).limit(MOST)
    return [_called(each) for each in db.session.scalars(found)]


def _releases(record: int) -> list[Letter]:
    return [releases_letter(db.session.get_one(Donation, record), told, _KEY, sample_link()) for told in (ASKED, REMINDED)]


def _papers(record: int) -> list[Letter]:
    return [donor_letter(db.session.get_one(Donation, record), _KEY, sample_link())]


def _proposal(record: int) -> list[Letter]:
    proposal = db.session.scalars(select(Proposal).where(Proposal.donation_id == record)).one()
    return [letter_about(proposal, sample_link())]


def _received() -> list[tuple[int, str]]:
    found = select(Donation).where(Donation.received_on.is_not(None)).order_by(Donation.id.desc()).limit(MOST)
    return [_called(each) for each in db.session.scalars(found)]


def _attestation(kind: PaperKind) -> Callable[[int], Draft]:
    def draft(record: int) -> Draft:
        donation = db.session.get_one(Donation, record)
        return draft_of(SERVICE, kind, donation, papers_about(donation), None)

    return draft


def _year_called(found: Donation) -> tuple[int, str]:
    year = found.received_on.year if found.received_on else 0
    return found.id, _("%(donor)s, %(year)s", donor=found.donor.name, year=year)


def _years() -> list[tuple[int, str]]:
    """Donors' years, each by the latest donation that came in it."""
    found = select(Donation).where(Donation.received_on.is_not(None)).order_by(Donation.received_on.desc(), Donation.id.desc()).limit(MOST)
    return list(
        {(each.donor_id, each.received_on and each.received_on.year): _year_called(each) for each in db.session.scalars(found)}.values()
    )


def _reused_years() -> list[tuple[int, str]]:
    told = select(Device.donation_id).join(ToldReuse, ToldReuse.device_id == Device.id)
    found = select(Donation).where(Donation.id.in_(told)).order_by(Donation.id.desc()).limit(MOST)
    return [_year_called(each) for each in db.session.scalars(found)]


def _told_years() -> list[tuple[int, str]]:
    year = extract("year", Donation.received_on)
    told = select(DonorYear.id).where(DonorYear.donor_id == Donation.donor_id, DonorYear.year == year, DonorYear.told_on.is_not(None))
    found = select(Donation).where(told.exists()).order_by(Donation.id.desc()).limit(MOST)
    return [_year_called(each) for each in db.session.scalars(found)]


def _yearly(kind: PaperKind) -> Callable[[int], Draft]:
    def draft(record: int) -> Draft:
        donation = db.session.get_one(Donation, record)
        known = record_of(donation.donor, donation.received_on.year if donation.received_on else 0)
        return yearly_draft(SERVICE, kind, known, papers_about(known.year) if known.is_kept else [], None)

    return draft


def _valued() -> list[tuple[int, str]]:
    """Gifts of which somebody has said what they are worth."""
    live = select(GiftValuation.donation_id).where(GiftValuation.withdrawn_at.is_(None))
    found = select(Donation).where(Donation.id.in_(live)).order_by(Donation.id.desc()).limit(MOST)
    return [_called(each) for each in db.session.scalars(found)]


def _receipt(record: int) -> Draft:
    return receipt_draft(SERVICE, db.session.get_one(Donation, record), None)


R = Permission.DONATION_READ
DONATION_SAMPLES = {
    PROPOSAL.name: TextSample(needs=R, records=_proposed, shown=letters_on(_proposal, LANGUAGE)),
    DONATION_NEWS.name: TextSample(needs=R, records=_told, shown=letters_on(_news, LANGUAGE)),
    DONOR_CONTACT.name: TextSample(needs=R, records=_changes, shown=letters_on(_contact, LANGUAGE)),
    DONOR_RELEASES.name: TextSample(needs=R, records=_to_release, shown=letters_on(_releases, LANGUAGE)),
    DONOR_PAPERS.name: TextSample(needs=R, records=_with_papers, shown=letters_on(_papers, LANGUAGE)),
    BILAN_TEXT.name: TextSample(needs=R, records=_years, shown=papers_on(PaperKind.BILAN, _yearly(PaperKind.BILAN))),
    REUSE_TEXT.name: TextSample(needs=R, records=_reused_years, shown=papers_on(PaperKind.REUSE, _yearly(PaperKind.REUSE))),
    REEN_TEXT.name: TextSample(needs=R, records=_told_years, shown=papers_on(PaperKind.REEN, _yearly(PaperKind.REEN))),
    RECEIPT_TEXT.name: TextSample(needs=R, records=_valued, shown=papers_on(PaperKind.TAX, _receipt)),
    DONATION_TEXT.name: TextSample(needs=R, records=_received, shown=papers_on(PaperKind.DONATION, _attestation(PaperKind.DONATION))),
    ERASURE_TEXT.name: TextSample(needs=R, records=_received, shown=papers_on(PaperKind.ERASURE, _attestation(PaperKind.ERASURE))),
}
