"""Finding rows by the words somebody typed, and showing a list page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import request
from flask_babel import format_decimal
from sqlalchemy import ColumnElement, Select, func, or_, select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import holds
from refurb.kernel.speech.folding import words_of
from refurb.kernel.speech.references import read_reference
from refurb.kernel.speech.telephones import typed_number
from refurb.kernel.speech.words import _
from refurb.kernel.web.orders import OrderChosen

PER_PAGE = 50
SHORTEST_NUMBER = 4


def words_typed(typed: str) -> list[str]:
    """The words by which a folded search column is asked; a telephone number is one word however it is written."""
    number = typed_number(typed)
    return [number] if len(number) >= SHORTEST_NUMBER else words_of(typed)


def matches(column: Any, typed: str) -> ColumnElement[bool]:
    """Rows whose folded search column holds every word typed, in any order."""
    return holds(column, words_typed(typed))


def numbered(column: Any, kinds: Sequence[str], typed: str) -> ColumnElement[bool] | None:
    """The rows whose reference was typed, in whatever spelling, of these kinds; None where none of them can have been meant."""
    read = read_reference(typed)
    if read is None or (read[0] is not None and read[0] not in kinds):
        return None
    meant: ColumnElement[bool] = column.in_([f"{kind}-{read[1]}" for kind in ([read[0]] if read[0] else kinds)])
    return meant


def named_or_numbered(search: Any, column: Any, kinds: Sequence[str], typed: str) -> ColumnElement[bool]:
    """The rows that a list shows for what was typed: those of this reference, or those whose search column holds the words."""
    number = numbered(column, kinds, typed)
    return matches(search, typed) if number is None else or_(matches(search, typed), number)


@dataclass(frozen=True)
class Page:
    """One page of a list; of a long one that was not counted to its end, `total` is how many there are at least, and `more` says so."""

    rows: Sequence[Any]
    number: int
    total: int
    per_page: int = PER_PAGE
    more: bool = False
    order: OrderChosen | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def said(self) -> str:
        """How many there are, as a page says it: « 53 », « plus de 1 000 »."""
        return _("plus de %(count)s", count=format_decimal(self.total)) if self.more else str(self.total)

    def url(self, number: int) -> str:
        """The address of another page of the same list."""
        asked = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{quote(request.path)}?{urlencode([*asked, ('page', number)])}"


def page_number() -> int:
    """The page asked for, from 1; nonsense is the first page."""
    asked = request.args.get("page", "1")
    return min(max(int(asked), 1), 100_000) if asked.isdecimal() and len(asked) < 7 else 1


def paged(query: Select[*tuple[Any, ...]], number: int, *, scalars: bool = True, total: int | None = None) -> Page:
    """One page of a query, with the total, counted from the query unless it is known; the query's own order is kept."""
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    result = db.session.execute(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return Page((result.scalars() if scalars else result).all(), number, total)
