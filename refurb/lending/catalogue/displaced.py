"""Tell whoever reserved at a stop that the passage does not take place: which comes next, and the link by which another is chosen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import force_locale
from sqlalchemy import or_, select

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.letters import write_letter
from refurb.directory.rota.queries import next_passage
from refurb.directory.rota.rules import passage_on
from refurb.directory.sites.queries import site_name
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing, plan
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l
from refurb.kernel.speech.words import day as day_said
from refurb.lending.catalogue.mine import own_url, passages_off
from refurb.lending.catalogue.texts import PASSAGE_OFF
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.online import online_request_of
from refurb.lending.reservations.words import TO_COME

TELL_PASSAGE_OFF = "tell_passage_off"


class PassageBack(Nothing):
    """The passage takes place after all, or the reservation is for another one, or over: nothing is to be told."""

    code = "letter.passage_back"


def tell_displaced(_actor: Actor, span: ClosedSpan) -> None:
    """Whoever was to fetch or bring back something at a passage that is off is told by letter; the reservation stays as it was agreed.

    Who has no address stands on the list of the passage, by reference: the desk calls.
    """
    on_it = or_(Reservation.from_on == span.first, Reservation.to_on == span.first)
    query = select(Reservation).where(Reservation.handover_id == span.site_id, Reservation.state.in_(TO_COME), on_it)
    for each in db.session.scalars(query.order_by(Reservation.id)):
        if each.borrower.email:
            plan(TELL_PASSAGE_OFF, reservation_id=each.id, day=span.first.isoformat())


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Reservation, facts["reservation_id"])
    if found is None:
        return None
    return About(found.reference, f"/reservations/{found.reference}", found.borrower.email, Permission.BORROWER_READ)


@letter(TELL_PASSAGE_OFF, _l("Un passage du bus n'a pas lieu, à qui y a réservé"), _about)
def mail_passage_off(*, reservation_id: int, day: str) -> Letter:
    """Tell it, unless it takes place after all or another passage was chosen since."""
    found, off = db.session.get(Reservation, reservation_id), date.fromisoformat(day)
    if found is None or off not in passages_off(found):
        raise PassageBack
    if not found.borrower.email:
        raise NobodyToWriteTo
    asked = online_request_of(found)
    with force_locale(asked.language if asked else "fr"):
        return off_letter(found, off, found.borrower.email)


def off_letter(reservation: Reservation, off: date, to: str, link: str | None = None) -> Letter:
    """The letter: which day, at which stop, what comes next. Nothing that a stranger typed is repeated."""
    stop = reservation.handover_id
    row = passage_on(stop, off) if stop is not None else None
    later = next_passage(stop, off) if stop is not None else None
    instead = row.moved_to if row is not None and row.moved_to is not None else later.day if later is not None else None
    return write_letter(
        PASSAGE_OFF,
        key=f"passage_off-{reservation.id}-{off.isoformat()}",
        to=to,
        reference=reservation.reference,
        day=day_said(off, "full"),
        place=site_name(stop or reservation.site_id),
        next=day_said(instead, "full") if instead else "",
        link=link or own_url(reservation),
    )
