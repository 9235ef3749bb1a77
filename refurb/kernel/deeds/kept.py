"""What a process keeps between two requests, and how long that is true: until the next deed of anybody, in whatever process."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from flask import current_app, g
from sqlalchemy import String, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.unit_of_work import commits

T = TypeVar("T")

AT_MOST_SECONDS = 5.0
"""What leaves no trace in the history (a clock that goes on, a row that nobody did anything to) is read again after this."""


class Version(FunctionElement[str]):
    """A word that is another one when anybody has done something: on SQLite the last deed of the history, on PostgreSQL what is seen."""

    type = String()
    inherit_cache = True


@compiles(Version, "sqlite")
def _of_sqlite(*_asked: Any, **_options: Any) -> str:
    return "(SELECT max(id) FROM events)"


@compiles(Version, "postgresql")
def _of_postgresql(*_asked: Any, **_options: Any) -> str:
    return "CAST(pg_current_snapshot() AS VARCHAR)"


_VERSION = Read(select(Version().label("version")))


def note_version(version: str) -> None:
    """Use in this request the version that a statement has brought along; what is read after it is at least as new."""
    g.version = version


ASKED: Final = "asked once"


@contextmanager
def asks_once() -> Iterator[None]:
    """Within a unit, ask once for each thing that is kept: for deeds that write none of it, as a decorator or a block.

    What must be true under a lock is asked within a block that begins after it is held.
    """
    info = db.session().info
    if ASKED in info:
        yield
        return
    info[ASKED] = {}
    try:
        yield
    finally:
        info.pop(ASKED, None)


def kept(name: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, or gave under this name since the last deed; within a unit of work what it gives now (but see `asks_once`)."""
    if db.session.registry.has() and db.session().info.get("unit"):
        asked: dict[Hashable, T] | None = db.session().info.get(ASKED)
        if asked is None:
            return read()
        if name not in asked:
            asked[name] = read()
        return asked[name]
    if "version" not in g:
        note_version(_VERSION.scalar())
    store: dict[Hashable, tuple[tuple[str, int], float, T]] = current_app.extensions.setdefault("kept", {})
    # The commits of this process count too: not every one of them leaves its trace in the history.
    version, clock = (g.version, commits.count), time.monotonic()
    found = store.get(name)
    if found is None or found[0] != version or found[1] < clock:
        found = store[name] = (version, clock + AT_MOST_SECONDS, read())
    return found[2]
