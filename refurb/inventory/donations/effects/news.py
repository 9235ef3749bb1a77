"""The mails that tell a donor where the donation stands, with the appointment for the calendar."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import signature, write_letter
from refurb.inventory.donations.donor import (
    LANGUAGE,
    NoEmail,
    about_donation,
    contact_told,
    donor_url,
    link_until,
    recipient_of,
)
from refurb.inventory.donations.invitations import FILE_NAME, invitation
from refurb.inventory.donations.models.appointments import Appointment
from refurb.inventory.donations.queries.appointments import last_appointment, open_question, questions_of, standing_appointment
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.donations.texts import DONATION_NEWS
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import DONATION_REFUSALS, DonationRefusal, DonationState
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Enclosure, Letter
from refurb.kernel.speech.calendar import MIMETYPE, method_of, write_calendar
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, day

D = DonationState

# Where a mail is due: every step that the donor's page shows. What arrived is told though it was sorted or closed before the mail left.
ARRIVED = frozenset({D.RECEIVED, D.SORTED, D.CLOSED})
_STEPS = {
    **dict.fromkeys(ARRIVED, "arrived"),
    D.ANNOUNCED: "announced",
    D.NEEDS_INFORMATION: "question",
    D.ACCEPTED: "accepted",
    D.SCHEDULED: "drop_off",
    D.REFUSED: "refused",
    D.CANCELLED: "cancelled",
}
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


def news_letter(donation: Donation, event: int = 0, link: str | None = None) -> Letter:
    """The mail about where the donation stands since this event; `NoEmail` when nobody can be written to.

    `link` stands for the donor's own, where the letter is only looked at.
    """
    held = standing_appointment(donation) if donation.state not in ARRIVED else None
    given_up = last_appointment(donation) if donation.state in {D.REFUSED, D.CANCELLED} else None
    with force_locale(LANGUAGE):
        entry = invitation(donation, held) if held else invitation(donation, given_up, cancelled=True) if given_up else None
        step = _step(donation, held)
        facts = {
            "donation": donation.reference, "date": day(donation.received_on), "reason": refusal_told(donation), **_asked(donation),
            "count": _counted(donation) if step == "arrived" else "", **_meeting(held),
        }  # fmt: skip
        return write_letter(
            DONATION_NEWS,
            key=f"{TELL_DONOR}-{donation.id}-{event}",
            to=recipient_of(donation),
            subject=f"{step}.subject",
            body=f"{step}.body",
            enclosures=(_enclosed(entry),) if entry is not None else (),
            closing=_closing(link or donor_url(donation)),
            **facts,
        )


def _step(donation: Donation, held: Appointment | None) -> str:
    """The passages of the text that say where a donation stands."""
    if donation.state is D.SCHEDULED and held is not None:
        return "pick_up" if held.way is Way.PICK_UP else "drop_off"
    return _STEPS[donation.state]


def _closing(link: str) -> str:
    return DONATION_NEWS.in_force().say("closing", link=link, until=link_until(), contact=contact_told(), signature=signature())


def _asked(donation: Donation) -> dict[str, str]:
    """The question that waits, with what was asked and answered before it."""
    asked = open_question(donation)
    answered = [each for each in questions_of(donation) if each.answered_at is not None] if asked else []
    said = [_("« %(question)s » : %(answer)s", question=each.question, answer=each.answer) for each in answered]
    return {"question": asked.question if asked else "", "answers": "\n".join(said)}


def _meeting(held: Appointment | None) -> dict[str, str]:
    if held is None:
        return {"day": "", "hours": "", "place": ""}
    return {"day": day(held.day, "full"), "hours": hours_told(held.starts_at, held.ends_at), "place": held.place}


def _counted(donation: Donation) -> str:
    """What arrived, kind by kind, a line each."""
    return "\n".join(_line(str(DEVICE_KINDS[kind]), line) for kind, line in arrival_of(donation).kinds)


def _line(kind: str, line: Any) -> str:
    said = _("%(kind)s : reçus, %(received)s", kind=kind, received=line.received or 0)
    said += _(" ; refusés, %(count)s", count=line.refused) if line.refused else ""
    said += _(" ; annoncés et pas arrivés, %(count)s", count=line.missing) if line.missing else ""
    said += _(" ; en plus de l'annonce, %(count)s", count=line.extra) if line.extra else ""
    return f"- {said}"


def _enclosed(entry: Any) -> Enclosure:
    return Enclosure(FILE_NAME, MIMETYPE, write_calendar(entry), {"charset": "utf-8", "method": method_of(entry)})


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
