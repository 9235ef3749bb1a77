"""Which line of which rule decides about a reservation, and which lost: for the pages that tell it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from refurb.kernel.deeds.rulings import RuledLine, Ruling
from refurb.kernel.speech.words import _, _n
from refurb.kernel.speech.words import day as day_said
from refurb.lending.handing import Handing
from refurb.lending.models import Product
from refurb.lending.reservations.models import Reservation
from refurb.lending.rulings import TermsRuling
from refurb.lending.terms import LOANS, LoanPolicy, Terms, loan_policy


def kept_days(
    loans: LoanPolicy, products: Sequence[Product], from_on: date, to_on: date, handing: Handing
) -> list[tuple[date, Callable[[], str]]]:
    """Each day past which it is not kept, with the line that says so: of each category, and the end of the days for which it is taken."""
    terms = {each.category: loans.terms(each.category) for each in products}
    taken_until = min(loans.taken_until(each, to_on, handing) for each in terms.values())
    found = [(from_on + timedelta(days=each.kept), partial(_kept_line, each)) for each in terms.values()]
    return [*found, (taken_until - timedelta(days=1), _taken_line)]


def _taken_line() -> str:
    return _("La fin des jours réservés")


def _kept_line(terms: Terms) -> str:
    return _n("%(name)s : attendu %(num)s jour", "%(name)s : attendu %(num)s jours", terms.kept, name=terms.name)


def keeping_ruling(reservation: Reservation) -> Ruling | None:
    """Until when a reservation is kept, and why, by the rule under which it was made; None where that rule is not to be had any more."""
    loans = LOANS.decided_under(reservation.policy_version)
    if loans is None:
        return None
    products = [each.product for each in reservation.lines]
    found = kept_days(loans, products, reservation.from_on, reservation.to_on, reservation.handing)
    lines = [RuledLine(said(), _("jusqu'au %(day)s", day=day_said(day))) for day, said in sorted(found, key=lambda each: each[0])]
    return Ruling(LOANS.name, loans.version, lines[0], tuple(lines[1:]))


def rulings_of(reservation: Reservation) -> dict[str, TermsRuling]:
    """By the name of each category reserved, which rules hold of it today for its borrower at its place, and which lost."""
    loans, kind = loan_policy(), reservation.borrower.kind
    categories = sorted({each.product.category for each in reservation.lines})
    found = {loans.terms(each).name: loans.ruling(each, kind, reservation.site_id) for each in categories}
    return {name: ruling for name, ruling in found.items() if ruling.won}
