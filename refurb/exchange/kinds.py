"""Each kind of row that can be brought in: its columns (a schema), who may, how one is known again, and how one is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from refurb.exchange.headings import Headings
from refurb.exchange.words import ExchangeKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.errors import Fault

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class AlreadyHere:
    """The record that a row is about: its id, and what leads to its page; `complete` where the row would add to it."""

    id: int
    endpoint: str
    where: Mapping[str, str]
    complete: bool = False


@dataclass(frozen=True, kw_only=True)
class RowKind:
    """One kind of row.

    `schema` has a field for each column; what it refuses stands in the cell. `keys` are the normal forms by which two rows of one table
    are the same; `find` asks the database for what a row is about; `store` writes it, in the actor's name. `choices` is the schema of what
    the confirmation asks besides, where it asks anything.
    """

    kind: ExchangeKind
    icon: str
    title: Any
    about: Any
    permission: Permission
    schema: type[Schema]
    headings: Headings
    one_of: tuple[frozenset[str], ...]
    """Columns without which no row can be understood: at least all those of one of these."""
    keys: Callable[[Facts], set[str]]
    find: Callable[[Facts], AlreadyHere | None]
    store: Callable[[Actor, Facts, Facts], None]
    complete: Callable[[Actor, int, Facts], None] | None = None
    check: Callable[[Facts], None] | None = None
    unlike: Callable[[Facts, int], Fault | None] | None = None
    """What is said of a row that says what the row of this number said, and may mean another thing all the same: it is left out."""
    choices: type[Schema] | None = None
    endpoint: str = ""
    """The list where the result is seen."""
