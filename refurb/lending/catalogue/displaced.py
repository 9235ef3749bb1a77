"""Tell whoever reserved at a stop that the passage does not take place: which comes next, and the link by which another is chosen."""

from collections.abc import Mapping, Sequence
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
from refurb.kernel.deeds.effects import Effect, Nothing, plan
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, Overtaken, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l
from refurb.kernel.speech.words import day as day_said
from refurb.lending.catalogue.mine import own_url, passages_off
from refurb.lending.catalogue.texts import PASSAGE_OFF
from refurb.lending.claims.pools import hold, pools_lent_from
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.online import online_request_of
from refurb.lending.reservations.words import TO_COME

TELL_PASSAGE_OFF = "tell_passage_off"
TELL_PASSAGE_BACK = "tell_passage_back"


class PassageBack(Nothing):
    """The passage takes place after all, or the reservation is for another one, or over: nothing is to be told."""

    code = "letter.passage_back"


def tell_displaced(_actor: Actor, span: ClosedSpan) -> None:
    """Whoever was to fetch or bring back something at a passage that is off is told by letter; the reservation stays as it was agreed.

    Who has no address stands on the list of the passage, by reference: the desk calls.
    """
    hold(pools_lent_from())  # Whoever reserves holds the pool before looking at the days: what was promised first is told here.
    for each in _reserved_on(span):
        told = len(_letters(TELL_PASSAGE_OFF, each.id, span.first))
        facts: dict[str, Any] = {"reservation_id": each.id, "day": span.first.isoformat()} | ({"again": told} if told else {})
        plan(TELL_PASSAGE_OFF, **facts)


def tell_back(_actor: Actor, span: ClosedSpan) -> None:
    """Whoever was told that a passage is off is told that it takes place after all."""
    for each in _reserved_on(span):
        off, back = (_letters(kind, each.id, span.first) for kind in (TELL_PASSAGE_OFF, TELL_PASSAGE_BACK))
        if off and (not back or back[-1].id < off[-1].id):
            plan(TELL_PASSAGE_BACK, reservation_id=each.id, day=span.first.isoformat(), told=len(off))


def _reserved_on(span: ClosedSpan) -> list[Reservation]:
    """What is to be fetched or brought back at a passage by whoever has an address."""
    on_it = or_(Reservation.from_on == span.first, Reservation.to_on == span.first)
    query = select(Reservation).where(Reservation.handover_id == span.site_id, Reservation.state.in_(TO_COME), on_it)
    return [each for each in db.session.scalars(query.order_by(Reservation.id)) if each.borrower.email]


def _letters(kind: str, reservation_id: int, day: date) -> Sequence[Effect]:
    """The letters of a kind that were planned for a reservation about a day, in their order."""
    about = Effect.facts["reservation_id"].as_integer() == reservation_id, Effect.facts["day"].as_string() == day.isoformat()
    return db.session.scalars(select(Effect).where(Effect.kind == kind, *about).order_by(Effect.id)).all()


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Reservation, facts["reservation_id"])
    if found is None:
        return None
    return About(found.reference, f"/reservations/{found.reference}", found.borrower.email, Permission.BORROWER_READ)


@letter(TELL_PASSAGE_OFF, _l("Un passage du bus n'a pas lieu, à qui y a réservé"), _about)
def mail_passage_off(*, reservation_id: int, day: str, again: int = 0) -> Letter:
    """Tell it, unless it takes place after all or another passage was chosen since."""
    found, off = db.session.get(Reservation, reservation_id), date.fromisoformat(day)
    if found is None or off not in passages_off(found):
        raise PassageBack
    if not found.borrower.email:
        raise NobodyToWriteTo
    with _language_of(found):
        return off_letter(found, off, found.borrower.email, again=again)


@letter(TELL_PASSAGE_BACK, _l("Un passage du bus a lieu, finalement, à qui y a réservé"), _about)
def mail_passage_back(*, reservation_id: int, day: str, told: int) -> Letter:
    """Tell it to whom the letter before has left, unless that is no longer so."""
    found, on = db.session.get(Reservation, reservation_id), date.fromisoformat(day)
    before = _letters(TELL_PASSAGE_OFF, reservation_id, on)
    if not before or before[-1].done_at is None or before[-1].fault in _NEVER_LEFT:
        raise PassageBack
    if found is None or not found.state.is_to_come or on not in {found.from_on, found.to_on} or on in passages_off(found):
        raise Overtaken
    if not found.borrower.email:
        raise NobodyToWriteTo
    with _language_of(found):
        return back_letter(found, on, found.borrower.email, told=told)


_NEVER_LEFT = frozenset({PassageBack.code, NobodyToWriteTo.code})


def _language_of(reservation: Reservation) -> Any:
    asked = online_request_of(reservation)
    return force_locale(asked.language if asked else "fr")


def off_letter(reservation: Reservation, off: date, to: str, link: str | None = None, again: int = 0) -> Letter:
    """The letter: which day, at which stop, what comes next. Nothing that a stranger typed is repeated.

    `again` is how often it was told of that day before: each letter has a name of its own.
    """
    stop = reservation.handover_id
    row = passage_on(stop, off) if stop is not None else None
    later = next_passage(stop, off) if stop is not None else None
    instead = row.moved_to if row is not None and row.moved_to is not None else later.day if later is not None else None
    return write_letter(
        PASSAGE_OFF,
        key=f"passage_off-{reservation.id}-{off.isoformat()}" + (f"-{again}" if again else ""),
        to=to,
        reference=reservation.reference,
        day=day_said(off, "full"),
        place=site_name(stop or reservation.site_id),
        next=day_said(instead, "full") if instead else "",
        link=link or own_url(reservation),
    )


def back_letter(reservation: Reservation, on: date, to: str, link: str | None = None, told: int = 1) -> Letter:
    """The letter: the passage takes place after all, and the reservation stays as it was."""
    return write_letter(
        PASSAGE_OFF,
        key=f"passage_back-{reservation.id}-{on.isoformat()}-{told}",
        to=to,
        subject="back_subject",
        body="back",
        reference=reservation.reference,
        day=day_said(on, "full"),
        place=site_name(reservation.handover_id or reservation.site_id),
        link=link or own_url(reservation),
    )
