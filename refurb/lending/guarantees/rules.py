"""What must be shown before a thing leaves, by its category; each refusal names its rule, those that lost, and what makes it possible."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TypeVar

from refurb.kernel.deeds.rulings import RuledLine, ruled
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.speech.words import day as day_said
from refurb.lending.guarantees.queries import insurances_of, trained_for
from refurb.lending.models import Borrower
from refurb.lending.terms import LOANS, LoanPolicy, Terms


class OnSiteOnly(Refusal):
    """The category is used on the spot: nothing of it is taken away."""

    code = "reservation.on_site_only"
    status = 422


class NotLentToThem(Refusal):
    """The category is not lent to this kind of borrower, or not from this place."""

    code = "reservation.not_lent"
    status = 422


class NotInsured(Conflict):
    """Nothing says that the thing would be insured."""

    code = "borrower.not_insured"


class InsuranceEnds(Conflict):
    """The insurance ends before the thing is due."""

    code = "borrower.insurance_ends"


class NotTrained(Conflict):
    """Whoever takes it away was not shown how it is used."""

    code = "borrower.not_trained"


class AlreadyBack(Conflict):
    """It was given back."""

    code = "deposit.already_back"


R = TypeVar("R", bound=Refusal)


def is_lent_away(loans: LoanPolicy, terms: Terms) -> None:
    """The category is lent, and may be taken away."""
    if terms.not_lent:
        raise _ruled(NotLentToThem(rule=terms.name, version=loans.version), loans, terms, "not_lent", _("n'est pas prêté"))
    if terms.on_site:
        raise _ruled(OnSiteOnly(rule=terms.name, version=loans.version), loans, terms, "on_site", _("sur place seulement"))


def may_leave(loans: LoanPolicy, terms: Terms, borrower: Borrower, due_on: date) -> None:
    """What the category asks of whoever takes a thing away until a day: it is lent to them, they are insured until then, and trained."""
    is_lent_away(loans, terms)
    _is_insured(loans, terms, borrower, today(), due_on)
    _is_trained(loans, terms, borrower, today())


def still_to_show(loans: LoanPolicy, terms: Iterable[Terms], borrower: Borrower, from_on: date, due_on: date) -> list[Refusal]:
    """What somebody who reserved has to show before leaving on a day, and has not shown yet; each as its refusal would say it."""
    found: list[Refusal] = []
    for each in terms:
        for asks in (partial(_is_insured, loans, each, borrower, from_on, due_on), partial(_is_trained, loans, each, borrower, from_on)):
            try:
                asks()
            except Conflict as refusal:
                found.append(refusal)
    return found


def to_bring(terms: Iterable[Terms], due_on: date) -> list[str]:
    """What whoever takes something away until a day brings along, as its categories ask; whatever somebody has shown already.

    Told to whoever reserved by a name that anybody may type: nothing of a person's certificates stands in it.
    """
    asked = list(terms)
    said = [_("une attestation d'assurance, ou un engagement sur l'honneur, jusqu'au %(day)s", day=day_said(due_on))]
    said = said if any(each.insurance for each in asked) else []
    said += [_("de quoi montrer que la formation est faite : %(name)s", name=each.name) for each in asked if each.training]
    return said + list(dict.fromkeys(each.bring for each in asked if each.bring))


def is_insured_until(loans: LoanPolicy, terms: Terms, borrower: Borrower, due_on: date) -> None:
    """Whoever has a thing is insured until a later day of return, where its category asks for that."""
    _is_insured(loans, terms, borrower, today(), due_on)


def _is_trained(loans: LoanPolicy, terms: Terms, borrower: Borrower, on: date) -> None:
    if terms.training and trained_for(borrower, terms.key, on) is None:
        refusal = NotTrained(rule=terms.named_by("training"), version=loans.version)
        raise _ruled(refusal, loans, terms, "training", _("formation demandée"))


def _is_insured(loans: LoanPolicy, terms: Terms, borrower: Borrower, on: date, due_on: date) -> None:
    if not terms.insurance:
        return
    found, told = insurances_of(borrower, on, due_on), {"rule": terms.named_by("insurance"), "version": loans.version}
    ends = found[-1].until_on if found else None
    if found and (ends is None or ends >= due_on):
        return
    refusal: Refusal = NotInsured(**told) if ends is None else InsuranceEnds(**told, until=ends, due=due_on)
    raise _ruled(refusal, loans, terms, "insurance", _("assurance demandée jusqu'au %(day)s", day=day_said(due_on)))


def _ruled(refusal: R, loans: LoanPolicy, terms: Terms, key: str, said: str) -> R:
    """With the line that asks for it; where a rule for some decided, what holds for the others stands below as lost."""
    won = RuledLine(terms.named_by(key), said)
    lost = [RuledLine(terms.name, _("la règle « %(rule)s » l'emporte", rule=terms.by[key][0]))] if key in terms.by else []
    return ruled(refusal, LOANS.name, loans.version, won, lost)
