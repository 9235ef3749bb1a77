"""What every room asks of the lines of loans: which one holds a thing, and whether it is late."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.models import Item, Loan, LoanLine


def line_out(item: Item) -> LoanLine | None:
    """The line by which the item is out now, with its loan, borrower and counts."""
    return db.session.scalar(
        select(LoanLine)
        .where(LoanLine.item_id == item.id, LoanLine.back_at.is_(None))
        .join(LoanLine.loan)
        .options(contains_eager(LoanLine.loan).joinedload(Loan.borrower), selectinload(LoanLine.counts))
    )


def last_line(item: Item) -> LoanLine:
    """The line by which the item went out last; it has gone out."""
    return db.session.scalars(
        select(LoanLine)
        .where(LoanLine.item_id == item.id)
        .options(joinedload(LoanLine.loan), selectinload(LoanLine.counts))
        .order_by(LoanLine.id.desc())
        .limit(1)
    ).one()


def is_late(on: date | None = None) -> ColumnElement[bool]:
    """Lines that should be back and are not: the day agreed on has passed."""
    return LoanLine.back_at.is_(None) & (LoanLine.due_on < (on or today()))


def days_late(line: Any, on: date | None = None) -> int:
    """By how many days a line is late; 0 when it is back or not yet due."""
    return 0 if line.back_at is not None else max(0, ((on or today()) - line.due_on).days)
