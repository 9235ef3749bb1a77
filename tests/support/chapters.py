"""Chapters of the story: what is made once by the same actions is found the next time as it was left, in a database of one's own.

    @chapter
    def laptop() -> Device: ...

A worker remembers what a chapter wrote, and what it returned, by all the chapters told before it in the same test. Told
again after the same ones, it is not acted out: the test's database is given those rows, and the same objects are read from it.
As soon as anything else has written, in the clock's past, or with other settings, it is acted out. Only what stands in the story is
a chapter (a laptop, a loan); deeds, which tests are about, are always done.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from threading import current_thread, main_thread
from time import process_time
from typing import Any, Final, ParamSpec, TypeVar

from flask import current_app
from sqlalchemy import Engine, event, inspect, make_url

from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock

P = ParamSpec("P")
R = TypeVar("R")

READING: Final = ("SELECT", "PRAGMA", "BEGIN")
PLAIN: Final = (str, bytes, int, float, date, type(None))  # an enumeration's member and a moment are among them
LONG: Final = 0.05
"""Seconds of the processor; a page costs a tenth of it."""
MOST: Final = 600
"""Of the pages that a worker keeps; a page is half a megabyte of a SQLite database's log, or a few kilobytes of rows."""


class _Unkeepable(TypeError):
    """Something that cannot be found again in another database."""


@dataclass(frozen=True)
class _Page:
    """What a chapter left: the database, the files, and what it returned."""

    database: Any
    files: Path | None
    told: Any


@dataclass
class Shelf:
    """Everything a worker remembers of one kind of database; `standing` is one of `tests.support.standing`."""

    standing: Any
    folder: Path
    numbers: dict[Any, int] = field(default_factory=dict)
    told: Counter[int] = field(default_factory=Counter)
    pages: dict[int, _Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.address = make_url(self.standing.url)
        self.pages[0] = _Page(self.standing.beginning, None, (type(None), None))

    def number(self, key: Any) -> int:
        """The number of a chapter told after the others in the key; the empty story's is 0."""
        return self.numbers.setdefault(key, len(self.numbers) + 1)


@dataclass
class _Reading:
    """One test's way through the story: after which chapter its database stands, or None when something else was written."""

    shelf: Shelf
    here: int | None = 0


_readings: Final[list[_Reading]] = []


@contextmanager
def reading(shelf: Shelf) -> Iterator[None]:
    """Within the block, a test reads the story from its beginning; its database is settled and holds nothing else."""
    _readings.append(_Reading(shelf))
    try:
        yield
    finally:
        _readings.pop()


@event.listens_for(Engine, "before_cursor_execute")
def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if _readings and not statement.startswith(READING):
        _readings[-1].here = None


def chapter(function: Callable[P, R]) -> Callable[P, R]:
    """Remember what this function of the story leaves and returns."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        current = _readings[-1] if _readings else None
        number = _number(current, name, args, kwargs) if current else None
        if current is None or number is None:
            return function(*args, **kwargs)
        if number in current.shelf.pages:
            return _turn_to(current, number)
        began = process_time()
        result = function(*args, **kwargs)
        _keep(current, number, result, process_time() - began)
        return result

    return told


def _number(current: _Reading, name: str, args: Any, kwargs: Any) -> int | None:
    """The chapter's number; None where it must be acted out."""
    if current.here is None or current_thread() is not main_thread():
        return None
    if clock._told.get() is not None or db.session.info.get("unit") or db.engine.url != current.shelf.address:
        return None
    settings = repr(sorted(current_app.config.items()))
    try:
        return current.shelf.number((current.here, name, _frozen(args), _frozen(kwargs), settings, clock.today()))
    except _Unkeepable:
        return None


def _frozen(told: Any) -> Any:
    """The same as something to look up, rows by their keys."""
    if isinstance(told, PLAIN):
        return type(told), told
    if isinstance(told, Base):
        identity = inspect(told).identity
        if identity is None:
            raise _Unkeepable
        return type(told), identity
    if isinstance(told, list | tuple):
        return type(told), tuple(map(_frozen, told))
    if isinstance(told, dict):
        return dict, tuple((key, _frozen(each)) for key, each in told.items())
    if is_dataclass(told):
        return type(told), _frozen([getattr(told, each.name) for each in fields(told)])
    raise _Unkeepable


def _alive(frozen: Any) -> Any:
    """What a chapter returned, read again from the database."""
    kind, told = frozen
    if issubclass(kind, Base):
        return db.session.get_one(kind, told)
    if kind in {list, tuple}:
        return kind(map(_alive, told))
    if kind is dict:
        return {key: _alive(each) for key, each in told}
    return _alive_dataclass(kind, told) if is_dataclass(kind) else told


def _alive_dataclass(kind: type, frozen: Any) -> Any:
    return kind(**{each.name: value for each, value in zip(fields(kind), _alive(frozen), strict=True)})


def _keep(current: _Reading, number: int, result: Any, took: float) -> None:
    """Remember a chapter that took long, or is told a second time: what is short and told once only is not worth a page."""
    shelf = current.shelf
    shelf.told[number] += 1
    if (took > LONG or shelf.told[number] > 1) and len(shelf.pages) < MOST:
        try:
            told = _frozen(result)
        except _Unkeepable:
            return
        _let_go()
        database = shelf.standing.keep()
        if database is not None:
            files = Path(current_app.config["FILES"])
            kept = Path(shutil.copytree(files, shelf.folder / f"{number}.files")) if files.is_dir() else None
            shelf.pages[number] = _Page(database, kept, told)
    current.here = number


def _turn_to(current: _Reading, number: int) -> Any:
    page, now = current.shelf.pages[number], current.shelf.pages.get(current.here or 0)
    _let_go()
    current.shelf.standing.turn_to(page.database, now and now.database)
    if page.files is not None:
        shutil.copytree(page.files, current_app.config["FILES"], dirs_exist_ok=True)
    with unit_of_work():
        pass  # Whatever this process keeps until something is written is out of date.
    current.here = number
    return _alive(page.told)


def _let_go() -> None:
    """Let nothing be in the middle of anything; what was read is read again."""
    db.session.rollback()
    db.session.expire_all()
