"""That a letter to a donor came back: said where somebody can do something about it, until the address is corrected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import MAIL_DONOR_PAPERS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_time
from refurb.kernel.deeds.mail import RecipientRefused

MOST = 500
"""Letters that came back and that somebody has still to look at; more of them are looked at on « Envois »."""


@dataclass(frozen=True)
class Bounce:
    """When the letter that came back was promised."""

    planned_at: datetime


def bounced(donation: Donation) -> Bounce | None:
    """The last letter to a donor that the mail server of the address refused, if nothing was corrected since."""
    refused = (
        select(Effect)
        .where(Effect.done_at.is_(None), Effect.given_up_at.is_not(None), Effect.kind.in_((TELL_DONOR, MAIL_DONOR_PAPERS)))
        .where(Effect.fault.startswith(RecipientRefused.code))
        .order_by(Effect.id.desc())
        .limit(MOST)
    )
    found = next((each for each in db.session.scalars(refused) if _is_about(each, donation)), None)
    if found is None:
        return None
    corrected = last_time(donation, {"donor_corrected"})
    return Bounce(found.planned_at) if corrected is None or corrected < found.planned_at else None


def _is_about(planned: Effect, donation: Donation) -> bool:
    return (planned.facts.get("donation_id") or planned.facts.get("subject_id")) == donation.id
