"""What must hold before a loan begins, is signed, ends; each refusal says what is in the way."""

from datetime import date

from refurb.directory.agenda.days import SiteDays
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.items.rules import (
    NotCounted,
)
from refurb.lending.models import Loan, LoanLine
from refurb.lending.terms import LoanPolicy, Terms


class ItemTwice(Refusal):
    """The same item stands twice on one loan."""

    code = "item.twice"
    status = 422


class NoItemScanned(Refusal):
    """A loan has at least one item."""

    code = "loan.empty"
    status = 422


class TooMany(Refusal):
    """More items than the policy lets go out at once."""

    code = "loan.too_many"
    status = 422


class TwoPlaces(Conflict):
    """What leaves together is kept at one place: it comes back there, on its days."""

    code = "loan.two_places"


class NoBorrower(Refusal):
    """Nobody's card was scanned."""

    code = "loan.no_borrower"
    status = 422


class NotSigned(Refusal):
    """The agreement is signed, on the screen or on paper, before anything leaves."""

    code = "loan.not_signed"
    status = 422


class NoAddress(Conflict):
    """Whoever borrows has no e-mail address: nothing is sent."""

    code = "loan.no_address"


class AllBack(Conflict):
    """Nothing of the loan is out any more: nobody signs for it."""

    code = "loan.all_back"


class NameDiffers(Refusal):
    """The name that was typed is not the one in the agreement."""

    code = "loan.name_differs"
    status = 422


class TextChanged(Conflict):
    """The loan changed after its text was sent: that text is not signed any more."""

    code = "loan.text_changed"


class DueOutOfBounds(Refusal):
    """The day of return is before tomorrow or later than the policy allows."""

    code = "loan.due_out_of_bounds"
    status = 422


class DueClosed(Refusal):
    """Nobody is there to take it back on that day."""

    code = "loan.due_closed"
    status = 422


class GoneSince(Conflict):
    """The thing has left again, or is gone, since it came back: that return stays."""

    code = "loan.gone_since"


class StillOut(Conflict):
    """A loan closes when its last line is back."""

    code = "loan.still_out"


def every_line_is_back(loan: Loan) -> None:
    """Nothing of the loan is out any more, and every component of every line is accounted for."""
    out = [line for line in loan.lines if line.back_at is None]
    if out:
        raise StillOut(count=len(out))
    uncounted = [count.name for line in loan.lines for count in line.counts if count.state_back is None]
    if uncounted:
        raise NotCounted(count=len(uncounted), names=", ".join(uncounted))


def due_day_is_open(loans: LoanPolicy, terms: Terms, out_on: date, due_on: date, days: SiteDays) -> None:
    """The day of return lies within the terms, and somebody is at the place of these days."""
    latest = loans.latest(terms, out_on, days)
    if not out_on < due_on <= latest:
        raise DueOutOfBounds(longest=terms.longest, latest=latest)
    if not loans.is_open(due_on, days):
        raise DueClosed(due=due_on)


def handed_in_at(actor: Actor, line: LoanLine, site_id: int | None) -> int:
    """Where a thing is handed in: there where it is said to be, else at its own place. Raises `Invalid` where we have no such place."""
    place = line.item.site_id if site_id is None else site_id
    return place if place in {line.item.site_id, line.loan.handover_id} else chosen_site(actor, place)


def done_near(actor: Actor, line: LoanLine, site_id: int | None) -> int:
    """For which place a return is done, or undone, there: what was lent at a stop is expected at the stop and where it is kept.

    Who works at either of the two receives it at both; elsewhere who works there does.
    """
    place = handed_in_at(actor, line, site_id)
    expected = {line.item.site_id, line.loan.handover_id}
    hers = expected & (actor.sites_for(Permission.LOAN_WRITE) or set())
    return min(each for each in hers if each is not None) if place in expected and hers and place not in hers else place


def given_back_at(actor: Actor, line: LoanLine, site_id: int | None) -> int | None:
    """Where a thing stands that was given back elsewhere; None where it is expected: at its place, or at the stop of its loan."""
    place = handed_in_at(actor, line, site_id)
    return None if place in {line.item.site_id, line.loan.handover_id} else place
