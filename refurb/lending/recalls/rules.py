"""What must hold before a thing is asked back; each refusal says what is in the way, and the nearest day that is possible."""

from datetime import date

from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.items.rules import NotOut
from refurb.lending.models import LoanLine
from refurb.lending.recalls.queries import first_recall_day, recall_of
from refurb.lending.terms import loan_policy


class AlreadyRecalled(Conflict):
    """It is recalled already: nobody is asked twice."""

    code = "recall.already"


class NotRecalled(Conflict):
    """It is not recalled: nothing is to be undone."""

    code = "recall.not_recalled"


class SaidBack(Conflict):
    """Whoever has it says that it was brought back: it is looked for first."""

    code = "recall.said_back"


class DueBefore(Conflict):
    """It comes back by itself before a recall could reach."""

    code = "recall.due_before"


class RecalledTooSoon(Refusal):
    """The day leaves less time than the notice of its category."""

    code = "recall.too_soon"
    status = 422


class RecalledTooLate(Refusal):
    """The day is not sooner than the one agreed on."""

    code = "recall.too_late"
    status = 422


class RecallClosed(Refusal):
    """Nobody is there to take it back on that day."""

    code = "recall.closed"
    status = 422


def may_be_recalled(line: LoanLine) -> date:
    """A line is out, was not asked back, and is due later than a recall may ask for; returns the first day that may be asked."""
    if line.back_at is not None:
        raise NotOut(name=line.item.name)
    if line.said_back_at is not None:
        raise SaidBack(name=line.item.name)
    if recall_of(line) is not None:
        raise AlreadyRecalled(name=line.item.name, due_on=line.due_on)
    first = first_recall_day(line)
    if first >= line.due_on:
        raise DueBefore(name=line.item.name, due_on=line.due_on, nearest=first)
    return first


def recall_day_is_possible(line: LoanLine, due_on: date) -> None:
    """The day keeps the notice, is sooner than the one agreed on, and somebody is there."""
    first = may_be_recalled(line)
    if due_on < first:
        raise RecalledTooSoon(nearest=first)
    if due_on >= line.due_on:
        raise RecalledTooLate(name=line.item.name, due_on=line.due_on)
    loans, days = loan_policy(), line.loan.handing.days
    if not loans.is_open(due_on, days):
        raise RecallClosed(due=due_on, nearest=loans.next_open(due_on, days))
