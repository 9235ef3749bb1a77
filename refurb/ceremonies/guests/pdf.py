"""A letter to a guest on paper, to be folded for an envelope with a window, with the code that a telephone opens."""

from flask_babel import force_locale

from refurb.ceremonies.guests.effects import LANGUAGE, ceremony_letter, guest_letter, own_address
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.texts import CEREMONY_GUEST
from refurb.ceremonies.guests.words import GuestAnswer, GuestTelling
from refurb.documents.actions import issuer_today
from refurb.documents.content import Content, Paragraph, each_text
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound

_UNANSWERED = (GuestAnswer.TO_SEND, GuestAnswer.INVITED)


def letter_due(invitation: CeremonyInvitation) -> GuestTelling | None:
    """What a guest who has no e-mail address is to be told on paper now; None where nothing is, or where it was posted."""
    due = _to_tell(invitation)
    return None if due is None or invitation.posted == posted_as(invitation, due) else due


def posted_as(invitation: CeremonyInvitation, told: GuestTelling) -> str:
    """How a letter is noted once it was posted: what it tells, and for which date of the ceremony."""
    return f"{told.value}-{invitation.ceremony.sequence}"


def _to_tell(invitation: CeremonyInvitation) -> GuestTelling | None:
    ceremony = invitation.ceremony
    if ceremony.thanked_at is not None and invitation.arrived:
        return GuestTelling.THANKED
    if invitation.state.is_off:
        return GuestTelling.OFF if invitation.invited_at is not None else None
    if not ceremony.state.is_planned or invitation.state.is_declined:
        return None
    if ceremony.moved_at is not None and invitation.invited_at is not None and ceremony.moved_at > invitation.invited_at:
        return GuestTelling.MOVED
    # Whoever has answered, by telephone perhaps, was invited: nothing is to be posted.
    return GuestTelling.INVITED if invitation.state in _UNANSWERED else None


def letter_pdf(invitation: CeremonyInvitation, told: GuestTelling = GuestTelling.INVITED) -> bytes:
    """A letter as an A4 page, no paper of ours: without a number. A family has none: its letter box is shared."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    if invitation.guest is None:
        raise NotFound
    with force_locale(LANGUAGE):
        link = own_address(invitation)
        if told is GuestTelling.INVITED:
            written = guest_letter(invitation.guest, invitation, "", link)
        else:
            written = ceremony_letter(CEREMONY_GUEST, invitation.ceremony, invitation, told, key="shown", to="", link=link)
        to = tuple(map(without_pictures, [invitation.guest.name, *(invitation.guest.address or "").splitlines()]))
        blocks = tuple(Paragraph(each) for each in written.text.strip().split("\n\n"))
        content = Content("", written.subject, "", today(), issuer_today(), None, blocks)
        leads_to = link if told in {GuestTelling.INVITED, GuestTelling.MOVED} else ""
        return render(each_text(content, without_pictures), verify_url=None, digest="", images={}, leads_to=leads_to, to=to)
