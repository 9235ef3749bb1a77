"""What must hold of the days and the numbers of a reservation; each refusal names its rule, its version, and the nearest days that do."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from refurb.directory.agenda.days import SiteDays
from refurb.kernel.deeds.rulings import RuledLine, ruled
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _, _n
from refurb.kernel.speech.words import day as day_said
from refurb.lending.handing import Handing
from refurb.lending.models import Product
from refurb.lending.reservations.models import Reservation
from refurb.lending.suspensions.rules import is_not_suspended
from refurb.lending.terms import LOANS, LoanPolicy, NeverOpen, Terms

SEARCHED_DAYS = 60
"""How far ahead the nearest possible days are looked for."""


class DatesReversed(Refusal):
    """What is reserved comes back after it has left."""

    code = "reservation.dates_reversed"
    status = 422


class InThePast(Refusal):
    """Nothing is reserved for a day that has passed."""

    code = "reservation.in_the_past"
    status = 422


class ClosedThatDay(Refusal):
    """Nobody is there on the day it would be fetched or brought back."""

    code = "reservation.closed_day"
    status = 422


class NoPassageThatDay(ClosedThatDay):
    """The vehicle does not come to the stop on that day."""

    code = "reservation.no_passage"


class NoPassageLeft(ClosedThatDay):
    """The vehicle does not come to the stop any more, as far as anything is planned."""

    code = "reservation.no_passage_left"


class VanHasLeft(Refusal):
    """The vehicle is loaded for that passage, or on the road: nothing more comes aboard."""

    code = "reservation.van_has_left"
    status = 422


class TooFarAhead(Refusal):
    """The category is not reserved so far ahead."""

    code = "reservation.too_far_ahead"
    status = 422


class TooLong(Refusal):
    """The category is not lent for so long."""

    code = "reservation.too_long"
    status = 422


class TooManyAtOnce(Refusal):
    """One borrower reserves so many of a category at the same time."""

    code = "reservation.too_many_at_once"
    status = 422


class NothingReserved(Refusal):
    """A reservation is of something."""

    code = "reservation.nothing_asked"
    status = 422


class NotFree(Conflict):
    """Not so many are free on these days."""

    code = "reservation.not_free"


class NoneFree(Conflict):
    """Not so many are free on these days, nor soon after."""

    code = "reservation.none_free"


class NotToCome(Conflict):
    """It has left, in part or whole, or is over: nothing of it is to be changed."""

    code = "reservation.not_to_come"


class AnswerTooLate(Conflict):
    """Nobody answered in time: what it held is free again."""

    code = "reservation.answer_too_late"


class WhichBorrower(Refusal):
    """Nobody, or more than one person, is meant by what was typed."""

    code = "reservation.which_borrower"
    status = 422


def answered_in_time(reservation: Reservation) -> None:
    """An answer is given while the things are held: later it would promise what it has not."""
    if reservation.expires_at is not None and reservation.expires_at <= now():
        raise AnswerTooLate(reference=reservation.reference, day=reservation.expires_at)


def loans_are_not_suspended(reservation: Reservation) -> None:
    """Nothing is promised to whose loans were suspended since it was asked: it would be kept from others, and refused at the counter."""
    is_not_suspended(reservation.borrower)


def days_are_possible(loans: LoanPolicy, products: Sequence[Product], from_on: date, to_on: date, days: SiteDays) -> None:
    """The days of a reservation lie ahead, in order, on open days, and within the terms of each product's category."""
    if from_on < today():
        raise InThePast(day=from_on)
    if to_on <= from_on:
        raise DatesReversed(day=from_on)
    for day in (from_on, to_on):
        if not loans.is_open(day, days):
            raise _closed(loans, day, days)
    for product in products:
        _within_terms(loans, loans.terms(product.category), from_on, to_on, days)


