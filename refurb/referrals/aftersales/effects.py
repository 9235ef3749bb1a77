"""What follows the steps of a ticket: the mail that tells the family's partner to look, without a name or a word of what was written."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import page_address, write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter, refuse_overtaken
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _, _l
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.states import TELL_PARTNER_OF_TICKET, ticket_machine
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.cases.texts import REFERRAL_NEWS


def _about(facts: Mapping[str, Any]) -> About | None:
    ticket = db.session.get(Ticket, facts["subject_id"])
    if ticket is None:
        return None
    reader = reader_of(ticket.referral) if ticket.referral is not None else None
    return About(ticket.reference, f"/pannes/{ticket.reference}", reader.address if reader else None, Permission.REFERRAL_DECIDE)


@letter(TELL_PARTNER_OF_TICKET, _l("Nouvelle d'une panne à la structure"), _about)
def tell_partner_of_ticket(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Tell whoever referred a family what became of its trouble; nobody where no file says whose device it is."""
    del subject_kind
    ticket = db.session.get(Ticket, subject_id)
    if ticket is None or ticket.referral is None:
        raise NotTold
    refuse_overtaken(ticket, event)
    reader = reader_of(ticket.referral)
    if reader is None:
        raise NobodyToWriteTo
    with force_locale(reader.language):
        word = str(ticket_machine.looks[ticket.state].word).lower()
        reference = ticket.referral.reference
        return write_letter(
            REFERRAL_NEWS,
            key=f"{TELL_PARTNER_OF_TICKET}-{ticket.id}-{event or 0}",
            to=reader.address,
            reference=reference,
            state=_("panne %(reference)s, %(state)s", reference=ticket.reference, state=word),
            link=page_address(f"/orientations/{reference}"),
        )
