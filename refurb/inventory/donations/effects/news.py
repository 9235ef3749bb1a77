"""The mails that tell a donor where the donation stands, with the appointment for the calendar."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.documents.links import LASTS_DAYS
from refurb.inventory.donations.donor import LANGUAGE, NoEmail, about_donation, donor_url, recipient_of
from refurb.inventory.donations.invitations import FILE_NAME, invitation
from refurb.inventory.donations.queries.appointments import last_appointment, open_question, questions_of, standing_appointment
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import DONATION_REFUSALS, DonationRefusal, DonationState
from refurb.inventory.words.slots import HALF_DAYS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Enclosure, Letter
from refurb.kernel.speech.calendar import MIMETYPE, method_of, write_calendar
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, day

D = DonationState

# Where a mail is due: every step that the donor's page shows. What arrived is told though it was sorted or closed before the mail left.
ARRIVED = frozenset({D.RECEIVED, D.SORTED, D.CLOSED})
TOLD = frozenset({D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED, D.REFUSED, D.CANCELLED}) | ARRIVED


def refusal_told(donation: Donation) -> str:
    """The reason for which a donation was refused, as its donor reads it; nothing for one that was not."""
    happened = next((each for each in events_of(donation) if each.move == "refuse"), None)
    reason = happened.facts.get("reason") if happened is not None and donation.state is D.REFUSED else None
    return str(DONATION_REFUSALS[DonationRefusal(reason)]) if reason in set(DonationRefusal) else ""


def hours_told(starts_at: datetime, ends_at: datetime) -> str:
    """The hours of an appointment: « de 9 h à 12 h »."""
    return _("de %(first)s à %(until)s", first=_clock(starts_at), until=_clock(ends_at))


def _clock(instant: datetime) -> str:
    there = local(instant)
    return _("%(hour)s h %(minute)s", hour=there.hour, minute=f"{there.minute:02d}") if there.minute else _("%(hour)s h", hour=there.hour)


def news_letter(donation: Donation, event: int = 0) -> Letter:
    """The mail about where the donation stands since this event; `NoEmail` when nobody can be written to."""
    card = home()
    held = standing_appointment(donation) if donation.state not in ARRIVED else None
    given_up = last_appointment(donation) if donation.state in {D.REFUSED, D.CANCELLED} else None
    with force_locale(LANGUAGE):
        asked = open_question(donation)
        answered = [each for each in questions_of(donation) if each.answered_at is not None] if asked else []
        text = current_app.jinja_env.get_template("inventory/donations/donor_news_mail.txt").render(
            donation=donation,
            state=donation.state,
            home=card,
            question=asked.question if asked else "",
            answered=answered,
            reason=refusal_told(donation),
            appointment=held,
            hours=hours_told(held.starts_at, held.ends_at) if held else "",
            half=HALF_DAYS[held.half_day] if held else "",
            arrival=arrival_of(donation),
            kinds=DEVICE_KINDS,
            url=donor_url(donation),
            until=day(today() + timedelta(days=LASTS_DAYS)),
        )
        entry = invitation(donation, held) if held else invitation(donation, given_up, cancelled=True) if given_up else None
        arrived = _("Votre don %(reference)s est arrivé", reference=donation.reference)
        subject = {
            **dict.fromkeys(ARRIVED, arrived),
            D.ANNOUNCED: _("Votre proposition de don %(reference)s est arrivée", reference=donation.reference),
            D.NEEDS_INFORMATION: _("Votre don %(reference)s : une question", reference=donation.reference),
            D.ACCEPTED: _("Votre don %(reference)s est accepté", reference=donation.reference),
            D.SCHEDULED: _("Votre don %(reference)s : rendez-vous", reference=donation.reference),
            D.REFUSED: _("Votre don %(reference)s : notre réponse", reference=donation.reference),
            D.CANCELLED: _("Votre don %(reference)s est annulé", reference=donation.reference),
        }[donation.state]
    enclosures: tuple[Enclosure, ...] = ()
    if entry is not None:
        parameters = {"charset": "utf-8", "method": method_of(entry)}
        enclosures = (Enclosure(FILE_NAME, MIMETYPE, write_calendar(entry), parameters),)
    return Letter(
        key=f"{TELL_DONOR}-{donation.id}-{event}",
        to=recipient_of(donation),
        subject=subject,
        text=text,
        sender_name=card.name,
        reply_to=card.email,
        language=LANGUAGE,
        enclosures=enclosures,
    )


def _is_arrival(donation: Donation, event: int | None) -> bool:
    """Whether the event is the one by which it arrived."""
    return donation.state in ARRIVED and any(each.position == event and each.move == "receive" for each in events_of(donation))


def _about(facts: Mapping[str, Any]) -> About | None:
    return about_donation(db.session.get(Donation, facts["subject_id"]))


@letter(TELL_DONOR, _l("Nouvelle d'un don à son donateur"), _about)
def tell_donor(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Tell the donor what the donation came to by an event; a donor without an address is told by telephone, by a person."""
    del subject_kind
    donation = db.session.get(Donation, subject_id)
    if donation is None:
        raise NotFound
    if not _is_arrival(donation, event):
        refuse_overtaken(donation, event)
    if donation.state not in TOLD:
        raise NotTold
    try:
        return news_letter(donation, event or 0)
    except NoEmail as error:
        raise NobodyToWriteTo from error
