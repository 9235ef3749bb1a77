"""On which workshops the letter to a partner is looked at before its text is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.lending.reservations.models import Reservation
from refurb.lending.series.effects import workshop_letter
from refurb.lending.series.texts import WORKSHOP_NEWS

MOST = 20


def _records() -> list[tuple[int, str]]:
    query = select(Reservation.id, Reservation.reference).where(Reservation.asked_by.is_not(None)).order_by(Reservation.id.desc())
    return [(number, reference) for number, reference in db.session.execute(query.limit(MOST))]


def _letters(record: int) -> list[Letter]:
    return [workshop_letter(db.session.get_one(Reservation, record), "sample", sender_address())]


WORKSHOP_SAMPLES = {WORKSHOP_NEWS.name: TextSample(needs=Permission.LOAN_READ, records=_records, shown=letters_on(_letters))}
