"""That a letter to a donor came back: said where somebody can do something about it, until the address is corrected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from refurb.inventory.devices.actions.held import MAIL_RELEASES
from refurb.inventory.donations.actions.contacts import MAIL_CONTACT_TOLD
from refurb.inventory.donations.models.contact_changes import ContactChange
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import MAIL_DONOR_PAPERS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_time
from refurb.kernel.deeds.mail import RecipientRefused

LETTERS = (TELL_DONOR, MAIL_DONOR_PAPERS, MAIL_CONTACT_TOLD, MAIL_RELEASES)
"""The letters to the address at which a donor is reached."""


@dataclass(frozen=True)
class Bounce:
    """When the letter that came back was promised."""

    planned_at: datetime


def bounced(donation: Donation) -> Bounce | None:
    """The last letter to a donor, if the mail server of the address refused it and nothing was corrected since."""
    numbers = (Effect.facts[name].as_integer() for name in ("donation_id", "subject_id"))
    is_about = or_(*(number == donation.id for number in numbers), Effect.facts["change_id"].as_integer().in_(_changes_of(donation)))
    ended = or_(Effect.done_at.is_not(None), Effect.given_up_at.is_not(None))
    letters = select(Effect).where(Effect.kind.in_(LETTERS), is_about, ended).order_by(Effect.id.desc())
    last = db.session.scalar(letters.limit(1))  # One that arrived since says that the address is good.
    if last is None or last.done_at is not None or not (last.fault or "").startswith(RecipientRefused.code):
        return None
    corrected = last_time(donation, {"donor_corrected", "contact_changed"})
    return Bounce(last.planned_at) if corrected is None or corrected < last.planned_at else None


def _changes_of(donation: Donation) -> Select[int]:
    """The changes of contact that nobody has confirmed: the letter about one that is done goes to an address that is left."""
    return select(ContactChange.id).where(ContactChange.donation_id == donation.id, ContactChange.confirmed_at.is_(None))