def _closed(loans: LoanPolicy, day: date, days: SiteDays) -> ClosedThatDay:
    if days.passages is None:
        return ClosedThatDay(day=day, nearest=loans.next_open(day, days))
    try:
        return NoPassageThatDay(day=day, nearest=loans.next_open(day, days))
    except NeverOpen:
        return NoPassageLeft(day=day)


def passages_ahead(loans: LoanPolicy, handing: Handing) -> list[date]:
    """The passages of a stop for which somebody who is not there can still ask: later than today, and a day is left to pack for them.

    None for what is kept where nobody ever packs.
    """
    ahead = sorted(each for each in handing.days.passages or () if each > today() and loans.is_open(each, handing.days))
    try:
        return [each for each in ahead if loans.last_open(each, handing.days_kept) >= today()]
    except NeverOpen:
        return []


def is_not_loaded(loans: LoanPolicy, from_on: date, handing: Handing) -> None:
    """A passage is asked for while it can be packed; the next one is named. At a place nothing is loaded."""
    if handing.handover_id is None:
        return
    ahead = passages_ahead(loans, handing)
    if from_on not in ahead:
        later = next((each for each in ahead if each > from_on), None)
        raise VanHasLeft(day=from_on, nearest=later) if later else NoPassageLeft(day=from_on)


def _within_terms(loans: LoanPolicy, terms: Terms, from_on: date, to_on: date, days: SiteDays) -> None:
    furthest = today() + timedelta(days=terms.advance)
    if from_on > furthest:
        refusal = TooFarAhead(rule=terms.name, version=loans.version, days=terms.advance, nearest=_last_open(loans, furthest, days))
        line = _n(
            "%(name)s : réservable %(num)s jour à l'avance",
            "%(name)s : réservable %(num)s jours à l'avance",
            terms.advance,
            name=terms.name,
        )
        raise ruled(refusal, LOANS.name, loans.version, RuledLine(line, _("jusqu'au %(day)s", day=day_said(furthest))))
    latest = loans.latest(terms, from_on, days)
    if to_on > latest:
        refused = TooLong(rule=terms.name, version=loans.version, days=terms.longest, nearest=latest)
        ruling = loans.due_ruling(terms, from_on, days)
        most = _n("%(name)s : %(num)s jour au plus", "%(name)s : %(num)s jours au plus", terms.longest, name=terms.name)
        won = RuledLine(most, _("au plus tard le %(day)s", day=day_said(latest)))
        lost = (each for each in (ruling.won, *ruling.lost) if each.said != most)
        raise ruled(refused, LOANS.name, loans.version, won, lost)


def _last_open(loans: LoanPolicy, day: date, days: SiteDays) -> date:
    while day > today() and not loans.is_open(day, days):
        day -= timedelta(days=1)
    return day


def spans_near(loans: LoanPolicy, terms: Terms, from_on: date, to_on: date, handing: Handing) -> Iterator[tuple[date, date, date]]:
    """Days after those asked on which a reservation of the same length could begin: (day, taken from, taken until).

    At a stop it ends on the first passage after that length, within the terms.
    """
    furthest, length, days = today() + timedelta(days=terms.advance), to_on - from_on, handing.days
    for later in range(1, SEARCHED_DAYS):
        day = from_on + timedelta(days=later)
        if day <= furthest and loans.is_open(day, days) and (back := back_after(loans, terms, day, length, handing)):
            yield day, loans.taken_from(terms, day, handing), loans.taken_until(terms, back, handing)


def back_after(loans: LoanPolicy, terms: Terms, day: date, length: timedelta, handing: Handing) -> date | None:
    """The day on which what leaves on a day, for so long, comes back; None where that is no day of the place, or there is no passage."""
    back = day + length
    if handing.handover_id is None:
        return back if loans.is_open(back, handing.days) else None
    ahead = sorted(each for each in handing.days.passages or () if each > day and loans.is_open(each, handing.days))
    within = [each for each in ahead if each <= loans.latest(terms, day, handing.days)] if ahead else []
    return next((each for each in within if each >= back), within[-1] if within else None)
