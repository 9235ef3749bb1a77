"""On which reservations without an account the letters are looked at before their text is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.lending.catalogue.displaced import back_letter, off_letter
from refurb.lending.catalogue.effects import link_letter, news_letter
from refurb.lending.catalogue.texts import ONLINE_LINK, ONLINE_NEWS, PASSAGE_OFF
from refurb.lending.models import Borrower
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.online import OnlineRequest

MOST = 20


def _records() -> list[tuple[int, str]]:
    query = select(Reservation.id, Reservation.reference).join(OnlineRequest, OnlineRequest.reservation_id == Reservation.id)
    query = query.join(Borrower, Borrower.id == Reservation.borrower_id).where(Borrower.email.is_not(None))
    return [(number, reference) for number, reference in db.session.execute(query.order_by(Reservation.id.desc()).limit(MOST))]


def _link(record: int) -> list[Letter]:
    return [link_letter(db.session.get_one(Reservation, record), sample_link())]


def _news(record: int) -> list[Letter]:
    return [news_letter(db.session.get_one(Reservation, record), sample_link())]


def _at_stops() -> list[tuple[int, str]]:
    query = select(Reservation.id, Reservation.reference).join(Borrower, Borrower.id == Reservation.borrower_id)
    query = query.where(Borrower.email.is_not(None), Reservation.handover_id.is_not(None))
    return [(number, reference) for number, reference in db.session.execute(query.order_by(Reservation.id.desc()).limit(MOST))]


def _off(record: int) -> list[Letter]:
    found = db.session.get_one(Reservation, record)
    return [each(found, found.from_on, sender_address(), sample_link()) for each in (off_letter, back_letter)]


ONLINE_SAMPLES = {
    ONLINE_LINK.name: TextSample(needs=Permission.BORROWER_READ, records=_records, shown=letters_on(_link)),
    PASSAGE_OFF.name: TextSample(needs=Permission.BORROWER_READ, records=_at_stops, shown=letters_on(_off)),
    ONLINE_NEWS.name: TextSample(needs=Permission.BORROWER_READ, records=_records, shown=letters_on(_news)),
}
