"""What goes of tickets when a family is forgotten, or some time after they are closed; what stays is counted."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.history import erase_notes
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.speech.clock import now
from refurb.referrals.aftersales.models import Ticket


def erase_tickets(numbers: Sequence[int]) -> None:
    """Erase what was written and sent with some tickets: words, telephone, picture, place, notes. Device, cause and days stay."""
    for ticket in db.session.scalars(select(Ticket).where(Ticket.id.in_(numbers))):
        let_go([ticket.photo])
        ticket.words = ticket.phone = ticket.photo = ticket.appointment_place = None
        ticket.own_machine = ticket.own_machine and ERASED
        ticket.forgotten_at = now()
    erase_notes(Ticket.KIND, numbers)


def erase_tickets_of(referrals: Sequence[int]) -> None:
    """The same of all tickets of some families."""
    erase_tickets(db.session.scalars(select(Ticket.id).where(Ticket.referral_id.in_(referrals))).all())
