"""What the agenda and our places ask of donations and devices: appointments on closed days, and what is at a place."""

from collections.abc import Sequence

from sqlalchemy import func, select

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, ThingsThere, on_closed_days
from refurb.directory.agenda.queries import days_of
from refurb.inventory.donations.models.appointments import Appointment
from refurb.inventory.donations.slots import Slot, slot_policy
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import HERE
from refurb.inventory.words.donations import DonationState
from refurb.inventory.words.slots import HALF_DAYS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _, _n

OVER = (DonationState.CLOSED, DonationState.REFUSED, DonationState.CANCELLED)


def appointments_on(actor: Actor, span: ClosedSpan) -> Sequence[PlannedThing]:
    """The appointments with donors on days that are closed; nobody moves one but with its donor."""
    query = (
        select(Appointment.day, Appointment.half_day, Appointment.site_id, Donation.reference)
        .join(Donation, Donation.id == Appointment.donation_id)
        .where(Appointment.released_at.is_(None), on_closed_days(span, Appointment.day))
        .order_by(Appointment.day, Appointment.seat)
    )
    if span.site_id is not None:
        query = query.where(Appointment.site_id == span.site_id)
    if not actor.may(Permission.DONATION_READ):
        return []
    slots = slot_policy()
    return [
        PlannedThing(
            _("Rendez-vous du don %(reference)s, %(half)s", reference=row.reference, half=str(HALF_DAYS[row.half_day])),
            row.day,
            "inventory.donation",
            {"reference": row.reference},
        )
        for row in db.session.execute(query)
        if span.hours is None or not slots.is_open(Slot(row.day, row.half_day), days_of(row.site_id).with_closed(span))
    ]


def donations_and_devices_at(site_id: int) -> Sequence[ThingsThere]:
    """The donations that are not over, and the devices that are still here."""
    donations = db.session.scalar(select(func.count()).where(Donation.site_id == site_id, Donation.state.not_in(OVER))) or 0
    devices = db.session.scalar(select(func.count()).where(Device.site_id == site_id, Device.state.in_(HERE))) or 0
    return [
        ThingsThere(_n("%(num)s don en cours", "%(num)s dons en cours", donations), donations),
        ThingsThere(_n("%(num)s appareil", "%(num)s appareils", devices), devices),
    ]
