"""The letters of a ceremony: what a guest or a family is told, with the calendar file; nothing once something else is so."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale

from refurb.ceremonies.guests.actions import MAIL_FAMILY, MAIL_GUEST
from refurb.ceremonies.guests.models import CeremonyGuest, CeremonyInvitation
from refurb.ceremonies.guests.queries import thanked_by_name
from refurb.ceremonies.guests.reached import family_address, family_invitation, is_awaited, mail_address
from refurb.ceremonies.guests.rules import last_day
from refurb.ceremonies.guests.shown import access_said, figure_said, programme_lines, when_said
from refurb.ceremonies.guests.texts import CEREMONY_FAMILY, CEREMONY_GUEST
from refurb.ceremonies.guests.words import GuestAnswer, GuestTelling
from refurb.ceremonies.models import Ceremony
from refurb.directory.letters import page_address, write_letter
from refurb.directory.queries import home
from refurb.documents.links import make_addressed_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Enclosure, Letter, sender_address
from refurb.kernel.deeds.policy import PolicyFile
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.calendar import MIMETYPE, CalendarEntry, write_calendar
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l, day

INVITATION_LINK = "ceremony invitation"
"""The purpose of the link in an invitation: it answers, and changes the answer."""
FILE_NAME = "ceremonie.ics"
LANGUAGE = "fr"
_ANSWERS = {GuestAnswer.COMING: "coming", GuestAnswer.WAITING: "waiting", GuestAnswer.DECLINED: "declined"}


def reached_at(invitation: CeremonyInvitation) -> str:
    """For what address a link is made: one that was sent to another opens nothing any more."""
    known = mail_address(invitation) or (invitation.guest.address if invitation.guest else None) or ""
    return in_its_round(invitation, known)


def in_its_round(invitation: CeremonyInvitation, address: str) -> str:
    """For what a link is made once a former one was closed."""
    return f"{address} {invitation.link_round}" if invitation.link_round else address


def own_address(invitation: CeremonyInvitation) -> str:
    """The address at which somebody answers."""
    return page_address(f"/invitation/{make_addressed_link(INVITATION_LINK, invitation.id, reached_at(invitation))}")


def facts_of(ceremony: Ceremony, invitation: CeremonyInvitation | None, link: str) -> dict[str, Any]:
    """What fills the fields of a ceremony's letters and messages, in the language of the moment."""
    guest = invitation.guest if invitation else None
    names = ", ".join(thanked_by_name(ceremony)) if guest else ""
    return {
        "when": when_said(ceremony),
        "where": ceremony.place,
        "access": access_said(ceremony),
        "programme": "\n".join(f"{hour} : {what}" for hour, what in programme_lines(ceremony)),
        "until": day(last_day(ceremony), "d MMMM"),
        "phone": spell_phone(home().phone),
        "name": guest.name if guest else "",
        "figure": figure_said(guest) if guest else "",
        "thanks": CEREMONY_GUEST.in_force().say("support", thanks=names) if names else "",
        "places": invitation.places if invitation else 0,
        "link": link,
    }


def passage_of(invitation: CeremonyInvitation | None, told: GuestTelling) -> str:
    """Which passages say it, where the invitation stands as it is told. Raises `NotTold` where it does not any more."""
    if invitation is None or told in {GuestTelling.MOVED, GuestTelling.THANKED}:
        return told.value
    if told is GuestTelling.OFF:
        if not invitation.state.is_off:
            raise NotTold
        return "withdrawn" if invitation.guest and invitation.ceremony.state.is_to_come else told.value
    if told in {GuestTelling.INVITED, GuestTelling.REMINDED} and invitation.state is not GuestAnswer.INVITED:
        raise NotTold
    if told is GuestTelling.EVE and not invitation.state.is_coming:
        raise NotTold
    if told is GuestTelling.ANSWERED:
        if invitation.state not in _ANSWERS:
            raise NotTold
        return _ANSWERS[invitation.state]
    return told.value


