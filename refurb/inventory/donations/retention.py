"""When the people who give are forgotten: private donors, contacts of those who only give, and what was written with a donation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from refurb.directory.durations import durations
from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.actions.forgetting import erase_contacts
from refurb.inventory.donations.models.appointments import Appointment, DonorQuestion
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import erase_notes, seen_since
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l

_OVER = (DonationState.CLOSED, DonationState.REFUSED, DonationState.CANCELLED)


def _gives(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Donation.donor_id == Organisation.id, *conditions)


def _quiet_since(instant: datetime) -> ColumnElement[bool]:
    """Whether a donor has nothing under way, and nothing happened with any donation since."""
    moved = or_(Donation.state.not_in(_OVER), seen_since(Donation.KIND, Donation.id, instant))
    return and_(Organisation.created_at < instant, ~_gives(moved), ~seen_since(Organisation.KIND, Organisation.id, instant))


def _only_gives() -> ColumnElement[bool]:
    other = (Organisation.is_partner, Organisation.is_borrower, Organisation.is_funder, Organisation.is_recycler, Organisation.is_host)
    return and_(Organisation.is_donor, ~Organisation.is_home, *(~each for each in other))


def _erase_persons(numbers: Sequence[int]) -> None:
    nobody = {
        "name": ERASED, "place": None, "address": None, "postcode": None, "commune_code": None, "in_qpv": None, "email": None,
        "phone": None, "search": "", "forgotten_at": now(),
    }  # fmt: skip
    db.session.execute(update(Organisation).where(Organisation.id.in_(numbers)).values(nobody))
    erase_contacts(list(db.session.scalars(select(Contact.id).where(Contact.organisation_id.in_(numbers)))))
    erase_notes(Organisation.KIND, numbers)
    gave = Donation.donor_id.in_(numbers)
    _erase_words(list(db.session.scalars(select(Donation.id).where(gave))))


def _erase_words(numbers: Sequence[int]) -> None:
    """Erase what was written freely with some donations, and where they were fetched."""
    db.session.execute(update(Donation).where(Donation.id.in_(numbers)).values(note=None))
    asked = DonorQuestion.donation_id.in_(numbers)
    db.session.execute(update(DonorQuestion).where(asked).values(question=ERASED))
    db.session.execute(update(DonorQuestion).where(asked, DonorQuestion.answer.is_not(None)).values(answer=ERASED))
    db.session.execute(update(Release).where(Release.donation_id.in_(numbers)).values(note=None))
    db.session.execute(update(Appointment).where(Appointment.donation_id.in_(numbers)).values(place=ERASED))
    proposed = {"contact_name": ERASED, "email": "efface@invalid", "phone": None, "address": ERASED, "message": None, "conditions": None}
    these = Proposal.donation_id.in_(numbers)
    db.session.execute(update(Proposal).where(these).values(proposed))
    db.session.execute(update(Proposal).where(these, Proposal.siren.is_(None)).values(name=ERASED))
    erase_notes(Donation.KIND, numbers)


def _has_words() -> ColumnElement[bool]:
    return or_(
        Donation.note.is_not(None),
        exists().where(DonorQuestion.donation_id == Donation.id, DonorQuestion.question != ERASED),
        exists().where(Appointment.donation_id == Donation.id, Appointment.place != ERASED),
        exists().where(Proposal.donation_id == Donation.id, Proposal.contact_name != ERASED),
        exists().where(Release.donation_id == Donation.id, Release.note.is_not(None)),
    )


TERMS = (
    Term(
        key="donations.contacts",
        who=_l("Contact d'une structure qui donne, et rien d'autre"),
        what=_l("nom, fonction, courriel, téléphone"),
        remains=_l("L'attestation numérotée, avec le nom : c'est une preuve"),
        lasts=lambda: durations().contact,
        since=_l("le dernier échange"),
        model=Contact,
        past=lambda: exists().where(Organisation.id == Contact.organisation_id, _quiet_since(ago(durations().contact))),
        rest=lambda: (Contact.name != ERASED) & exists().where(Organisation.id == Contact.organisation_id, _only_gives()),
        forget=erase_contacts,
        covers=("contacts",),
    ),
    Term(
        key="donations.words",
        who=_l("Personne qui a proposé ou préparé un don"),
        what=_l("nom, courriel, téléphone, adresse du matériel, questions, réponses, notes"),
        remains=_l("Le don : ce qui est venu, et quand"),
        lasts=lambda: durations().contact,
        since=_l("le dernier échange"),
        model=Donation,
        past=lambda: Donation.state.in_(_OVER) & ~seen_since(Donation.KIND, Donation.id, ago(durations().contact)),
        rest=_has_words,
        forget=_erase_words,
        covers=("donations", "donor_questions", "appointments", "proposals", "releases"),
    ),
    Term(
        key="donations.persons",
        who=_l("Particulier qui a donné"),
        what=_l("nom, courriel, téléphone, adresse"),
        remains=_l("Le don, et ses attestations numérotées, avec le nom : ce sont des preuves"),
        lasts=lambda: durations().contact,
        since=_l("le dernier échange"),
        model=Organisation,
        past=lambda: _quiet_since(ago(durations().contact)),
        rest=lambda: Organisation.is_person & Organisation.forgotten_at.is_(None),
        forget=_erase_persons,
        covers=("organisations",),
    ),
)
