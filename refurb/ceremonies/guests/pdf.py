"""The invitation of a guest on paper: the words of the letter, to be folded for an envelope, with the code that a telephone opens."""

from flask_babel import force_locale

from refurb.ceremonies.guests.effects import LANGUAGE, guest_letter, own_address
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.documents.actions import issuer_today
from refurb.documents.content import Content, Paragraph, each_text
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound


def invitation_pdf(invitation: CeremonyInvitation) -> bytes:
    """The letter as an A4 page, no paper of ours: without a number. A family has none: its letter box is shared."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    if invitation.guest is None:
        raise NotFound
    with force_locale(LANGUAGE):
        link = own_address(invitation)
        written = guest_letter(invitation.guest, invitation, "", link)
        lead, *paragraphs = written.text.strip().split("\n\n")
        to = tuple(map(without_pictures, [invitation.guest.name, *(invitation.guest.address or "").splitlines()]))
        blocks = tuple(Paragraph(each) for each in paragraphs)
        content = Content("", written.subject, "", today(), issuer_today(), lead, blocks)
        return render(each_text(content, without_pictures), verify_url=None, digest="", images={}, leads_to=link, to=to)
