"""A list as one question, asked page by page for the screen and whole for a spreadsheet: what the filter shows is what is exported."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.web.orders import ListOrders
from refurb.kernel.web.search import Page, paged

EXPORTED_AT_MOST = 50_000
"""Rows of one spreadsheet: some ten seconds of a processor; a longer list is narrowed first."""
_AT_ONCE = 500


class TooManyRows(Refusal):
    """What the filter leaves is too long for one spreadsheet."""

    code = "export.too_many"
    status = 422


@dataclass(frozen=True)
class Listing:
    """The rows that a filter leaves, in no order yet, and the orders they can stand in.

    `count` says how many there are, where that is known otherwise than by counting them; `shaped` makes what is shown of some rows.
    """

    query: Select[*tuple[Any, ...]]
    orders: ListOrders
    count: Callable[[], int] | None = None
    scalars: bool = False
    shaped: Callable[[Sequence[Any]], Sequence[Any]] | None = None

    def total(self) -> int:
        """How many rows there are."""
        if self.count is not None:
            return self.count()
        return db.session.scalar(select(func.count()).select_from(self.query.order_by(None).subquery())) or 0

    def page(self, number: int, asked: str = "") -> Page:
        """One page, in the order asked for where the list has it."""
        total = self.total()
        order = self.orders.chosen(asked, total)
        found = paged(self.query.order_by(None).order_by(*order.by), number, scalars=self.scalars, total=total)
        return replace(found, rows=self.shaped(found.rows) if self.shaped else found.rows, order=order)

    def every(self, asked: str = "") -> Iterator[Any]:
        """All the rows in the order of the page, a few at a time. Raises `TooManyRows` before the first."""
        total = self.total()
        if total > EXPORTED_AT_MOST:
            raise TooManyRows(most=EXPORTED_AT_MOST)
        return self._read(self.query.order_by(None).order_by(*self.orders.chosen(asked, total).by))

    def _read(self, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
        result: Any = db.session.execute(query, execution_options={"yield_per": _AT_ONCE})
        for rows in (result.scalars() if self.scalars else result).partitions(_AT_ONCE):
            yield from self.shaped(rows) if self.shaped else rows
