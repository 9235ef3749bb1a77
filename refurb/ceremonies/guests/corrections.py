"""Correct what is written of a guest, close a link that went to somebody else, and forget whoever asks for it before the term."""

from typing import Any

from refurb.ceremonies.guests.actions import send_again
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.pdf import letter_due, posted_as
from refurb.ceremonies.guests.queries import is_invited
from refurb.ceremonies.guests.rules import GuestTwice, NothingToPost, StillInvited
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.retention import forget_invited
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.errors import Fault, Invalid, NotFound


def change_guest(actor: Actor, invitation: CeremonyInvitation, *, kind: GuestKind, name: str, **told: Any) -> None:
    """Correct what is written of a guest; raises `GuestTwice`.

    A link is an address's: whoever was asked at another one is written to anew; what was posted to another one is to be posted anew.
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation.ceremony)
    lock(invitation)
    guest = invitation.guest
    if guest is None or guest.forgotten_at is not None:
        raise NotFound
    email = told.pop("email", None) or None
    if kind is GuestKind.DONOR and told.get("organisation_id") is None:
        raise Invalid({"organisation_id": [Fault("ceremony.donor_of_what")]})
    has_moved = (email or "").casefold() != (guest.email or "").casefold()
    if email and has_moved and is_invited(invitation.ceremony, email):
        raise GuestTwice(email=email)
    guest.kind, guest.name, guest.email = kind, name, email
    if "address" in told and (told["address"] or None) != guest.address:
        invitation.posted = None
    for field, value in told.items():
        setattr(guest, field, value or None if field == "address" else value)
    if email and has_moved:
        send_again(invitation)
    record(invitation, "corrected", actor)


def close_link(actor: Actor, invitation: CeremonyInvitation) -> None:
    """The link that was given opens nothing any more; another is made, which has to be given anew."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    invitation.link_round += 1
    record(invitation, "link_closed", actor)


def note_posted(actor: Actor, invitation: CeremonyInvitation) -> None:
    """The letter that a guest is to be told by was posted; raises `NothingToPost` where none is due, or it was noted already."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    due = letter_due(invitation) if invitation.guest is not None else None
    if due is None:
        raise NothingToPost
    invitation.posted = posted_as(invitation, due)
    record(invitation, "posted", actor, told=due.value)


def forget_guest(actor: Actor, invitation: CeremonyInvitation) -> None:
    """Forget a guest before the term; raises `StillInvited` for whoever is to be let in."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(invitation)
    if invitation.guest is None:
        raise NotFound
    if invitation.ceremony.state.is_to_come and not (invitation.state.is_off or invitation.state.is_declined):
        raise StillInvited
    forget_invited([invitation.id])
    record(invitation, "forgotten", actor)
