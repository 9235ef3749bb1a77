"""On what somebody waited for the letter that offers it is looked at before its text is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.lending.reservations.models import Reservation
from refurb.lending.waits.effects import offer_letter
from refurb.lending.waits.models import Wait
from refurb.lending.waits.texts import WAIT_OFFER

MOST = 20


def _records() -> list[tuple[int, str]]:
    query = select(Wait.id, Wait.reference).join(Reservation, Reservation.id == Wait.reservation_id)
    query = query.where(Reservation.expires_at.is_not(None)).order_by(Wait.id.desc())
    return [(number, reference) for number, reference in db.session.execute(query.limit(MOST))]


def _letters(record: int) -> list[Letter]:
    return [offer_letter(db.session.get_one(Wait, record), "sample", sender_address(), sample_link())]


WAIT_SAMPLES = {WAIT_OFFER.name: TextSample(needs=Permission.BORROWER_READ, records=_records, shown=letters_on(_letters))}
