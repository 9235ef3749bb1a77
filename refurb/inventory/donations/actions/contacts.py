"""A donor names another contact by the link: the new address confirms, the former one is told when it is asked and when it is done."""

from datetime import timedelta

from sqlalchemy import func, select

from refurb.directory.actions import add_contact
from refurb.directory.organisations.queries import contacts_of
from refurb.directory.words import Purpose
from refurb.documents.links import LinkExpired
from refurb.inventory.donations.donor import has_email, reached_alike, recipient_of
from refurb.inventory.donations.models.contact_changes import ContactChange
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import same_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.words import _l

MAIL_CONTACT_ASKED = "mail_contact_asked"
MAIL_CONTACT_TOLD = "mail_contact_told"
LASTS = timedelta(days=7)
MOST_A_DAY = 3


class TooManyChanges(Refusal):
    """So many changes were asked for lately: the form is not a way to write to people."""

    code = "contact_change.too_many"
    status = 429


def ask_contact_change(donation: Donation, *, contact_name: str, contact_email: str) -> ContactChange:
    """Promise a letter with a button to the new address, and one to the former. Raises `NoEmail`, `TooManyChanges`."""
    lock(donation)
    former = recipient_of(donation)
    if same_address(former, contact_email):
        raise Invalid({"contact_email": [Fault("contact_change.same_address")]})
    lately = select(func.count()).where(ContactChange.donation_id == donation.id, ContactChange.asked_at > now() - timedelta(days=1))
    if (db.session.scalar(lately) or 0) >= MOST_A_DAY:
        raise TooManyChanges
    change = ContactChange(donation_id=donation.id, name=contact_name, email=contact_email, former=former, asked_at=now())
    db.session.add(change)
    db.session.flush()
    record(donation, "contact_change_asked", SERVICE)
    plan(MAIL_CONTACT_ASKED, change_id=change.id)
    plan(MAIL_CONTACT_TOLD, change_id=change.id, is_done=False)
    return change


def refuse_stale(change: ContactChange) -> None:
    """Raise `LinkExpired` for a link that is too old, or whose donor is reached elsewhere since: it opens nothing of a successor's.

    The address is the former one until the change is confirmed, and the new one from then on.
    """
    reached = change.former if change.confirmed_at is None else change.email
    donation = change.donation
    if change.asked_at + LASTS < now() or not has_email(donation) or not same_address(recipient_of(donation), reached):
        raise LinkExpired(days=LASTS.days)


def confirm_contact_change(change: ContactChange) -> Donation:
    """Whoever has the new address has pressed: what the former one was told of is the new one's. A second press changes nothing.

    The links of before open nothing from then on, since they are bound to the former address. Raises `LinkExpired` as `refuse_stale` does.
    """
    donation = change.donation
    lock(donation)
    lock(change)
    refuse_stale(change)
    if change.confirmed_at is not None:
        return donation
    alike = reached_alike(donation)
    known = (each for each in contacts_of(donation.donor) if each.ended_on is None and same_address(each.email, change.email))
    contact = next(known, None) or add_contact(SERVICE, donation.donor, name=change.name, email=change.email, purpose=Purpose.DONATIONS)
    db.session.flush()
    for each in alike:
        each.contact = contact
    change.confirmed_at = now()
    db.session.flush()
    record(donation, "contact_changed", SERVICE)
    plan(MAIL_CONTACT_TOLD, change_id=change.id, is_done=True)
    return donation


forget_contact_changes = Term(
    key="donations.contact_changes",
    who=_l("Contact d'un donateur qui en nomme un autre"),
    what=_l("les deux adresses, le nom du nouveau contact"),
    remains=_l("Le contact qui a confirmé"),
    lasts=LASTS,
    model=ContactChange,
    past=lambda: ContactChange.asked_at < now() - LASTS,
    hourly=True,
)
