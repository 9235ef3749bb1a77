"""What a donor's page says of a ceremony to which its reader is invited: when, where, until which day to answer, and the way to do so."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from refurb.ceremonies.guests.effects import own_address
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.rules import last_day
from refurb.ceremonies.guests.shown import when_said
from refurb.ceremonies.guests.words import GuestAnswer, GuestKind
from refurb.ceremonies.models import Ceremony
from refurb.inventory.donations.donor import has_email, recipient_of
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.clock import now, today


def donor_invitations(_actor: Actor, donation: Donation) -> HungPanel | None:
    """The invitations to come that were sent to the very address at which the donor is reached: nobody else's, whoever else is invited."""
    if not has_email(donation):
        return None
    query = (
        select(CeremonyInvitation)
        .join(CeremonyInvitation.guest)
        .join(CeremonyInvitation.ceremony)
        .options(joinedload(CeremonyInvitation.ceremony))
        .where(
            CeremonyGuest.kind == GuestKind.DONOR,
            CeremonyGuest.organisation_id == donation.donor_id,
            func.lower(CeremonyGuest.email) == recipient_of(donation).lower(),
            CeremonyInvitation.state.in_((GuestAnswer.INVITED, GuestAnswer.COMING, GuestAnswer.WAITING)),
            Ceremony.starts_at > now() - timedelta(hours=12),
        )
        .order_by(Ceremony.starts_at, CeremonyInvitation.id)
    )
    found = [each for each in db.session.scalars(query) if each.ceremony.state.is_planned]
    told = [
        {"when": when_said(each.ceremony), "where": each.ceremony.place, "until": last_day(each.ceremony), "address": own_address(each),
         "awaits": each.state is GuestAnswer.INVITED and today() <= last_day(each.ceremony), "title": each.ceremony.title}
        for each in found
    ]  # fmt: skip
    return HungPanel("ceremonies/guests/_donor.html", {"invitations": told}) if told else None


DONOR_PANELS = {Donation.KIND: (donor_invitations,)}
"""What hangs on the page that a donor opens by the link."""
