"""Looking up what is recalled, and from which day on something may be."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Select, select

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.models import LoanLine
from refurb.lending.recalls.models import Recall
from refurb.lending.terms import loan_policy


def recalls_of(lines: Collection[int]) -> dict[int, Recall]:
    """The recalls that stand of some lines, by the line's number."""
    found = db.session.scalars(select(Recall).where(Recall.line_id.in_(lines), Recall.undone_at.is_(None)))
    return {each.line_id: each for each in found}


def recall_of(line: LoanLine) -> Recall | None:
    """The recall of a line, if it is recalled."""
    return recalls_of([line.id]).get(line.id)


def recalled_lines() -> Select[int]:
    """The numbers of the lines that are recalled, to be asked within another question."""
    return select(Recall.line_id).where(Recall.undone_at.is_(None))


def first_recall_day(line: LoanLine) -> date:
    """The first open day of where a line is brought back, once the notice of its category has passed. Raises `NeverOpen`."""
    loans = loan_policy()
    return loans.next_open(today() + timedelta(days=loans.terms(line.item.product.category).recall), line.loan.handing.days)
