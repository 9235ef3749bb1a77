"""What every room asks of the lines of loans: which one holds a thing, and whether it is late."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.unit_of_work import held_rows
from refurb.kernel.speech.clock import today
from refurb.lending.models import Item, Loan, LoanLine

_LINES: Any = LoanLine.__table__
_OUT = Read(select(_LINES.c.id).where(_LINES.c.item_id == bindparam("item"), _LINES.c.back_at.is_(None)))
"""Asked several times of each thing that leaves or comes back, whose line the session mostly knows."""


def line_out(item: Item) -> LoanLine | None:
    """The line by which the item is out now, with its loan, borrower and counts."""
    held = next((line for line in held_rows(LoanLine) if line.item_id == item.id and line.back_at is None), None)
    if held is not None:
        return held
    number = _OUT.scalar(item=item.id)
    wide = (joinedload(LoanLine.loan).joinedload(Loan.borrower), selectinload(LoanLine.counts))
    return db.session.get(LoanLine, number, options=wide) if number is not None else None


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
