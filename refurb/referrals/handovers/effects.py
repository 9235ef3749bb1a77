"""The letters of hand-over appointments: the invitation, what was chosen and its reminder, and the news to the partner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale

from refurb.directory.letters import page_address, write_letter
from refurb.directory.queries import home
from refurb.documents.links import make_link
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Enclosure, Letter, sender_address
from refurb.kernel.speech.calendar import MIMETYPE, CalendarEntry, write_calendar
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l, day
from refurb.referrals.cases.lines import machines_of, open_lines
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.cases.texts import REFERRAL_NEWS
from refurb.referrals.handovers.actions import MAIL_APPOINTMENT, MAIL_INVITATION
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot
from refurb.referrals.handovers.shown import when_said, where_said
from refurb.referrals.handovers.states import TELL_PARTNER, invitation_machine
from refurb.referrals.handovers.texts import HANDOVER_APPOINTMENT, HANDOVER_INVITATION
from refurb.referrals.handovers.words import InvitationState

APPOINTMENT_LINK = "handover appointment"
"""The purpose of the link in a family's letter: it chooses, moves and gives up."""
FILE_NAME = "rendez-vous.ics"
LANGUAGE = "fr"
"""Nobody has asked families for a language."""
_SHORT = "d MMMM"


def own_address(invitation: HandoverInvitation) -> str:
    """The address at which a family chooses its hour."""
    return page_address(f"/mon-rendez-vous/{make_link(APPOINTMENT_LINK, invitation.id)}")


def invitation_facts(invitation: HandoverInvitation, link: str) -> dict[str, Any]:
    """What fills the fields of the invitation, in the language of the moment."""
    return {
        "what": _kinds_said(machines_of(open_lines(invitation.allocation)) or [invitation.allocation.device]),
        "until": day(invitation.answer_by, _SHORT),
        "phone": spell_phone(home().phone),
        "link": link,
    }


def _kinds_said(devices: Sequence[Device]) -> str:
    """Which kinds of machines are to be fetched, each once, with how many there are of it."""
    counted = Counter(each.kind for each in devices)
    return ", ".join(str(DEVICE_KINDS[kind]).lower() + ("" if number == 1 else f" ({number})") for kind, number in counted.items())


def invitation_letter(invitation: HandoverInvitation, key: str, to: str, link: str) -> Letter:
    """The invitation as a letter."""
    return write_letter(HANDOVER_INVITATION, key=key, to=to, **invitation_facts(invitation, link))


def appointment_letter(invitation: HandoverInvitation, key: str, to: str, link: str) -> Letter:
    """What was chosen, with the calendar file; or that it is off. Raises `NotTold` where it came to something else."""
    phone, slot = spell_phone(home().phone), invitation.slot
    if slot is not None and invitation.state is InvitationState.CHOSEN:
        files = (calendar_file(invitation, slot, to_family=True),)
        when, where = when_said(slot), where_said(slot, to_family=True)
        return write_letter(HANDOVER_APPOINTMENT, key=key, to=to, enclosures=files, when=when, where=where, link=link, phone=phone)
    if invitation.state in {InvitationState.DECLINED, InvitationState.CLOSED}:
        return write_letter(HANDOVER_APPOINTMENT, key=key, to=to, subject="off_subject", body="off", link=link, phone=phone)
    raise NotTold


def calendar_entry(invitation: HandoverInvitation, slot: HandoverSlot, *, to_family: bool) -> CalendarEntry:
    """The appointment for a calendar, with the address: nothing that says whom it helps."""
    card, host = home(), urlsplit(current_app.config["BASE_URL"]).hostname
    return CalendarEntry(
        uid=f"remise-{invitation.id}@{host}",
        sequence=invitation.sequence,
        stamp=now(),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=_("Rendez-vous chez %(home)s", home=card.name),
        location=where_said(slot, to_family=to_family),
        description=spell_phone(card.phone),
        organizer=card.name,
        organizer_email=card.email or sender_address(),
    )


def calendar_file(invitation: HandoverInvitation, slot: HandoverSlot, *, to_family: bool) -> Enclosure:
    """The calendar file that goes with a letter."""
    return Enclosure(FILE_NAME, MIMETYPE, write_calendar(calendar_entry(invitation, slot, to_family=to_family)))


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(HandoverInvitation, facts.get("invitation_id") or facts.get("subject_id"))
    if found is None:
        return None
    referral = found.allocation.referral
    to_partner = "subject_id" in facts
    reader = reader_of(referral) if to_partner else None
    address = (reader.address if reader else None) if to_partner else referral.beneficiary.email
    return About(referral.reference, f"/orientations/{referral.reference}/rendez-vous", address, Permission.REFERRAL_DECIDE)


def _to_family(invitation_id: int) -> tuple[HandoverInvitation, str]:
    found = db.session.get(HandoverInvitation, invitation_id)
    if found is None:
        raise NotTold
    address = found.allocation.referral.beneficiary.email
    if not address:
        raise NobodyToWriteTo
    return found, address


@letter(MAIL_INVITATION, _l("Invitation à venir chercher un appareil"), _about)
def mail_invitation(*, invitation_id: int) -> Letter:
    """Send the invitation, unless it was answered or is over."""
    found, address = _to_family(invitation_id)
    if found.state is not InvitationState.INVITED:
        raise NotTold
    with force_locale(LANGUAGE):
        return invitation_letter(found, f"{MAIL_INVITATION}-{found.id}", address, own_address(found))


@letter(MAIL_APPOINTMENT, _l("Rendez-vous pour venir chercher un appareil"), _about)
def mail_appointment(*, invitation_id: int, sequence: int, reminds: bool) -> Letter:
    """Tell the hour that was chosen, or that it is off; nothing once another was chosen."""
    found, address = _to_family(invitation_id)
    if found.sequence != sequence:
        raise NotTold
    with force_locale(LANGUAGE):
        return appointment_letter(found, f"{MAIL_APPOINTMENT}-{found.id}-{sequence}-{int(reminds)}", address, own_address(found))


def partner_letter(invitation: HandoverInvitation, key: str, to: str) -> Letter:
    """What an invitation came to, by the reference alone, with the calendar file of what was chosen."""
    referral, slot = invitation.allocation.referral, invitation.slot
    look = str(invitation_machine.looks[invitation.state].word).lower()
    if invitation.state is InvitationState.INVITED:
        state = _("invitation à venir, réponse avant le %(day)s", day=day(invitation.answer_by, _SHORT))
    elif invitation.state is InvitationState.CHOSEN and slot is not None:
        state = _("rendez-vous %(when)s", when=when_said(slot))
    else:
        state = look
    files = (calendar_file(invitation, slot, to_family=False),) if slot is not None and invitation.state is InvitationState.CHOSEN else ()
    link = page_address(f"/orientations/{referral.reference}/rendez-vous")
    return write_letter(REFERRAL_NEWS, key=key, to=to, reference=referral.reference, state=state, link=link, enclosures=files)


@letter(TELL_PARTNER, _l("Rendez-vous d'une remise, à la structure"), _about)
def tell_partner(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Tell the partner what became of an appointment."""
    del subject_kind
    found = db.session.get(HandoverInvitation, subject_id)
    if found is None:
        raise NotTold
    refuse_overtaken(found, event)
    reader = reader_of(found.allocation.referral)
    if reader is None:
        raise NobodyToWriteTo
    with force_locale(reader.language):
        return partner_letter(found, f"{TELL_PARTNER}-{found.id}-{event or 0}", reader.address)
