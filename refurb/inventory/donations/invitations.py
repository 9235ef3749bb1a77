"""An appointment with a donor as a calendar entry: the same one each time it moves, and taken away when it is given up."""

from urllib.parse import urlsplit

from flask import current_app

from refurb.directory.queries import home
from refurb.inventory.donations.models.appointments import Appointment
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.mail import sender_address
from refurb.kernel.speech.calendar import CalendarEntry
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _

FILE_NAME = "rendez-vous.ics"


def invitation(donation: Donation, appointment: Appointment, *, cancelled: bool = False) -> CalendarEntry:
    """The calendar entry; `cancelled` takes the one sent before away again."""
    card, host = home(), urlsplit(current_app.config["BASE_URL"]).hostname
    what = ", ".join(f"{DEVICE_KINDS[line.kind]} : {line.announced}" for line in donation.lines if line.announced)
    if appointment.way is Way.PICK_UP:
        summary = _("Enlèvement du don %(reference)s par %(home)s", reference=donation.reference, home=card.name)
    else:
        summary = _("Dépôt du don %(reference)s chez %(home)s", reference=donation.reference, home=card.name)
    return CalendarEntry(
        uid=f"{donation.reference.lower()}@{host}",
        sequence=appointment.sequence + (1 if cancelled else 0),
        stamp=appointment.released_at if cancelled and appointment.released_at else appointment.made_at,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        summary=summary,
        location=appointment.place,
        description="\n".join(part for part in (what, spell_phone(card.phone), card.email or "") if part),
        organizer=card.name,
        organizer_email=card.email or sender_address(),
        cancelled=cancelled,
    )