def ceremony_letter(
    file: PolicyFile[Wording],
    ceremony: Ceremony,
    invitation: CeremonyInvitation | None,
    told: GuestTelling,
    *,
    key: str,
    to: str,
    link: str,
) -> Letter:
    """One letter of a ceremony; with the calendar file where somebody is expected, or was."""
    passage = passage_of(invitation, told)
    files: tuple[Enclosure, ...] = ()
    if told is GuestTelling.OFF or (invitation is not None and invitation.state.is_coming and told is not GuestTelling.THANKED):
        files = (calendar_file(ceremony, cancelled=told is GuestTelling.OFF),)
    facts = facts_of(ceremony, invitation, link)
    return write_letter(file, key=key, to=to, subject=f"{passage}.subject", body=f"{passage}.body", enclosures=files, **facts)


def calendar_entry(ceremony: Ceremony, *, cancelled: bool = False) -> CalendarEntry:
    """The ceremony for a calendar; it says whom nobody is."""
    card, host = home(), urlsplit(current_app.config["BASE_URL"]).hostname
    return CalendarEntry(
        uid=f"ceremonie-{ceremony.id}@{host}",
        sequence=ceremony.sequence,
        stamp=now(),
        starts_at=ceremony.starts_at,
        ends_at=ceremony.ends_at,
        summary=_("Rendez-vous chez %(home)s", home=card.name),
        location=ceremony.place,
        description=spell_phone(card.phone),
        organizer=card.name,
        organizer_email=card.email or sender_address(),
        cancelled=cancelled,
    )


def calendar_file(ceremony: Ceremony, *, cancelled: bool = False) -> Enclosure:
    """The calendar file that goes with a letter."""
    return Enclosure(FILE_NAME, MIMETYPE, write_calendar(calendar_entry(ceremony, cancelled=cancelled)))


def _page(ceremony_id: int) -> str:
    return f"/ceremonies/{ceremony_id}"


def _about_guest(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(CeremonyInvitation, facts["invitation_id"])
    if found is None or found.guest is None:
        return None
    return About(found.ceremony.title, _page(found.ceremony_id), found.guest.email, Permission.CEREMONY_READ)


@letter(MAIL_GUEST, _l("Invitation à une cérémonie"), _about_guest)
def mail_ceremony_guest(*, invitation_id: int, told: str, sequence: int) -> Letter:
    """Write to a guest, unless the invitation says something else by now."""
    found = db.session.get(CeremonyInvitation, invitation_id)
    if found is None or found.guest is None or found.sequence != sequence:
        raise NotTold
    if not found.guest.email:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return ceremony_letter(
            CEREMONY_GUEST, found.ceremony, found, GuestTelling(told), key=f"{MAIL_GUEST}-{found.id}-{told}-{sequence}",
            to=found.guest.email, link=own_address(found),
        )  # fmt: skip


def _about_family(facts: Mapping[str, Any]) -> About | None:
    ceremony = db.session.get(Ceremony, facts["ceremony_id"])
    if ceremony is None:
        return None
    return About(ceremony.title, _page(ceremony.id), family_address(facts["allocation_id"]), Permission.REFERRAL_DECIDE)


@letter(MAIL_FAMILY, _l("Invitation d'une famille à une cérémonie"), _about_family)
def mail_ceremony_family(*, ceremony_id: int, allocation_id: int, told: str, sequence: int) -> Letter:
    """Write to a family, unless its invitation says something else by now, or no device waits for it any more."""
    found = family_invitation(ceremony_id, allocation_id)
    if found is None or found.sequence != sequence or (told != GuestTelling.THANKED and not is_awaited(allocation_id)):
        raise NotTold
    address = family_address(allocation_id)
    if not address:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return ceremony_letter(
            CEREMONY_FAMILY, found.ceremony, found, GuestTelling(told),
            key=f"{MAIL_FAMILY}-{ceremony_id}-{allocation_id}-{told}-{sequence}", to=address, link=own_address(found),
        )  # fmt: skip


def guest_letter(guest: CeremonyGuest, invitation: CeremonyInvitation, to: str, link: str) -> Letter:
    """The invitation of a guest as it would leave, whatever was answered since: to be read before, and printed."""
    facts = facts_of(invitation.ceremony, invitation, link)
    return write_letter(CEREMONY_GUEST, key="shown", to=to, subject="invited.subject", body="invited.body", **facts | {"name": guest.name})
