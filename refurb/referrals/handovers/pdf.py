"""The invitation on paper: the words of the letter, with the code that a telephone opens."""

from flask_babel import force_locale

from refurb.documents.actions import issuer_today
from refurb.documents.content import Content, Paragraph, each_text
from refurb.kernel.speech.clock import today
from refurb.referrals.handovers.effects import LANGUAGE, invitation_letter, own_address
from refurb.referrals.handovers.models import HandoverInvitation


def letter_pdf(invitation: HandoverInvitation) -> bytes:
    """The letter as an A4 page, no paper of ours: without a number, and without a name, since a letter box is shared."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used
    from refurb.documents.typeset import without_pictures  # noqa: PLC0415 - the same

    with force_locale(LANGUAGE):
        link = own_address(invitation)
        written = invitation_letter(invitation, "printed", "", link)
        lead, *paragraphs = written.text.strip().split("\n\n")
        reference = invitation.allocation.referral.reference
        blocks = tuple(Paragraph(each) for each in paragraphs)
        content = Content("", written.subject, reference, today(), issuer_today(), lead, blocks)
        return render(each_text(content, without_pictures), verify_url=None, digest="", images={}, leads_to=link)
