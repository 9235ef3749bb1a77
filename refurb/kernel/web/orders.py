"""The orders in which a list can be read: by which column, up or down, and what its headings and its select lead to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for
from sqlalchemy import ColumnElement, case

from refurb.kernel.speech.words import _l

SORTED_AT_MOST = 5_000
"""As many rows are sorted without an index; a longer list stands only in the orders that its indexes have."""
ASKED = "tri"
_LONGEST = 40


class Compared(StrEnum):
    """What is compared, and so how its two directions are said."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    STEPS = "steps"


_SAID: Mapping[Compared, tuple[Any, Any]] = {
    Compared.TEXT: (_l("%(column)s : de A à Z"), _l("%(column)s : de Z à A")),
    Compared.DATE: (_l("%(column)s : ancien d'abord"), _l("%(column)s : récent d'abord")),
    Compared.NUMBER: (_l("%(column)s : petit d'abord"), _l("%(column)s : grand d'abord")),
    Compared.STEPS: (_l("%(column)s : par étape"), _l("%(column)s : à rebours")),
}


@dataclass(frozen=True)
class ListOrder:
    """One column by which a list can be sorted: its name in the address, its word, and what is compared, from the least.

    `indexed` says that an index gives this order however many rows there are. `one_way` is one that is only read as it stands.
    """

    name: str
    word: Any
    by: tuple[Any, ...]
    sort: Compared = Compared.TEXT
    indexed: bool = False
    one_way: bool = False

    def clauses(self, tie: Any, *, down: bool) -> tuple[ColumnElement[Any], ...]:
        """The ORDER BY, the tie broken; what is not known comes last, but where an index says how the rows stand."""
        by = (*self.by, tie)
        turned = tuple(each.desc() for each in by) if down and not self.one_way else by
        return turned if self.indexed or self.one_way else tuple(each.nulls_last() for each in turned)


@dataclass(frozen=True)
class ListOrders:
    """All the orders of one list; `start` is the one in which it opens, with a minus where it reads down; `tie` a unique column."""

    start: str
    tie: Any
    columns: tuple[ListOrder, ...]

    def chosen(self, asked: str, total: int) -> "OrderChosen":
        """The order that was asked for, among those that a list of this length has; nonsense is the order in which it opens."""
        fits = {each.name: each for each in self.columns if each.indexed or total <= SORTED_AT_MOST}
        name, down = asked.removeprefix("-"), asked.startswith("-")
        if name not in fits or (down and fits[name].one_way):
            name, down = self.start.removeprefix("-"), self.start.startswith("-")
        return OrderChosen(self, fits, next(each for each in self.columns if each.name == name), down)


@dataclass(frozen=True)
class OrderChosen:
    """The order in which a list stands, and the others that it has."""

    orders: ListOrders
    fits: Mapping[str, ListOrder]
    order: ListOrder
    down: bool

    @property
    def by(self) -> tuple[ColumnElement[Any], ...]:
        """As a query takes it."""
        return self.order.clauses(self.orders.tie, down=self.down)

    @property
    def asked(self) -> str:
        """As the address says it; "" for the order in which the list opens."""
        told = f"-{self.order.name}" if self.down else self.order.name
        return "" if told == self.orders.start else told

    def head(self, name: str, **more: Any) -> dict[str, Any]:
        """The heading of a column, as `ui.table` draws it: a link that sorts by it, where this list can be."""
        order = next(each for each in self.orders.columns if each.name == name)
        head = {"label": order.word, **more}
        if name not in self.fits:
            return head
        standing = self.order.name == name
        if standing:
            head["sort"] = "descending" if self.down else "ascending"
        return head | {"href": _address("" if standing and order.one_way else f"-{name}" if standing and not self.down else name)}

    def choices(self) -> list[tuple[str, str]]:
        """Every order of this list for a select: its value, and how it is said. The order in which it opens is ""."""
        said = [each for order in self.fits.values() or [self.order] for each in _said(order)]
        return [("" if value == self.orders.start else value, words) for value, words in said]

    @property
    def has_all(self) -> bool:
        """Whether this list can be sorted by each of its columns."""
        return len(self.fits) == len(self.orders.columns)


def _said(order: ListOrder) -> list[tuple[str, str]]:
    if order.one_way:
        return [(order.name, str(order.word))]
    up, down = (str(each) % {"column": order.word} for each in _SAID[order.sort])
    return [(order.name, up), (f"-{order.name}", down)]


def _address(asked: str) -> str:
    """The address of the same list in another order, from its first page."""
    kept = _kept(ASKED, "page")
    told = urlencode([*kept, (ASKED, asked)] if asked else kept)
    return f"{quote(request.path)}?{told}" if told else quote(request.path)


def _kept(*but: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.args.items(multi=True) if name not in but and value]


def file_address(endpoint: str, form: str) -> str:
    """The address of the list of this page as a file: the same filter, the same order, all its pages."""
    told = urlencode(_kept("page"))
    return url_for(endpoint, form=form) + (f"?{told}" if told else "")


def order_asked() -> str:
    """The order that the address asks for, as it was typed."""
    return request.args.get(ASKED, "")[:_LONGEST]


def steps_of(column: Any, words: Any) -> ColumnElement[int]:
    """A column of words compared as they follow each other here, not by their letters; `words` is an enum or a table of them."""
    return case({word: place for place, word in enumerate(words)}, value=column, else_=len(words))
